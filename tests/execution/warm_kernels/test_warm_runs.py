"""The warm process in whole runs: what it costs, and what becomes of a run that loses it."""

import json
import os
import re
import signal
from pathlib import Path

import psutil
import pytest

from nightbook.execution.warm_kernels.client import wait_until_warm, warm_address
from nightbook.execution.warm_kernels.process import warm_process
from nightbook.execution.warm_kernels.protocol import Preload
from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt
from tests.support.project import Project, kill, processes_of, wait_for

FORKED = (
    'import os, psutil\nnightbook.log_param("forked", "warm_kernels" in " ".join(psutil.Process().cmdline()))'
)


@pytest.fixture
def warm_project(project: Project) -> Project:
    configure_kernels(project, "warm = true")
    return project


def forked(project: Project) -> list[object]:
    """Return what the notebooks of the last attempts logged about their kernels."""
    return [
        value.value
        for task in project.record().tasks
        for value in task.attempts[-1].values
        if value.name == "forked"
    ]


def installed(project: Project, modules: dict[str, str]) -> str:
    """Write the modules into a folder, and return it, for the search path."""
    folder = project.path / "installed"
    for place, source in modules.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    return str(folder)


def configure_kernels(project: Project, setting: str) -> None:
    """Write a setting, such as ``warm = false``, into luigi.cfg's section on kernels."""
    config = project.path / "luigi.cfg"
    others = re.sub(f"^{setting.partition(' ')[0]} = .*\n", "", config.read_text(), flags=re.MULTILINE)
    config.write_text(others.replace("[kernel]\n", f"[kernel]\n{setting}\n"))


def warm_processes(project: Project) -> list[psutil.Process]:
    """Return the warm processes, without the kernels, which are their forks."""
    found = [psutil.Process(pid) for pid in processes_of(project.path)]
    return [
        p for p in found if "nightbook.execution.warm_kernels" in p.cmdline() and os.getsid(p.pid) != p.pid
    ]


def test_kernels_are_forks_of_a_warm_process(warm_project: Project) -> None:
    warm_project.single()
    warm_project.notebook("work", FORKED)

    done = warm_project.run()

    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert forked(warm_project) == [True]


@pytest.mark.parametrize("setting", ["preload =", "warm = false", 'environment = {"OMP_NUM_THREADS": "2,1"}'])
def test_kernels_are_fresh_if_the_settings_say_so(warm_project: Project, setting: str) -> None:
    warm_project.single()
    warm_project.notebook("work", FORKED)
    configure_kernels(warm_project, setting)

    done = warm_project.run()

    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert forked(warm_project) == [False]


def test_a_project_without_notebooks_has_no_warm_process(warm_project: Project) -> None:
    warm_project.pipeline("""
        import os, nightbook

        class Work(nightbook.FunctionTask):
            def execute(self, inputs, output_dir):
                nightbook.log_param("warm", os.environ.get("NIGHTBOOK_WARM_KERNELS", ""))

        class Root(Pipeline):
            def requires(self):
                return [Work()]
    """)

    def found() -> object:
        done = warm_project.run()
        assert done.returncode == 0, done.stdout
        assert done.stderr == ""
        return warm_project.record().task("work").attempts[-1].values[0].value

    assert found() == ""
    warm_project.notebook("other")
    assert found() != ""


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()",
            "thread",
        ),
        ("from IPython import get_ipython\nassert get_ipython()", "asks for the running kernel"),
        (
            "try:\n    get_ipython()\nexcept NameError:\n    known = False\nelse:\n    known = True",
            "asks for the running kernel",
        ),
        ("import os\nstream = os.open(__file__, os.O_RDONLY)", "keeps a file open"),
    ],
)
def test_a_module_that_only_a_kernel_may_import(warm_project: Project, module: str, reason: str) -> None:
    warm_project.single()
    folder = installed(warm_project, {"difficult.py": module})
    warm_project.notebook("work", "import difficult\nassert getattr(difficult, 'known', True)", FORKED)
    # A notebook may have the name of one of Python's modules.
    warm_project.notebook("socket", "raise SystemExit")

    done = warm_project.run(PYTHONPATH=folder)

    assert done.returncode == 0, done.stdout
    assert forked(warm_project) == [True]
    (note,) = done.stderr.splitlines()
    assert "difficult" in note
    assert reason in note
    assert "luigi.cfg" in note


