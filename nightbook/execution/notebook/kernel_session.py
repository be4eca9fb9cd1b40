"""The kernel of one execution: started, connected to, and ended so that nothing of it is lost."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from nightbook.execution.deadline import Deadline
from nightbook.execution.notebook.capped_client import CappedClient
from nightbook.execution.notebook.kernel_end import end_kernel
from nightbook.execution.notebook.kernels import (
    KernelStartError,
    is_forked,
    is_own_kernel,
    kernel_manager,
    kernel_process,
    kill_kernel,
    start_kernel,
)
from nightbook.execution.notebook.notebook_exit import setup_code
from nightbook.execution.processes.ending import GRACE_AFTER_FAILURE_S, GRACE_S
from nightbook.execution.processes.group_guard import guarded_group
from nightbook.record.read.text_parts import last_lines

MakeClient = Callable[[AsyncKernelManager], CappedClient]


@dataclass(frozen=True, slots=True)
class KernelStart:
    """How a kernel is started. A ``fresh`` one is no fork of the run's warm process.

    It publishes no output that is larger than ``max_output_bytes``.
    """

    name: str
    fresh: bool
    cwd: Path
    environment: Mapping[str, str]
    log: Path
    max_output_bytes: int


@dataclass(slots=True)
class KernelSession:
    """A kernel that runs. When its context has closed, ``ended`` is False if it had to be killed."""

    client: CappedClient
    ended: bool = False


@asynccontextmanager
async def kernel_session(
    start: KernelStart, make_client: MakeClient, deadline: Deadline
) -> AsyncIterator[KernelSession]:
    """Yield a kernel that is ready; end it when the context closes, or kill it.

    Raise KernelStartError if it does not get ready at the second start either, or not before the deadline.
    """
    with ExitStack() as stack:
        try:
            manager, client = await _start(stack, start, make_client, deadline)
        except KernelStartError:
            if deadline.expired:
                raise
            stack.close()
            manager, client = await _start(stack, start, make_client, deadline)
        session = KernelSession(client)
        grace_s = GRACE_AFTER_FAILURE_S
        try:
            yield session
            grace_s = GRACE_S
        finally:
            session.ended = await end_kernel(manager, client, grace_s)
            client.kc.stop_channels()


async def _start(
    stack: ExitStack, start: KernelStart, make_client: MakeClient, deadline: Deadline
) -> tuple[AsyncKernelManager, CappedClient]:
    manager = stack.enter_context(kernel_manager(start.name, fresh=start.fresh))
    deadline.guard(partial(kill_kernel, manager))
    await start_kernel(
        manager,
        cwd=start.cwd,
        environment=start.environment,
        log=start.log,
        max_output_bytes=start.max_output_bytes,
    )
    process = kernel_process(manager)
    if process is not None and not is_forked(manager):  # a fork dies with us, and its group with it
        stack.enter_context(guarded_group(process))
    client = make_client(manager)
    try:
        await client.async_start_new_kernel_client()
    except RuntimeError as error:
        raise KernelStartError(
            f"the kernel {manager.kernel_name!r} died or hung while it started, twice ({error}). "
            f"{last_lines(start.log) or 'It wrote nothing.'}"
        ) from error
    manager.cleanup_connection_file()
    if not is_own_kernel(manager):  # which is set up already
        client.kc.execute(setup_code(), silent=True, store_history=False, stop_on_error=False)
    if deadline.expired:
        raise KernelStartError("the kernel was ready only after the deadline")
    return manager, client
