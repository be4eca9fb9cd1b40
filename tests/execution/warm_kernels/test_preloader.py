"""The warm process imports everything that a fork can share, and leaves the rest to the kernels."""

import os
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from nightbook.execution.warm_kernels.client import wait_until_warm
from nightbook.execution.warm_kernels.process import warm_process
from nightbook.execution.warm_kernels.protocol import Preload
from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt
from tests.support.project import wait_for

THREADED = "import threading, time; threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()"
LOADED = "import os, sys; print(os.getppid(), *({names} & sys.modules.keys()))"

Module = Callable[[str, str], str]
Imported = Callable[[], list[str]]


def run_with(modules: list[str], tmp_path: Path) -> list[str]:
    """Preload the modules; return those that a kernel has then. No process is left afterwards."""
    others = set(psutil.Process().children(recursive=True))
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload(modules, str(tmp_path)))
        wait_until_warm()
        attempt = Attempt(tmp_path / "attempt")
        assert attempt.run(LOADED.format(names=set(modules))).outcome is Outcome.SUCCESS
        processes = [p for p in psutil.Process().children(recursive=True) if p not in others]
    parent, *loaded = attempt.texts()[0].split()
    assert int(parent) != os.getpid()
    assert psutil.wait_procs(processes, timeout=30)[1] == []
    return sorted(loaded)


def test_each_module_is_imported_once_if_all_are_fork_safe(
    tmp_path: Path, module: Module, imported: Imported
) -> None:
    modules = [module("one", ""), module("two", "import one")]

    loaded = run_with(modules, tmp_path)

    assert loaded == sorted(modules)
    assert imported() == modules


def test_a_fork_unsafe_module_is_imported_once_and_all_others_at_most_three_times(
    tmp_path: Path, module: Module, imported: Imported, capfd: pytest.CaptureFixture[str]
) -> None:
    """Once before, once in a trial, and once in the process that stays, whatever the number of names."""
    before = module("before", "")
    module("lib.__init__", THREADED)
    parts = [module(f"lib.part_{number}", "") for number in range(5)]
    user, after = module("user", "import lib"), module("after", "")
    modules = [before, *parts, *(f"{part}.name" for part in parts), user, after]

    loaded = run_with(modules, tmp_path)

    assert loaded == sorted([before, after])
    counts = {name: imported().count(name) for name in imported()}
    assert counts == {"before": 2, "lib.__init__": 2, "lib.part_0": 1, "user": 1, "after": 2}
    (note,) = capfd.readouterr().err.splitlines()
    assert re.findall(r"(\S+) starts a thread", note) == ["lib.part_0", "user"]


def test_a_module_that_ends_its_process_is_left_to_the_kernels(
    tmp_path: Path, module: Module, capfd: pytest.CaptureFixture[str]
) -> None:
    modules = [module("threaded", THREADED), module("deadly", "import os; os._exit(7)"), module("after", "")]

    loaded = run_with(modules, tmp_path)

    assert loaded == ["after"]
    assert "deadly ends the process that imports it" in capfd.readouterr().err


def test_a_kernel_goes_on_when_the_standby_takes_over(
    tmp_path: Path, module: Module, imported: Imported
) -> None:
    slow, threaded = module("slow", "import time; time.sleep(2)"), module("threaded", THREADED)
    look = "import os, threading; print(os.getpid(), os.getppid(), threading.active_count())"
    wait = f"""
        import pathlib, time
        while "threaded" not in pathlib.Path({str(tmp_path / "imported")!r}).read_text():
            time.sleep(0.05)
    """
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload([slow, threaded], str(tmp_path), needs={"early.py": []}))
        wait_until_warm("early.py")
        early, late = Attempt(tmp_path / "early"), Attempt(tmp_path / "late")
        first = early.run(textwrap.dedent(wait), look)
        wait_until_warm("late.py")
        second = late.run(look)
        pid, parent, threads = map(int, early.texts()[1].split())
        wait_for(lambda: not psutil.pid_exists(pid), "the kernel is reaped by its parent")

    assert first.outcome is second.outcome is Outcome.SUCCESS
    _, late_parent, late_threads = map(int, late.texts()[0].split())
    assert threads == late_threads
    assert len({os.getpid(), parent, late_parent}) == 3
    assert imported() == ["slow", "threaded", "slow"]
