"""Starts a kernel for one attempt, and makes sure that it ends."""

import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

from nightbook.execution.kernel.options import kernel_options
from nightbook.execution.notebook.ready_client import ReadyClient
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.execution.processes.programs import program_path
from nightbook.execution.processes.reaper import temporary_prefix
from nightbook.execution.processes.threads import thread_variables
from nightbook.execution.warm_kernels.client import ADDRESS_VARIABLE, warm_address
from nightbook.execution.warm_kernels.provisioner import WarmProvisioner, use_warm_kernels
from nightbook.record.format.errors import NightbookError


class KernelError(NightbookError):
    """A kernel that is not installed or does not start."""


class KernelStartError(KernelError):
    """A kernel that died or hung while it started; a second start may succeed."""


@contextmanager
def kernel_manager(kernel_name: str, *, fresh: bool = False) -> Iterator[AsyncKernelManager]:
    """Yield a manager of one kernel; if it still runs when the context closes, it is killed.

    It talks over local sockets with unique names, because over TCP, kernels that start at once race for
    ports. The connection file holds the kernel's key: it lies outside the run record, and is removed as
    soon as the kernel has read it. A Python kernel is a fork of the run's warm process, if there is one, or
    else ``fresh``.
    """
    find_kernel(kernel_name)
    descriptor, connection_file = tempfile.mkstemp(prefix=temporary_prefix(), suffix=".json")
    os.close(descriptor)
    # Abstract sockets (Linux) leave no file behind and have no path that could be too long.
    address = f"@nightbook-{uuid.uuid4().hex}" if sys.platform == "linux" else connection_file
    manager = AsyncKernelManager(
        kernel_name=kernel_name,
        transport="ipc",
        ip=address,
        connection_file=connection_file,
        client_class=f"{ReadyClient.__module__}.{ReadyClient.__qualname__}",
    )
    if warm_address() is not None and kernel_name == NATIVE_KERNEL_NAME and not fresh:
        use_warm_kernels(manager)
    try:
        yield manager
    finally:
        kill_kernel(manager)
        if isinstance(manager.provisioner, WarmProvisioner):
            manager.provisioner.close()
        # The garbage collector would close it and wait forever for messages to reach the dead kernel.
        manager.context.destroy(linger=0)
        manager.cleanup_ipc_files()
        Path(connection_file).unlink(missing_ok=True)


def kernel_name(notebook: NotebookNode) -> str:
    """Return the name of the kernel that the notebook asks for."""
    return str(notebook.metadata.get("kernelspec", {}).get("name", NATIVE_KERNEL_NAME))


def find_kernel(name: str) -> KernelSpec:
    """Return the specification of an installed kernel. Raise KernelError if no kernel has this name."""
    try:
        spec: KernelSpec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel as error:
        raise KernelError(
            f"the kernel {name!r} is not installed: "
            "install it, or change the notebook's kernelspec to python3"
        ) from error
    return spec


async def start_kernel(
    manager: AsyncKernelManager,
    *,
    cwd: Path,
    environment: Mapping[str, str],
    log: Path,
    max_output_bytes: int,
) -> None:
    """Start the kernel's process. Its own standard output and error go to ``log``."""
    with log.open("ab") as stream:
        try:
            await manager.start_kernel(
                cwd=str(cwd),
                env=dict(environment),
                extra_arguments=kernel_options(max_output_bytes) if is_own_kernel(manager) else [],
                stdout=stream,
                stderr=stream,
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        except OSError as error:
            raise KernelError(f"the kernel {manager.kernel_name!r} cannot be started: {error}") from error


def is_own_kernel(manager: AsyncKernelManager) -> bool:
    """Return True for this Python's own kernel; another Python may not have this package."""
    return manager.kernel_name == NATIVE_KERNEL_NAME and manager.format_kernel_cmd()[0] == sys.executable


def kernel_environment(variables: Mapping[str, str], num_cpus: int) -> dict[str, str]:
    """Return this process's environment with the attempt's variables.

    Others of them bound the threads of numerical libraries to ``num_cpus``, and find this Python's programs.
    """
    environment = {**os.environ, **program_path(os.environ), **thread_variables(num_cpus), **variables}
    environment.pop(ADDRESS_VARIABLE, None)  # a pipeline that a notebook runs has a warm process of its own
    return environment


def is_forked(manager: AsyncKernelManager) -> bool:
    """Return True if the kernel is a fork of the run's warm process."""
    return isinstance(manager.provisioner, WarmProvisioner) and manager.provisioner.is_forked


def kernel_process(manager: AsyncKernelManager) -> int | None:
    """Return the id of the kernel's process, which leads a group of its own; None if there is none."""
    pid: int | None = getattr(manager.provisioner, "pid", None)
    return pid


def kill_kernel(manager: AsyncKernelManager) -> None:
    """Kill the kernel with all processes of its group. Do nothing if it has ended."""
    pid = kernel_process(manager)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
