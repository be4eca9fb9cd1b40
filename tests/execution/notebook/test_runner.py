"""Whatever a notebook does is a result: a real kernel, and the worst that can run in one."""

import gc
from pathlib import Path

import pytest
import zmq
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from nightbook.execution.body import BodyResult
from nightbook.execution.notebook.kernels import KernelError
from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt

ENDLESS = {
    "sleeps": "import time; time.sleep(1e6)",
    "ignores signals": """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(1e6)
""",
    "holds the interpreter": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "floods its output": "while True: print('x' * 1000)",
    "waits for a child": "import subprocess; subprocess.run(['sleep', '1000000'])",
}


@pytest.fixture
def attempt(tmp_path: Path, kernels: str) -> Attempt:  # noqa: ARG001 every test has both kinds of kernel
    return Attempt(tmp_path)


def test_a_notebook_that_ends_is_a_success_with_its_outputs(attempt: Attempt) -> None:
    result = attempt.run(
        "import os\nprint(os.environ['GREETING'], os.environ['OMP_NUM_THREADS'])", "", "1 + 1"
    )

    assert result == BodyResult(Outcome.SUCCESS)
    assert attempt.texts()[0] == "hello 1\n"
    assert [(cell.index, cell.failed) for cell in attempt.cells] == [(1, False), (2, False)]
    assert all(cell.start_ns < cell.end_ns for cell in attempt.cells)
    assert not attempt.folder.kernel_log.exists()


def test_no_connection_to_a_kernel_is_left_for_the_garbage_collector(attempt: Attempt) -> None:
    """It would hang, for ever, on messages that the dead kernel has not read."""
    attempt.run("1 / 0")
    attempt.run("")

    assert [context for context in _contexts() if not context.closed] == []


@pytest.mark.promise("An exception is in the record, with its type, its message and its traceback.")
def test_an_exception_is_a_failure_with_a_plain_traceback(attempt: Attempt) -> None:
    result = attempt.run("print('before')", "1 / 0", "print('after')")

    assert result.outcome is Outcome.FAILURE
    assert result.error is not None
    assert result.error.last_line == "ZeroDivisionError: division by zero"
    assert "----> 1 1 / 0" in result.error.traceback
    assert "\x1b" not in result.error.traceback
    assert attempt.texts() == ["before\n", "division by zero", ""]
    assert [cell.failed for cell in attempt.cells] == [False, True]


def test_an_allowed_exception_does_not_end_the_notebook(attempt: Attempt) -> None:
    result = attempt.run("try:\n    1 / 0\nexcept ZeroDivisionError:\n    print('caught')")

    assert result.outcome is Outcome.SUCCESS


