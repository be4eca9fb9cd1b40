"""Ends a kernel so that its files are flushed and its exit hooks run, and stores what it prints meanwhile."""

import asyncio
import time

from jupyter_client.manager import AsyncKernelManager

from nightbook.execution.notebook.capped_client import CappedClient
from nightbook.execution.notebook.kernels import kill_kernel

_POLL_S = 0.05  # until the kernel's last message
_LAST_POLL_S = 0.003
_LATE_S = 0.05  # until the messages have arrived of a kernel that has ended and does not say so


async def end_kernel(manager: AsyncKernelManager, client: CappedClient, grace_s: float) -> bool:
    """Ask the kernel to end; return False if it still runs when the time is over.

    When its last message has arrived, it is killed: a process that ends by itself takes the messages with it
    that ZeroMQ has not sent yet.
    """
    following = asyncio.create_task(client.follow())
    end_s = time.monotonic() + grace_s
    client.kc.shutdown()
    try:
        while await manager.is_alive():
            if time.monotonic() > end_s:
                return False
            if following.done():
                kill_kernel(manager)
                await asyncio.sleep(_LAST_POLL_S)
            else:
                await asyncio.wait([following], timeout=_POLL_S)
        await asyncio.wait([following], timeout=_LATE_S)
        return True
    finally:
        following.cancel()
        client.store_outputs()
