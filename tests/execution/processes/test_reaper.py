"""No process of a run outlives it."""

import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psutil
import pytest

from nightbook.execution.processes.reaper import VARIABLE, reaped_processes, temporary_prefix

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_processes_and_temporary_files_are_gone_when_the_context_closes() -> None:
    with reaped_processes():
        child = subprocess.Popen(SLEEP, start_new_session=True)
        descriptor, name = tempfile.mkstemp(prefix=temporary_prefix())
        os.close(descriptor)
        prefix = temporary_prefix()

    assert child.wait(timeout=10) != 0
    assert not Path(name).exists()
    assert VARIABLE not in os.environ
    assert temporary_prefix() != prefix


@pytest.mark.promise("No process that a run has started outlives it, however the run ends.")
def test_a_daemon_without_an_environment_is_gone_when_the_context_closes(tmp_path: Path) -> None:
    """It has left its session and its parent, and shows no variable."""
    file = tmp_path / "daemon"
    daemon = f"""
        import os, subprocess
        child = subprocess.Popen({SLEEP!r}, start_new_session=True, env={{}})
        open({str(file)!r}, "w").write(str(child.pid))
    """

    with reaped_processes():
        subprocess.run([sys.executable, "-c", textwrap.dedent(daemon)], check=True, env={})
        pid = int(file.read_text())
        assert psutil.pid_exists(pid)

    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.promise("No process that a run has started outlives it, however the run ends.")
@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_processes_are_gone_when_the_main_process_ends_in_any_way(end: str) -> None:
    source = f"""
        import os, subprocess, sys
        from nightbook.execution.processes.reaper import reaped_processes
        with reaped_processes():
            child = subprocess.Popen({SLEEP!r}, start_new_session=True, stdout=subprocess.DEVNULL)
            print(child.pid, flush=True)
            {end}
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)], stdout=subprocess.PIPE, check=False
    )

    if psutil.pid_exists(int(done.stdout)):
        psutil.Process(int(done.stdout)).wait(timeout=10)
