"""The warm process forks kernels for its own user only, and its kernels leave nothing behind."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nightbook.execution.notebook.kernels import kernel_environment, kernel_manager, start_kernel
from nightbook.execution.warm_kernels.client import connect, set_warm_address, wait_until_warm, warm_address
from nightbook.execution.warm_kernels.process import warm_process
from nightbook.execution.warm_kernels.protocol import WARM, Preload, WaitRequest
from tests.support.attempts import Attempt

STRANGER = 54321


def is_answered(address: str) -> bool:
    try:
        with connect(address) as connection:
            connection.sendall(WaitRequest("any.py").to_line())
            return connection.recv(1) == WARM
    except ConnectionError:  # a reset or a broken pipe: whichever is noticed first
        return False


@pytest.mark.promise("Another user of the machine gets no kernel.")
@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_another_user_gets_no_kernel(tmp_path: Path) -> None:
    """An abstract socket has a name that all users of the machine see, and no permissions."""
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload([], str(tmp_path)))
        address = warm_address() or ""
        assert is_answered(address)
        try:
            os.seteuid(STRANGER)
        except PermissionError:
            pytest.skip("root here has no privileges, such as in a container without them")
        try:
            assert not is_answered(address)
        finally:
            os.seteuid(0)
        assert is_answered(address)


def test_a_notebook_waits_only_for_its_own_imports(
    tmp_path: Path, module: Callable[[str, str], str], imported: Callable[[], list[str]]
) -> None:
    modules = [module(f"slow_{number}", "import time; time.sleep(0.3)") for number in range(20)]
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload(modules, str(tmp_path), needs={"early.py": modules[:2]}))
        wait_until_warm("early.py")
        before_early = imported()
        attempt = Attempt(tmp_path / "attempt")
        attempt.run("import os, sys; print(os.getppid(), 'slow_1' in sys.modules)")
        before_kernel = imported()
        wait_until_warm("unknown.py")
        before_unknown = imported()

    parent, has_module = attempt.texts()[0].split()
    assert int(parent) != os.getpid()
    assert has_module == "True"
    assert before_early[:2] == modules[:2]
    assert len(before_early) < len(before_kernel) + 1 < 20
    assert before_unknown == modules


@pytest.mark.usefixtures("kernels")
def test_a_kernel_that_was_shut_down_keeps_nothing_open(tmp_path: Path) -> None:
    """A client such as nbclient shuts a kernel down that lives but does not answer."""

    async def start_and_shut_down() -> None:
        with kernel_manager("python3") as manager:
            await start_kernel(
                manager,
                cwd=tmp_path,
                environment=kernel_environment({}, 1),
                log=tmp_path / "log",
                max_output_bytes=10_000,
            )
            await manager.shutdown_kernel(now=True)

    asyncio.run(start_and_shut_down())

    assert not [link for link in Path("/proc/self/fd").iterdir() if "pidfd" in os.path.realpath(link)]


def test_output_of_modules_is_not_in_the_kernels_logs(
    tmp_path: Path, module: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    loud = module("loud", "print('loaded loud')")
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload([loud], str(tmp_path)))
        wait_until_warm()
        attempt = Attempt(tmp_path / "attempt")
        attempt.run("import os; os.write(2, b'own words')")

    assert attempt.folder.kernel_log.read_text() == "own words"


def test_a_large_request_arrives_whole(tmp_path: Path, warm_kernels: str) -> None:
    """Larger than a socket's buffer, but smaller than the system's limit for a variable."""
    set_warm_address(warm_kernels)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for number in range(10):
                patch.setenv(f"LARGE_{number}", "x" * 100_000)
            attempt = Attempt(tmp_path)
            attempt.run(
                "import os; print(os.getppid(), sum(len(os.environ[f'LARGE_{i}']) for i in range(10)))"
            )
    finally:
        set_warm_address(None)

    parent, size = map(int, attempt.texts()[0].split())
    assert parent != os.getpid()
    assert size == 1_000_000