def test_one_note_names_each_module_that_only_a_kernel_may_import(warm_project: Project) -> None:
    warm_project.single()
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()"
    folder = installed(warm_project, {"first.py": thread, "second.py": "import first"})
    warm_project.notebook("work", "import first, second", FORKED)

    done = warm_project.run(PYTHONPATH=folder)

    assert forked(warm_project) == [True]
    (note,) = done.stderr.splitlines()
    assert re.findall(r"(\w+) starts a thread", note) == ["first", "second"]


def test_variables_that_python_reads_as_it_starts(warm_project: Project) -> None:
    warm_project.single()
    (warm_project.path / "elsewhere").mkdir()
    (warm_project.path / "elsewhere" / "mine.py").touch()
    environment = json.dumps({"PYTHONPATH": str(warm_project.path / "elsewhere"), "PYTHONHASHSEED": "1"})
    configure_kernels(warm_project, f"environment = {environment}")
    fresh = "subprocess.check_output([sys.executable, '-c', 'print(hash(\"a\"))'])"
    warm_project.notebook("work", f"import subprocess, sys, mine\nassert hash('a') == int({fresh})", FORKED)

    done = warm_project.run()

    assert done.returncode == 0, done.stdout
    assert forked(warm_project) == [True]


def test_a_packages_name_is_not_replaced_by_its_module_of_that_name(warm_project: Project) -> None:
    warm_project.single()
    folder = installed(warm_project, {"lazy/__init__.py": "def ball():\n    return 1", "lazy/ball.py": ""})
    warm_project.notebook("work", "from lazy import ball\nassert ball() == 1", FORKED)

    done = warm_project.run(PYTHONPATH=folder)

    assert done.returncode == 0, done.stdout
    assert forked(warm_project) == [True]


def test_a_module_that_fails_fails_in_the_notebook(warm_project: Project) -> None:
    warm_project.single()
    folder = installed(warm_project, {"broken.py": "print('import me'); raise ValueError('broken')"})
    warm_project.notebook("work", "import broken")

    done = warm_project.run(PYTHONPATH=folder)

    assert done.returncode == 1
    assert done.stderr == ""
    error = warm_project.record().task("work").attempts[0].error
    assert error is not None
    assert error.last_line == "ValueError: broken"


def test_waiting_for_the_warm_process_is_not_the_notebooks_time(warm_project: Project) -> None:
    warm_project.single("timeout_s = 5")
    folder = installed(warm_project, {"slow.py": "import time; time.sleep(6)"})
    warm_project.notebook("work", "import slow", FORKED)

    done = warm_project.run(PYTHONPATH=folder)

    assert done.returncode == 0, done.stdout
    assert forked(warm_project) == [True]


def test_a_run_outlives_its_warm_process(warm_project: Project) -> None:
    """A running kernel goes on, its deadline too, and the next ones are started afresh."""
    warm_project.pipeline("""
        class First(NotebookTask):
            timeout_s = 300

        class Endless(NotebookTask):
            timeout_s = 15
            retry_count = 2

        class Last(NotebookTask):
            timeout_s = 300

            def requires(self):
                return [self.clone(First), self.clone(Endless)]

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Last)]
    """)
    waiting = """
        import pathlib, time
        pathlib.Path(f"begun-{NAME}").touch()
        while not pathlib.Path("go-on").exists():
            time.sleep(0.1)
    """
    warm_project.notebook("first", waiting.replace("NAME", "1"), FORKED)
    warm_project.notebook(
        "endless",
        "while nightbook.active_attempt().number == 1: __import__('pathlib').Path('begun-2').touch()",
        FORKED,
    )
    warm_project.notebook("last", FORKED)
    notebooks = warm_project.path / "notebooks"

    process = warm_project.start("run", "--pipeline", "pipe:Root", "--workers", "2")
    wait_for(lambda: (notebooks / "begun-1").exists() and (notebooks / "begun-2").exists(), "both begin")
    (warm,) = warm_processes(warm_project)
    warm.kill()
    (notebooks / "go-on").touch()
    output, errors = process.communicate(timeout=120)

    assert process.returncode == 0, output
    run = warm_project.record()
    assert [a.outcome.value for a in run.task("endless").attempts] == ["timeout", "success"]
    assert [a.outcome.value for a in run.task("first").attempts] == ["success"]
    assert forked(warm_project) == [True, False, False]
    assert "the warm process ended early" in errors
    assert processes_of(warm_project.path) == []