@pytest.mark.promise("A process that dies is one failed attempt, whose reason is told.")
def test_a_killed_kernel_is_a_failure_that_says_so(attempt: Attempt) -> None:
    result = attempt.run("1", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")

    assert result.outcome is Outcome.FAILURE
    assert result.error is not None
    assert result.error.type == "DeadKernelError"
    assert "in cell 2 of 2" in result.error.message


@pytest.mark.promise("An attempt ends at its deadline, whatever it does.")
@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_a_notebook_that_never_ends_is_stopped(attempt: Attempt, source: str, kernels: str) -> None:
    result = attempt.run("print('began')", source, timeout_s=10 if kernels == "fresh" else 5)

    assert result.outcome is Outcome.TIMEOUT
    assert result.error is not None
    assert "in cell 2 of 2" in result.error.message
    assert attempt.texts()[0] == "began\n"


def test_output_is_capped_and_says_so(attempt: Attempt) -> None:
    attempt.run("for i in range(100_000):\n    print(i)", "print('next')")

    flooded, following = attempt.texts()
    assert flooded.startswith("0\n1\n2\n")
    assert 9_000 < len(flooded) < 11_000
    assert "max_output_bytes in luigi.cfg" in flooded
    assert following == "next\n"


def test_a_cleared_output_gives_its_room_back(attempt: Attempt) -> None:
    attempt.run(
        "from IPython.display import clear_output\n"
        "for i in range(50):\n    clear_output()\n    print(str(i) * 1000, flush=True)"
    )

    assert attempt.texts()[0] == "49" * 1000 + "\n"


def test_a_traceback_is_kept_after_a_flood(attempt: Attempt) -> None:
    result = attempt.run("print('x' * 100_000)\nraise ValueError('the end')")

    assert result.error is not None
    assert result.error.last_line == "ValueError: the end"
    assert "ValueError: the end" in result.error.traceback


def test_a_long_line_costs_no_more_than_its_length(attempt: Attempt) -> None:
    """A regular expression of nbclient's would take hours for this."""
    attempt.max_output_bytes = 10_000_000
    result = attempt.run(
        "import sys\nfor _ in range(40):\n    sys.stdout.write('y' * 100_000)\nprint('', file=sys.stderr)"
    )

    assert result.outcome is Outcome.SUCCESS
    assert attempt.texts()[0].count("y") == 4_000_000


def test_a_progress_bar_is_stored_as_it_is_seen_last(attempt: Attempt) -> None:
    attempt.run("for i in range(5):\n    print(f'\\r{i}/4', end='')\nprint('\\r\\ndone')")

    assert attempt.texts() == ["4/4\ndone\n"]


def test_a_huge_exception_is_cut(attempt: Attempt) -> None:
    result = attempt.run("raise ValueError('é' * 2_000_000)")

    assert result.error is not None
    assert len(result.error.message) == 4_000
    assert attempt.folder.notebook.stat().st_size < 200_000


def test_a_kernel_that_is_not_installed_is_named(attempt: Attempt) -> None:
    with pytest.raises(KernelError, match="the kernel 'fortran' is not installed"):
        attempt.run("1", kernel="fortran")


SUCCESSES = {
    "sys.exit(0)": "import sys; sys.exit(0)",
    "sys.exit()": "import sys; sys.exit()",
    "sys.exit(None)": "import sys; sys.exit(None)",
    "SystemExit": "raise SystemExit",
    "exit()": "exit()",
    "quit()": "if True:\n    quit()",
    "function": "def stop():\n    exit(0)\nstop()",
    "finally": "try:\n    exit()\nfinally:\n    print('finally')",
    "async": "async def stop():\n    exit()\nawait stop()",
    "%time": "%time exit()",
}
FAILURES = {
    "exit(3)": ("exit(3)", "exit status 3 in cell 1 of 2"),
    "quit(3)": ("quit(3)", "exit status 3 in cell 1 of 2"),
    "sys.exit(3)": ("import sys; sys.exit(3)", "exit status 3"),
    "-1": ("import sys; sys.exit(-1)", "exit status 255"),
    "text": ("import sys; sys.exit('no data')", "no data"),
    "text of a number": ("raise SystemExit('0')", "0"),
    "async": ("async def stop():\n    exit(2)\nawait stop()", "exit status 2"),
}


@pytest.mark.parametrize("source", SUCCESSES.values(), ids=SUCCESSES)
def test_an_exit_with_status_0_is_the_end_and_a_success(attempt: Attempt, source: str) -> None:
    result = attempt.run("print('before')", f"{source}\nprint('rest of the cell')", "print('after')", "")

    assert result == BodyResult(Outcome.SUCCESS, None, "ended by exit() in cell 2; 1 cell did not run")
    texts = attempt.texts()
    assert texts[0] == "before\n"
    assert "rest of the cell" not in texts[1]
    assert "SystemExit" not in texts[1]
    assert "To exit" not in texts[1]
    assert texts[2] == ""
    assert [(cell.index, cell.failed) for cell in attempt.cells] == [(1, False), (2, False)]


@pytest.mark.parametrize(
    "source",
    [
        "exit",
        "1\nexit",
        "quit;",
        "if True:\n    exit\n1",
        "def stop():\n    quit\nstop()\n1",
        "async def stop():\n    exit()\nawait stop()",
        "async def stop():\n    raise SystemExit\nawait stop()",
    ],
)
def test_an_exit_in_the_first_cell_needs_no_parentheses_and_no_cell_before(
    attempt: Attempt, source: str
) -> None:
    assert attempt.run(source, "1").ended_by == "ended by exit() in cell 1; 1 cell did not run"


def test_an_exit_in_the_last_cell_is_said_to_be_there(attempt: Attempt) -> None:
    result = attempt.run("1", "exit()")

    assert result == BodyResult(Outcome.SUCCESS, None, "ended by exit() in cell 2, the last")


@pytest.mark.parametrize(("source", "message"), FAILURES.values(), ids=FAILURES)
def test_an_exit_with_another_status_is_a_failure(attempt: Attempt, source: str, message: str) -> None:
    result = attempt.run(source, "print('after')")

    assert result.outcome is Outcome.FAILURE
    assert result.error is not None
    assert result.error.type == "SystemExit"
    assert message in result.error.message
    assert result.ended_by == "ended by exit() in cell 1; 1 cell did not run"
    assert attempt.texts()[1] == ""
    assert [cell.failed for cell in attempt.cells] == [True]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    exit()\nexcept SystemExit:\n    pass",
        "%%bash\nexit 0",
        "exit = 5\nexit",
        "def exit():\n    return 5\nstop = exit\nexit",
        "for exit in (1, 2):\n    exit",
        "import pathlib\npathlib.Path('a.py').write_text('import sys; sys.exit(0)')\n%run a.py",
    ],
)
def test_what_is_no_exit_of_the_notebook_does_not_end_it(attempt: Attempt, source: str) -> None:
    result = attempt.run(source, "print('after')")

    assert result == BodyResult(Outcome.SUCCESS)
    assert attempt.texts()[1] == "after\n"


