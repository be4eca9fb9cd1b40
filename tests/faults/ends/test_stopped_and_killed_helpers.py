"""The processes that help a run are stopped or killed, several at once: it goes on, or ends whole."""

import os
import signal

import psutil
import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project, processes_of, wait_for


def begun(project: Project) -> psutil.Process:
    """Wait until the notebook has begun, and return its kernel."""
    file = project.path / "notebooks" / "kernel"
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"), "the notebook begins")
    return psutil.Process(int(file.read_text()))


def warm_process(main: psutil.Process) -> psutil.Process:
    (found,) = [one for one in main.children() if "nightbook.execution.warm_kernels" in one.cmdline()]
    return found


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.promise("A warm process that is stopped holds no attempt.")
def test_a_stopped_warm_process_holds_no_attempt(project: Project) -> None:
    """As by a debugger: kernels are started afresh from then on, and the deadline holds."""
    project.pipeline("""
        class First(NotebookTask):
            pass

        class Second(NotebookTask):
            timeout_s = 30

            def requires(self):
                return self.clone(First)

        class Root(Pipeline):
            def requires(self):
                return self.clone(Second)
    """)
    project.notebook(
        "first",
        "import os, pathlib, time\npathlib.Path('kernel').write_text(f'{os.getpid()}\\n')",
        "while not pathlib.Path('go-on').exists(): time.sleep(0.02)",
    )
    project.notebook("second", "done = True")

    process = project.start("run", "--pipeline", "pipe:Root")
    begun(project)
    warm = warm_process(psutil.Process(process.pid))
    warm.suspend()
    (project.path / "notebooks" / "go-on").touch()
    output, errors = process.communicate(timeout=120)

    assert process.returncode == 0, output + errors
    (attempt,) = project.record().task("second").attempts
    assert attempt.outcome is Outcome.SUCCESS
    assert (attempt.end_ns - project.record().task("first").attempts[0].end_ns) / 1e9 < 30
    wait_for(lambda: processes_of(project.path) == [], "all end", timeout_s=2)


@pytest.mark.promise("No process that a run has started outlives it, however the run ends.")
def test_no_kernel_outlives_the_run_and_all_its_guards(project: Project) -> None:
    """Main process, reaper and warm process are killed at once, as by the system when memory is short."""
    project.single()
    project.notebook(
        "work",
        "import os, pathlib, subprocess, time\nsubprocess.Popen(['sleep', '600'], env={})\n"
        "pathlib.Path('kernel').write_text(f'{os.getpid()}\\n')",
        "time.sleep(600)",
    )

    process = project.start("run", "--pipeline", "pipe:Root")
    kernel = begun(project)
    [program] = kernel.children()
    main = psutil.Process(process.pid)
    guards = [one for one in main.children() if one.name() == "sh"]
    victims = [main, warm_process(main), *guards]
    assert len(guards) == 1
    for victim in victims:
        os.kill(victim.pid, signal.SIGSTOP)
    for victim in victims:
        os.kill(victim.pid, signal.SIGKILL)
    process.wait()

    wait_for(lambda: has_ended(kernel) and has_ended(program), "the kernel ends", timeout_s=10)
    wait_for(lambda: processes_of(project.path) == [], "all end", timeout_s=10)