def test_a_kernel_ends_with_its_task(warm_project: Project) -> None:
    warm_project.single("timeout_s = 300")
    warm_project.notebook(
        "work",
        "import pathlib, os, time\npathlib.Path('kernel').write_text(str(os.getpid()))",
        "time.sleep(600)",
    )
    file = warm_project.path / "notebooks" / "kernel"

    process = warm_project.start("run", "--pipeline", "pipe:Root")
    wait_for(lambda: file.exists() and file.read_text() != "", "the notebook begins")
    kernel = psutil.Process(int(file.read_text()))
    for child in psutil.Process(process.pid).children():
        if child.cmdline() == psutil.Process(process.pid).cmdline():
            child.kill()  # the task and the maker of pages are forks

    wait_for(
        lambda: not kernel.is_running() or kernel.status() == psutil.STATUS_ZOMBIE, "the kernel ends", 20
    )
    kill(process)


@pytest.mark.promise("No process that a run has started outlives it, however the run ends.")
def test_a_killed_run_leaves_no_kernel(warm_project: Project) -> None:
    warm_project.single("timeout_s = 300")
    warm_project.notebook(
        "work", "import pathlib, re\npathlib.Path('begun').touch()", "re.match('(a+)+$', 'a' * 60 + 'b')"
    )

    process = warm_project.start("run", "--pipeline", "pipe:Root")
    wait_for((warm_project.path / "notebooks" / "begun").exists, "the notebook begins")
    assert len(processes_of(warm_project.path)) >= 4  # main process, reaper, warm process, task, kernel
    kill(process)

    wait_for(lambda: processes_of(warm_project.path) == [], "all end", 10)


def child_processes() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_kernels_share_their_memory(tmp_path: Path) -> None:
    """Each of four kernels has less than half of a fresh kernel's memory for itself."""
    source = (
        "import numpy, sklearn.svm, matplotlib.pyplot, pandas, psutil\n"
        "print(psutil.Process().memory_full_info().uss)"
    )

    def uss_bytes(name: str) -> int:
        attempt = Attempt(tmp_path / name)
        assert attempt.run(source).outcome is Outcome.SUCCESS
        return int(attempt.texts()[0])

    fresh = uss_bytes("fresh")
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload(["numpy", "sklearn.svm", "matplotlib.pyplot", "pandas"], str(tmp_path)))
        assert warm_address() is not None
        wait_until_warm()
        forked_bytes = [uss_bytes(str(number)) for number in range(4)]

    assert max(forked_bytes) < 0.5 * fresh
    assert max(forked_bytes) < 1.2 * min(forked_bytes)


def test_a_stopped_process_takes_no_kernel_along(tmp_path: Path) -> None:
    before = child_processes()
    with warm_process() as warm:
        assert warm is not None
        (pid,) = child_processes() - before
        warm.preload(Preload(["json"], str(tmp_path)))
        attempt = Attempt(tmp_path)
        source = f"import os, time\nos.kill({pid}, {signal.SIGKILL})\ntime.sleep(1)\nprint('on')"
        assert attempt.run(source).outcome is Outcome.SUCCESS

    assert attempt.texts() == ["on\n"]
