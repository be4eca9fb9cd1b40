"""What a record says reaches the terminal as text: no sequence renames a window or fills a clipboard."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from nightbook.__main__ import main
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Error, Outcome
from nightbook.record.read.live import LiveRun
from nightbook.record.write.tracing import open_tracer
from nightbook.reporting.progress import live_progress
from tests.support.hostile_strings import ALL, CHARACTERS, TERMINAL
from tests.support.recording import PROVENANCE, REQUEST, RUN_ID, declared, recorded_invocation, run_attempt

# What a terminal obeys, and what turns the direction of writing; colours are ours, and only on a terminal.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def record(folder: RunFolder, text: str) -> None:
    """A failed run with the text wherever it can stand."""
    provenance = replace(PROVENANCE, branch=text, revision=text, actor=text, trigger=text)
    task = replace(declared("make"), notebook=text, parameters={"p": text})
    with recorded_invocation(folder, [task], Outcome.FAILURE, provenance, replace(REQUEST, pipeline=text)):
        run_attempt(folder, "make", outcome=Outcome.FAILURE, error=Error(text or "E", text, f"T\n{text}"))


@pytest.mark.promise("No escape sequence of a record reaches the terminal.")
@pytest.mark.parametrize(
    "command", [["show", RUN_ID], ["list"], ["logs", RUN_ID], ["show", RUN_ID, "--json"]]
)
def test_no_escape_sequence_of_a_record_reaches_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    for number, text in enumerate([*TERMINAL.values(), *CHARACTERS]):
        runs = tmp_path / str(number)
        record(RunFolder(runs / RUN_ID), text)
        (runs / RUN_ID / "tasks/make/attempt-01/output.log").write_text(f"{text}\n", errors="replace")
        main([*command, "--runs", str(runs)])
        printed = capfd.readouterr()
        if "--json" in command:
            continue  # JSON spells controls itself
        assert not OBEYED.search(printed.out.replace("\n", "")), repr(text)


def test_the_progress_spells_what_an_exception_says(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / RUN_ID)
    with recorded_invocation(folder, [declared("make")], Outcome.FAILURE), live_progress(folder, 1):
        for number, text in enumerate(ALL, start=1):
            error = Error("ValueError", text, "")
            run_attempt(folder, "make", number, Outcome.FAILURE, error)

    printed = capfd.readouterr().out
    assert printed.count("ValueError") == len(ALL)
    assert not OBEYED.search(printed.replace("\n", ""))
    assert r"\x1b]0;owned\x07text" in printed


def test_an_error_of_the_command_line_spells_what_it_names(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "\x1b]0;owned\x07"]) == 2

    assert not OBEYED.search(capfd.readouterr().err.replace("\n", ""))


def test_a_span_that_follows_no_schema_does_not_stop_the_progress(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / RUN_ID)
    live = LiveRun.from_now_on(folder.spans)
    with recorded_invocation(folder, [declared("make")]):
        with open_tracer(folder.spans / "aaa.jsonl", run_id=RUN_ID) as tracer:
            tracer.start_span("hostile", attributes={"nightbook.kind": "attempt_start"}).end()
        run_attempt(folder, "make")

    assert [type(event).__name__ for event in live.new_events()] == [
        "AttemptStarted",
        "CellDone",
        "AttemptEnded",
    ]
