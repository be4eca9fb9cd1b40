"""Starting a kernel for one attempt, and making sure that it ends."""

import ctypes
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from tasks.guardian import private_prefix
from tasks.runlog.errors import NightbookError

_PR_SET_PDEATHSIG = 1
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


class KernelError(NightbookError):
    """A kernel that is not installed or does not start."""


class KernelStartError(KernelError):
    """A kernel that died or hung while it started; a new one may do better."""


@contextmanager
def kernel_manager(kernel_name: str) -> Iterator[AsyncKernelManager]:
    """A manager of one kernel that talks over local sockets with names of their own.

    Over TCP, kernels that start at once race for ports. The connection file holds the kernel's key:
    it lies outside the run record, and is gone as soon as the kernel has read it.
    """
    find_kernel(kernel_name)
    descriptor, connection_file = tempfile.mkstemp(prefix=private_prefix(), suffix=".json")
    os.close(descriptor)
    # Abstract sockets (Linux) leave no file behind and have no path that could be too long.
    address = f"@nightbook-{uuid.uuid4().hex}" if sys.platform == "linux" else connection_file
    manager = AsyncKernelManager(
        kernel_name=kernel_name, transport="ipc", ip=address, connection_file=connection_file
    )
    try:
        yield manager
    finally:
        kill_kernel(manager)
        manager.cleanup_ipc_files()
        Path(connection_file).unlink(missing_ok=True)


def find_kernel(name: str) -> KernelSpec:
    """The specification of an installed kernel; KernelError if there is none of this name."""
    try:
        spec: KernelSpec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel as error:
        raise KernelError(
            f"the kernel {name!r} is not installed: "
            "install it, or change the notebook's kernelspec to python3"
        ) from error
    return spec


async def start_kernel(
    manager: AsyncKernelManager, *, cwd: Path, environment: Mapping[str, str], log: Path
) -> None:
    """Start the kernel's process; what it writes to its own standard streams goes to ``log``."""
    with log.open("ab") as stream:
        try:
            await manager.start_kernel(
                cwd=str(cwd),
                env=dict(environment),
                stdout=stream,
                stderr=stream,
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        except OSError as error:
            raise KernelError(f"the kernel {manager.kernel_name!r} cannot be started: {error}") from error


def kernel_environment(variables: Mapping[str, str], num_cpus: int) -> dict[str, str]:
    """This process's environment with the attempt's variables and its share of the processors.

    Numerical libraries would otherwise start a thread per core in each of the parallel notebooks.
    """
    threads = dict.fromkeys(_THREAD_VARIABLES, str(num_cpus))
    return {**os.environ, **threads, **variables}


def kill_kernel(manager: AsyncKernelManager) -> None:
    """Kill the kernel with all processes of its session; nothing happens if it is gone."""
    pid = getattr(manager.provisioner, "pid", None)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def die_with_parent(parent: int) -> None:
    """Let the system kill this process when its parent, or the thread that started it, ends.

    Linux only; elsewhere ipykernel's own poller notices within a second.
    https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we could say so
            os._exit(1)


def log_tail(path: Path, *, max_bytes: int = 2000) -> str:
    """The end of what a kernel's process wrote to its own standard streams."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - max_bytes, 0))
        return file.read().decode(errors="replace").strip()
