import time
from collections.abc import Callable, Iterator

import pytest

from nightbook.clock import (
    AWAKE,
    Clock,
    clock_from_text,
    process_clock,
    restart_process_clock,
)

HOUR_NS = 3600 * 10**9
MOMENT_NS = 60 * 10**9  # what the lines of a test take at most


@pytest.fixture(autouse=True)
def _own_clock() -> Iterator[None]:
    yield
    process_clock.cache_clear()


@pytest.fixture
def set_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the clock on the wall by so many nanoseconds."""
    real = time.time_ns
    return lambda offset_ns: monkeypatch.setattr(time, "time_ns", lambda: real() + offset_ns)


@pytest.mark.parametrize("offset_ns", [-HOUR_NS, HOUR_NS])
def test_a_clock_goes_on_while_the_one_on_the_wall_is_set(
    offset_ns: int, set_by: Callable[[int], None]
) -> None:
    clock = Clock.from_wall()
    before = clock.now_ns()
    set_by(offset_ns)

    assert 0 <= clock.now_ns() - before < MOMENT_NS
    assert abs(clock.now_ns() - time.time_ns() + offset_ns) < MOMENT_NS


def test_what_begins_takes_the_time_on_the_wall(set_by: Callable[[int], None]) -> None:
    before = process_clock().now_ns()
    set_by(-HOUR_NS)

    assert process_clock().now_ns() > before
    restart_process_clock()
    assert process_clock().now_ns() < before


def test_a_laptop_that_has_slept_has_elapsed_and_was_not_awake(monkeypatch: pytest.MonkeyPatch) -> None:
    record, intervals = Clock.from_wall(), Clock.from_wall(AWAKE)
    count = time.clock_gettime_ns
    monkeypatch.setattr(
        time, "clock_gettime_ns", lambda source: count(source) + (0 if source == AWAKE else HOUR_NS)
    )

    assert abs(record.now_ns() - time.time_ns() - HOUR_NS) < MOMENT_NS
    assert abs(intervals.now_ns() - time.time_ns()) < MOMENT_NS


def test_another_process_goes_on_with_a_clock() -> None:
    clock = Clock(17)

    assert clock_from_text(clock.to_text()) == clock


@pytest.mark.parametrize("text", ["", "17", "17@another-start-of-a-machine", "²@", "x" + Clock(17).to_text()])
def test_the_clock_of_another_machine_is_of_no_use(text: str) -> None:
    assert clock_from_text(text) == process_clock()
