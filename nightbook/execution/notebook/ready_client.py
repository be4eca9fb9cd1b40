"""A kernel client that is ready as soon as the kernel is."""

import time
from queue import Empty

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient

_REPLY_TIMEOUT_S = 1.0
_OUTPUT_TIMEOUT_S = 0.02
_MOST_WAITING = 100  # messages; ZeroMQ's default of 1,000 may be a gigabyte


class ReadyClient(AsyncKernelClient):
    """Waits for one answer on both channels, and no longer.

    jupyter_client waits another 0.2 s for outputs that belong to no request. nbclient ignores such outputs
    itself.
    """

    def connect_iopub(self, identity: bytes | None = None) -> zmq.Socket[bytes]:
        """Return the socket for outputs, which makes the kernel wait if it is read too slowly."""
        socket: zmq.Socket[bytes] = super().connect_iopub(identity)
        socket.rcvhwm = _MOST_WAITING
        return socket

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 its signature
        """Return when the kernel answers and its outputs arrive. Raise RuntimeError if it does not answer."""
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end:
            self.kernel_info()
            if await self._answers() and await self._outputs_arrive():
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self) -> bool:
        try:
            reply = await self.get_shell_msg(timeout=_REPLY_TIMEOUT_S)
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True

    async def _outputs_arrive(self) -> bool:
        """Return True if the output channel is connected; outputs sent before that are lost."""
        try:
            await self.get_iopub_msg(timeout=_OUTPUT_TIMEOUT_S)
        except Empty:
            return False
        return True