def test_a_script_that_fails_in_run_ends_the_notebook(attempt: Attempt) -> None:
    (attempt.folder.path / "a.py").write_text("import sys\nsys.exit(3)\n")

    result = attempt.run("%run a.py", "print('after')")

    assert result.error is not None
    assert "exit status 3 in cell 1 of 2" in result.error.message
    assert attempt.texts()[1] == ""


def test_a_module_of_the_notebooks_can_end_them(attempt: Attempt) -> None:
    (attempt.folder.path / "shared_end.py").write_text("def end():\n    exit(5)\n")

    result = attempt.run("import shared_end\nshared_end.end()", "print('after')")

    assert result.error is not None
    assert "exit status 5 in cell 1 of 2" in result.error.message


def test_a_shell_cell_that_fails_is_a_failure(attempt: Attempt) -> None:
    result = attempt.run("%%bash\nexit 3", "print('after')")

    assert result.error is not None
    assert result.error.type == "CalledProcessError"


def test_a_kernel_that_ends_its_process_is_a_failure(attempt: Attempt) -> None:
    result = attempt.run("import os; os._exit(0)", "print('after')")

    assert result.error is not None
    assert result.error.type == "DeadKernelError"


def test_a_notebook_is_not_imported_in_place_of_a_package(attempt: Attempt) -> None:
    cell = "# %%\nraise ImportError('this is a notebook')\n"
    for name in ("feedgenerator", "zmq", "only_here"):
        (attempt.folder.path / f"{name}.py").write_text(cell)
    (attempt.folder.path / "pelican.py").write_text("OURS = True\n")
    (attempt.folder.path / "shared").mkdir()
    (attempt.folder.path / "shared" / "__init__.py").write_text("HERE = True\n")

    result = attempt.run(
        "import feedgenerator, zmq, pelican, shared\nprint(zmq.__name__, pelican.OURS, shared.HERE)",
        "import only_here",
    )

    assert attempt.texts()[0] == "zmq True True\n"
    assert result.error is not None
    assert result.error.message == "this is a notebook"


