"""The warm process forks kernels for its own user alone, and as soon as it can."""

import asyncio
import os
import textwrap
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest

from nightbook.execution.notebook.kernels import kernel_environment, kernel_manager, start_kernel
from nightbook.execution.warm_kernels.process import WarmProcess, warm_process
from nightbook.execution.warm_kernels.protocol import Preload, connect, wait_until_warm, warm_address
from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt
from tests.support.project import wait_for

STRANGER = 54321


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Installs a module that can be imported by what the test starts; it notes that it has been."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def install(name: str, source: str) -> str:
        note = f"\nopen({str(tmp_path / 'imported')!r}, 'a').write('{name} ')\n"
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source) + note)
        return name

    (tmp_path / "imported").touch()
    return install


def imported(tmp_path: Path) -> list[str]:
    """The installed modules that have been imported, in order."""
    return (tmp_path / "imported").read_text().split()


def preload(warm: WarmProcess | None, preload: Preload) -> str:
    """Start to import; returns the warm process's address."""
    assert warm is not None
    warm.preload(preload)
    address = warm_address()
    assert address is not None
    return address


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_gets_no_kernel(tmp_path: Path) -> None:
    """An abstract socket has a name that all users of the machine see, and no permissions."""
    with warm_process() as warm:
        address = preload(warm, Preload([], str(tmp_path)))
        connect(address).close()
        try:
            os.seteuid(STRANGER)
        except PermissionError:
            pytest.skip("root here has no privileges, such as in a container without them")
        try:
            with pytest.raises(ConnectionError):  # a reset or a broken pipe: whichever is noticed first
                connect(address)
        finally:
            os.seteuid(0)
        connect(address).close()


def test_a_notebook_waits_for_nothing_but_its_own_imports(
    tmp_path: Path, module: Callable[[str, str], str]
) -> None:
    modules = [module(f"slow_{number}", "import time; time.sleep(0.2)") for number in range(20)]
    with warm_process() as warm:
        preload(warm, Preload(modules, str(tmp_path), needs={"last.py": modules[-1:], "first.py": []}))
        wait_until_warm("last.py")
        came_back = time.monotonic()
        before_last = imported(tmp_path)
        wait_until_warm("first.py")
        before_first = imported(tmp_path)
        pause_s = time.monotonic() - came_back
        wait_until_warm("unknown.py")
        before_unknown = imported(tmp_path)

    assert before_last[-1] == modules[-1]
    assert len(before_last) < 20
    # Whoever has waited comes back at once, and nothing gets in between; on a busy machine it may be late.
    assert before_first == before_last or pause_s > 1
    assert sorted(before_unknown) == sorted(modules)


def test_who_never_comes_back_is_not_waited_for(tmp_path: Path, module: Callable[[str, str], str]) -> None:
    """Nothing is imported while a kernel is expected, and there is always one soon where tasks are small."""
    modules = [module("slow", "import time; time.sleep(1)"), module("needed", "")]
    with warm_process() as warm:
        preload(warm, Preload(modules, str(tmp_path), needs={"small.py": []}))
        wait_until_warm("small.py")  # and then the client was killed
        greeted = Event()
        Thread(target=lambda: (wait_until_warm("other.py"), greeted.set()), daemon=True).start()
        end, attempts = time.monotonic() + 30, (Attempt(tmp_path / str(number)) for number in count())
        while not greeted.is_set() and time.monotonic() < end:
            wait_until_warm("small.py")
            next(attempts).run("pass")

        assert greeted.is_set()


@pytest.mark.usefixtures("kernels")
def test_a_kernel_that_was_shut_down_keeps_nothing_open(tmp_path: Path) -> None:
    """That is what nbclient does to a kernel that lives and does not answer."""

    async def start_and_shut_down() -> None:
        with kernel_manager("python3") as manager:
            await start_kernel(
                manager, cwd=tmp_path, environment=kernel_environment({}, 1), log=tmp_path / "log"
            )
            await manager.shutdown_kernel(now=True)

    asyncio.run(start_and_shut_down())

    assert not [link for link in Path("/proc/self/fd").iterdir() if "pidfd" in os.path.realpath(link)]


def test_what_modules_say_is_not_in_the_kernels_logs(
    tmp_path: Path, module: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    loud = module("loud", "print('loaded loud')")
    with warm_process() as warm:
        preload(warm, Preload([loud], str(tmp_path)))
        wait_until_warm("any.py")
        attempt = Attempt(tmp_path / "attempt")
        attempt.run("import os; os.write(2, b'own words')")

    assert attempt.folder.kernel_log.read_text() == "own words"


def test_a_kernel_goes_on_when_the_warm_process_has_to_start_again(
    tmp_path: Path, module: Callable[[str, str], str]
) -> None:
    slow = module("slow", "import time; time.sleep(0.5)")
    threaded = module(
        "threaded",
        "import threading, time; threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()",
    )
    look = "import os, threading; print(os.getpid(), os.getppid(), threading.active_count())"
    wait = f"""
        import pathlib, time
        while "threaded" not in pathlib.Path({str(tmp_path / "imported")!r}).read_text():
            time.sleep(0.05)
    """
    with warm_process() as warm:
        preload(warm, Preload([slow, threaded], str(tmp_path), needs={"early.py": []}))
        wait_until_warm("early.py")
        early, late = Attempt(tmp_path / "early"), Attempt(tmp_path / "late")
        first = early.run(textwrap.dedent(wait), look)
        wait_until_warm("late.py")
        second = late.run(look)
        pid, parent, threads = map(int, early.texts()[1].split())
        wait_for(
            lambda: not psutil.pid_exists(pid), "the kernel is reaped by the process that has started again"
        )

    assert first.outcome is second.outcome is Outcome.SUCCESS
    assert [parent, threads] == [int(text) for text in late.texts()[0].split()[1:]]
    assert parent != os.getpid()
    assert imported(tmp_path) == ["slow", "threaded", "slow"]
