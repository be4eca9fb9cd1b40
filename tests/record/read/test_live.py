import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.record.read.live import AttemptEnded, AttemptStarted, CellDone, Event, LiveRun
from nightbook.record.read.span_files import SpanFiles
from nightbook.record.write.attempt_recorder import record_attempt
from tests.support.recording import ERROR, MAKE, USE, run_attempt


@pytest.fixture
def live(folder: RunFolder) -> LiveRun:
    folder.spans.mkdir(parents=True)
    return LiveRun.from_now_on(folder.spans)


def described(live: LiveRun) -> list[str]:
    """The new events as text, in their order."""
    return [text(event) for event in live.new_events()]


def text(event: Event) -> str:
    match event:
        case AttemptStarted():
            return f"{event.task_id} {event.number} starts, {event.cell_count} cells"
        case CellDone():
            return f"{event.attempt.task_id} {event.attempt.number} cell {event.index}"
        case AttemptEnded():
            return f"{event.attempt.task_id} {event.attempt.number} {event.outcome}"


def test_an_attempt_is_followed_step_by_step(folder: RunFolder, live: LiveRun) -> None:
    assert described(live) == []
    with record_attempt(folder.task(USE).attempt(1), cell_count=2) as recorder:
        assert described(live) == ["use 1 starts, 2 cells"]
        recorder.cell(1, start_ns=1, end_ns=2, failed=False)
        recorder.cell(2, start_ns=3, end_ns=4, failed=True)
        assert described(live) == ["use 1 cell 1", "use 1 cell 2"]
        assert described(live) == []
        recorder.finish(Outcome.FAILURE, ERROR)

    [ended] = live.new_events()
    assert isinstance(ended, AttemptEnded)
    assert (ended.outcome, ended.error) == (Outcome.FAILURE, ERROR)
    assert ended.attempt.start_ns < ended.end_ns
    assert described(live) == []


def test_events_of_simultaneous_attempts_come_in_the_order_of_time(folder: RunFolder, live: LiveRun) -> None:
    # The files' names sort the other way round.
    with record_attempt(folder.task(USE).attempt(1), cell_count=0) as first:
        first.finish(Outcome.SUCCESS)
        with record_attempt(folder.task(MAKE).attempt(1), cell_count=0) as second:
            second.finish(Outcome.TIMEOUT)

    assert described(live) == [
        "use 1 starts, 0 cells",
        "make/size=600 1 starts, 0 cells",
        "make/size=600 1 timeout",
        "use 1 success",
    ]


def test_a_line_that_is_being_written_is_read_when_it_is_whole(folder: RunFolder, live: LiveRun) -> None:
    with record_attempt(folder.task(USE).attempt(1), cell_count=1) as recorder:
        recorder.finish(Outcome.SUCCESS)
    file = folder.task(USE).attempt(1).spans
    whole = file.read_bytes()

    heard = []
    for size in range(0, len(whole) + 1, 100):
        file.write_bytes(whole[:size])
        heard += described(live)
    file.write_bytes(whole)

    assert heard + described(live) == ["use 1 starts, 1 cells", "use 1 success"]
    assert live.files.problems == []
    assert live.files.incomplete() == []


def test_a_killed_attempt_is_interrupted_when_the_next_starts(folder: RunFolder, live: LiveRun) -> None:
    killed = folder.task(USE).attempt(1)
    with record_attempt(killed, cell_count=1):
        assert described(live) == ["use 1 starts, 1 cells"]
        killed.spans.rename(folder.path / "away")  # its end is never written
    assert described(live) == []

    with record_attempt(folder.task(MAKE).attempt(1), cell_count=0) as other:
        other.finish(Outcome.SUCCESS)
    assert described(live) == ["make/size=600 1 starts, 0 cells", "make/size=600 1 success"]

    with record_attempt(folder.task(USE).attempt(2), cell_count=1) as recorder:
        recorder.finish(Outcome.FAILURE)
    assert described(live) == ["use 1 interrupted", "use 2 starts, 1 cells", "use 2 failure"]

    with record_attempt(folder.task(USE).attempt(3), cell_count=1) as recorder:
        recorder.finish(Outcome.SUCCESS)
    assert described(live) == ["use 3 starts, 1 cells", "use 3 success"]


def test_what_was_there_before_is_left_out(folder: RunFolder) -> None:
    run_attempt(folder, MAKE)
    with record_attempt(folder.task(USE).attempt(1), cell_count=1) as old:
        live = LiveRun.from_now_on(folder.spans)
        old.cell(1, start_ns=1, end_ns=2, failed=False)
    run_attempt(folder, USE, 2)

    assert described(live) == ["use 2 starts, 1 cells", "use 2 cell 1", "use 2 success"]


def test_a_clock_that_went_back_does_not_change_the_events(folder: RunFolder, live: LiveRun) -> None:
    with record_attempt(folder.task(USE).attempt(1), cell_count=2) as recorder:
        recorder.cell(1, start_ns=20, end_ns=21, failed=False)
        recorder.cell(2, start_ns=10, end_ns=11, failed=False)
        recorder.finish(Outcome.SUCCESS)

    assert described(live) == ["use 1 starts, 2 cells", "use 1 cell 1", "use 1 cell 2", "use 1 success"]


def test_an_attempt_that_ends_later_than_the_next_begins_has_its_own_end(
    folder: RunFolder, live: LiveRun
) -> None:
    first, second = (folder.task(USE).attempt(number) for number in (1, 2))
    with record_attempt(second, cell_count=0) as recorder:  # its machine's clock is behind
        recorder.finish(Outcome.SUCCESS)
    with record_attempt(first, cell_count=0) as recorder:
        recorder.finish(Outcome.FAILURE)

    assert described(live) == [
        "use 1 starts, 0 cells",
        "use 1 failure",
        "use 2 starts, 0 cells",
        "use 2 success",
    ]


def test_a_line_is_not_half_written_because_the_file_grew_after_the_look(
    folder: RunFolder, recorded: RunFolder
) -> None:
    files = SpanFiles(folder.spans)
    files.new_spans()
    run_attempt(recorded, USE, 2)

    assert files.incomplete() == []


def test_values_and_artifacts_are_no_events(folder: RunFolder, live: LiveRun) -> None:
    run_attempt(folder, USE)

    assert described(live) == ["use 1 starts, 1 cells", "use 1 cell 1", "use 1 success"]