def test_a_kernel_has_no_name_more_than_others(attempt: Attempt) -> None:
    attempt.run(
        "print([name for name in dir() if 'nightbook' in name or name in ('set_up', 'names', 'sys')])"
    )

    assert attempt.texts() == ["[]\n"]


@pytest.mark.parametrize(("deaths", "outcome"), [(1, Outcome.SUCCESS), (2, None)])
def test_a_kernel_that_dies_at_start_is_started_once_more(
    attempt: Attempt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int, outcome: Outcome | None
) -> None:
    kernels = tmp_path / "kernels" / "shaky"
    kernels.mkdir(parents=True)
    starts = tmp_path / "starts"
    starts.touch()
    script = (
        f"import pathlib, sys; p = pathlib.Path({str(starts)!r}); p.write_text(p.read_text() + 'x')\n"
        f"if len(p.read_text()) <= {deaths}: sys.exit('no luck')\n"
        "from ipykernel.kernelapp import launch_new_instance; launch_new_instance(sys.argv[1:])"
    )
    (kernels / "script.py").write_text(script)
    (kernels / "kernel.json").write_text(
        f'{{"argv": ["python", "{kernels}/script.py", "-f", "{{connection_file}}"], '
        '"display_name": "shaky", "language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    if outcome is None:
        with pytest.raises(KernelError, match="no luck"):
            attempt.run("1", kernel="shaky")
    else:
        assert attempt.run("1", kernel="shaky").outcome is outcome
    assert len(starts.read_text()) == 2


def test_a_timeout_while_the_kernel_starts_is_a_timeout(attempt: Attempt) -> None:
    result = attempt.run("1", timeout_s=0.001)

    assert result.outcome is Outcome.TIMEOUT
    assert result.error is not None
    assert "while it started" in result.error.message


def _contexts() -> list[zmq.Context[zmq.Socket[bytes]]]:
    return [known for known in gc.get_objects() if isinstance(known, zmq.Context)]


def tagged(source: str, *tags: str) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags)})


def test_a_cell_may_be_skipped_and_counts_as_none(attempt: Attempt) -> None:
    result = attempt.run_cells(tagged("1 / 0", "skip-execution"), tagged("print('done')"))

    assert result == BodyResult(Outcome.SUCCESS)
    assert attempt.texts() == ["", "done\n"]
    assert [cell.index for cell in attempt.cells] == [1]


def test_a_cell_may_raise_what_is_no_failure_and_no_part_of_a_later_one(attempt: Attempt) -> None:
    result = attempt.run_cells(tagged("int('allowed')", "raises-exception"), tagged("int('fatal')"))

    assert result.error is not None
    assert "fatal" in result.error.traceback
    assert "allowed" not in result.error.traceback


def test_half_of_a_surrogate_pair_is_kept(attempt: Attempt) -> None:
    result = attempt.run_cells(
        new_markdown_cell("half \ud800"), new_code_cell("print('\\ud800')\nprint('done')")
    )

    assert result == BodyResult(Outcome.SUCCESS)
    assert attempt.saved().cells[0].source == "half \ud800"


WIDGET = """
from comm import create_comm
state = {"_model_name": "IntProgressModel", "_model_module": "controls", "value": 0, "max": 5}
bar = create_comm(target_name="jupyter.widget", data={"state": state})
display({"application/vnd.jupyter.widget-view+json": {"model_id": bar.comm_id}}, raw=True)
for value in range(6):
    bar.send({"method": "update", "state": {"value": value}})
"""


def test_the_last_state_of_a_widget_is_in_the_notebook_also_after_a_failure(attempt: Attempt) -> None:
    result = attempt.run(WIDGET, "1 / 0")

    assert result.outcome is Outcome.FAILURE
    (widgets,) = attempt.saved().metadata.widgets.values()
    assert [model.state.value for model in widgets.state.values()] == [5]
