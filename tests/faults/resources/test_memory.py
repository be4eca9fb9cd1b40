"""A flood of output takes little memory: of the kernel, and of the process that runs the attempt.

What the notebook itself makes is its own: a text of which it prints all is in its memory before.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook.execution.processes.supervised import supervise
from nightbook.execution.warm_kernels.client import set_warm_address
from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt

IS_NIGHTLY = os.environ.get("FAULTS") == "nightly"
FLOOD = 400_000_000 if IS_NIGHTLY else 40_000_000
CAP = FLOOD // 100
LITTLE = FLOOD // 2
_OWN_COPIES_OF_AN_ERROR = 5  # IPython formats it

PEAK = """
def peak():
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) * 1024
"""
# What floods, and how often the notebook and IPython have all of it before it is published. No text has
# characters that JSON escapes: up to a hundred messages are under way, and would be six times as large.
FLOODS = {
    "one text": ("print('x' * FLOOD)", 1),
    "lines": ("for _ in range(FLOOD // 1000): print('x' * 999)", 0),
    "errors": ("import sys\nfor _ in range(FLOOD // 1000): sys.stderr.write('x' * 999 + '\\n')", 0),
    "a program": ("import subprocess; subprocess.run(f'yes 123456789 | head -c {FLOOD}', shell=True)", 0),
    "a descriptor": ("import os\nfor _ in range(FLOOD // 100_000): os.write(1, b'x' * 100_000)", 0),
    "a page": ("from IPython.display import HTML\ndisplay(HTML('x' * FLOOD))", 2),
    "pages": ("from IPython.display import HTML\nfor _ in range(20): display(HTML('x' * (FLOOD // 20)))", 0),
    "a value": ("display('x' * FLOOD)", 2),
    "an update": ("shown = display(1, display_id=True)\nshown.update('x' * FLOOD)", 2),
    "an exception": ("raise ValueError('x' * FLOOD)", _OWN_COPIES_OF_AN_ERROR),
}


def peak_bytes() -> int:
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024


def forget_peak() -> None:
    """Let the system measure anew.

    https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
    """
    Path("/proc/self/clear_refs").write_text("5")


@pytest.fixture(params=["fresh", "warm"] if IS_NIGHTLY else ["warm"])
def kernels(request: pytest.FixtureRequest, warm_kernels: str) -> Iterator[str]:
    """Run the test with a kernel of each kind; in continuous integration with forked ones."""
    if request.param == "warm":
        set_warm_address(warm_kernels)
    yield request.param
    set_warm_address(None)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_takes_little_memory(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel captures no file descriptors
    Attempt(tmp_path / "first").run("print(1)")  # imports what each attempt needs
    attempt = Attempt(tmp_path / "flooded")
    attempt.max_output_bytes = CAP
    code, own_copies = FLOODS[kind]
    flood = f"import atexit\nfrom pathlib import Path\n{PEAK}\nbefore = peak()\nFLOOD = {FLOOD}"
    tell = f"atexit.register(lambda: Path({str(tmp_path / 'grown')!r}).write_text(str(peak() - before)))"
    forget_peak()
    before = peak_bytes()

    result = attempt.run(f"{flood}\n{tell}", code, timeout_s=900)

    assert result.outcome is (Outcome.FAILURE if kind == "an exception" else Outcome.SUCCESS), result
    assert peak_bytes() - before < LITTLE
    assert int((tmp_path / "grown").read_text()) < own_copies * FLOOD * 1.1 + LITTLE
    log = attempt.folder.kernel_log
    assert not log.exists() or log.stat().st_size < 2_000_000
    assert attempt.folder.output_log.stat().st_size <= CAP * 1.1


def test_the_output_of_a_function_or_script_takes_little_memory(tmp_path: Path) -> None:
    def start(output: int) -> int:
        arguments = ["head", "-c", str(FLOOD), "/dev/zero"]
        actions = [(os.POSIX_SPAWN_DUP2, output, 1)]
        return os.posix_spawnp("head", arguments, os.environ, file_actions=actions, setsid=True)

    forget_peak()
    before = peak_bytes()

    ending = supervise(start, log=tmp_path / "output.log", max_output_bytes=CAP, timeout_s=900)

    assert ending.exit_code == 0
    assert peak_bytes() - before < LITTLE
    assert (tmp_path / "output.log").stat().st_size <= CAP * 1.1
