"""A command as a body: its variables, its exit code, its deadline."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from nightbook.execution.attempt import AttemptFailedError, make_attempt
from nightbook.execution.body import BodyError, Paths
from nightbook.execution.script.body import ScriptBody
from nightbook.execution.script.environment import script_variables
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Attempt, Outcome
from nightbook.record.read.reader import read_run
from tests.support.attempts import declared_job
from tests.support.recording import RUN_ID


def body(command: list[str] | str, inputs: "Paths | None" = None) -> ScriptBody:
    return ScriptBody(command, "Work", {"size": 3, "name": "a b"}, inputs, {"MOOD": "good"}, 10_000)


def attempt_of(path: Path, body: ScriptBody, *, timeout_s: float = 60) -> Attempt:
    job = declared_job(path, body, timeout_s=timeout_s)
    with suppress(AttemptFailedError):
        make_attempt(job, lambda _: None)
    return read_run(path / RUN_ID).task("work").attempts[-1]


def test_it_gets_parameters_and_paths_as_variables(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "names.txt").write_text("b\na\n")
    line = 'sort < "$INPUTS/names.txt" > "$OUTPUT_DIR/out.txt"; echo "$PARAM_SIZE $PARAM_NAME $MOOD" >&2'

    attempt = attempt_of(tmp_path, body(line, tmp_path / "in"))

    task = RunFolder(tmp_path / RUN_ID).task("work")
    assert attempt.error is None
    assert (task.output / "out.txt").read_text() == "a\nb\n"
    assert task.attempt(1).output_log.read_text() == "3 a b good\n"
    assert task.attempt(1).source.read_text() == f"{line}\n"


def test_structured_inputs_are_json() -> None:
    variables = script_variables({"path": [1, None]}, {"made": [Path("/a"), Path("/b")]}, Path("/out"))

    assert variables == {"PARAM_PATH": "[1, null]", "INPUTS": '{"made": ["/a", "/b"]}', "OUTPUT_DIR": "/out"}


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(BodyError, match=r"Work.command has a NUL character"):
        body(["echo", "a\0b"]).check()


def test_a_file_that_names_no_interpreter_is_a_failure_with_the_mend(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("echo never\n")
    program.chmod(0o755)

    attempt = attempt_of(tmp_path, body([str(program)]))

    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error
    assert attempt.error.message == (
        "the command cannot be executed: Exec format error: "
        "let the file begin with its interpreter, as in #!/bin/sh"
    )


def test_arguments_above_the_systems_limit_are_a_failure_with_the_mend(tmp_path: Path) -> None:
    attempt = attempt_of(tmp_path, body(["echo", "x" * 3_000_000]))

    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error
    assert "Argument list too long: hand large values over in a file" in attempt.error.message


def test_an_exit_code_is_a_failure_with_the_last_lines(tmp_path: Path) -> None:
    attempt = attempt_of(tmp_path, body(["sh", "-c", "echo first; echo no such table >&2; exit 3"]))

    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error
    assert attempt.error.type == "ExitCode"
    assert attempt.error.message == "the command ended with exit code 3: no such table"
    assert attempt.error.traceback == "first\nno such table"


@pytest.mark.promise("An attempt ends at its deadline, whatever it does.")
def test_the_deadline_ends_a_command_that_ignores_signals(tmp_path: Path) -> None:
    attempt = attempt_of(tmp_path, body("trap '' TERM INT; echo begun; sleep 300"), timeout_s=0.5)

    assert attempt.outcome is Outcome.TIMEOUT
    assert attempt.error
    assert attempt.error.traceback == "begun"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([], "is empty"),
        (" ", "is empty"),
        (["no-such-program"], "there is no program 'no-such-program'"),
        ([1], "give a list of strings"),
    ],
)
def test_a_command_that_cannot_be_run_is_refused(command: list[str] | str, said: str) -> None:
    with pytest.raises(BodyError, match=said):
        body(command).check()


LOGGING = """
import subprocess, sys
import nightbook

if len(sys.argv) == 1:  # a script may start others, and they belong to the attempt too
    nightbook.log_metric("loss", 0.5, step=1)
    nightbook.log_text("words", "words.txt")
    subprocess.run([sys.executable, __file__, "again"], check=True)
else:
    nightbook.log_metric("accuracy", 0.9)
    nightbook.log_text("more words", "more.txt")
"""


def test_what_a_script_and_its_processes_log_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(LOGGING)

    attempt = attempt_of(tmp_path, body([sys.executable, str(tmp_path / "train.py")]))

    assert (attempt.outcome, attempt.error) == (Outcome.SUCCESS, None)
    assert attempt.metrics == {"loss": 0.5, "accuracy": 0.9}
    assert {artifact.name for artifact in attempt.artifacts} == {"words.txt", "more.txt"}
    folder = tmp_path / RUN_ID / attempt.folder / "artifacts"
    assert (folder / "words.txt").read_text() == "words"
    assert read_run(tmp_path / RUN_ID).problems == ()
