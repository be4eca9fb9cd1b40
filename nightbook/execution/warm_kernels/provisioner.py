"""A Jupyter kernel provisioner whose kernels are forks of the warm process.

jupyter_client finds it by its entry point, ``nightbook-warm``, so any client of Jupyter kernels can use it:
docs/how-to/warm-kernels-elsewhere.md. https://jupyter-client.readthedocs.io/en/stable/provisioning.html
"""

import logging
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode, default

from nightbook.execution.processes.threads import num_threads
from nightbook.execution.warm_kernels.client import ATTEMPTS, connect, warm_address
from nightbook.execution.warm_kernels.forked_process import ForkedProcess
from nightbook.execution.warm_kernels.protocol import KernelRequest

NAME = "nightbook-warm"  # the entry point's, in nightbook/pyproject.toml
_KERNEL_MODULE = ["-m", "ipykernel_launcher"]
_log = logging.getLogger(__name__)


def use_warm_kernels(manager: AsyncKernelManager) -> None:
    """Let the manager's kernel be a fork of the warm process, if there is one."""
    if manager.kernel_spec is not None:
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME}


class WarmProvisioner(LocalProvisioner):
    """Asks the warm process for a kernel; everything else is as with a local kernel."""

    address = Unicode(help="where the warm process listens").tag(config=True)
    process: Any
    _forked: ForkedProcess | None = None

    @default("address")
    def _default_address(self) -> str:
        return warm_address() or ""

    @property
    def is_forked(self) -> bool:
        """False before a kernel is launched, and for one that could be no fork."""
        return self._forked is not None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have a kernel forked, and return when its sockets are bound.

        Start a fresh kernel if there is no warm process, or if a fork cannot be the same.
        """
        process = self._fork(cmd, kwargs) if self.address else None
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self._forked = self.process = process
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        process.wait_until_bound()
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 jupyter_client's signature
        """Release the kernel's resources, after its end."""
        await super().cleanup(restart)
        self.close()

    def close(self) -> None:
        """Have the rest of a forked kernel killed; its process id may be another's from then on."""
        if self._forked is not None:
            self._forked.close()
            self._forked = self.pid = self.pgid = None

    def _fork(self, cmd: list[str], options: dict[str, Any]) -> ForkedProcess | None:
        request, streams = _kernel_request(cmd, options), _streams(options)
        if request is None or streams is None:
            return None
        for _ in range(ATTEMPTS):
            try:
                return _forked_process(self.address, request, streams)
            except OSError as error:
                _log.info("no kernel was forked: %s", error)
        return None


def _forked_process(address: str, request: KernelRequest, streams: list[int]) -> ForkedProcess:
    connection = connect(address)
    try:
        return ForkedProcess(connection, request, streams)
    except OSError:
        connection.close()  # and with it the kernel, if there is one
        raise


def _kernel_request(cmd: list[str], options: dict[str, Any]) -> KernelRequest | None:
    """Return the request for a kernel like this; None if it is not this Python's ipykernel.

    None, too, if its libraries are to have different numbers of threads, which they read when loaded.
    """
    start = cmd.index("-m") if "-m" in cmd else 0
    threads = num_threads(options["env"])
    if cmd[0] != sys.executable or cmd[start : start + 2] != _KERNEL_MODULE or threads is None:
        return None
    return KernelRequest(
        arguments=cmd[start + 1 :],
        cwd=str(options.get("cwd") or Path.cwd()),
        environment=options["env"],
        num_threads=threads,
    )


def _streams(options: dict[str, Any]) -> list[int] | None:
    """Return the descriptors of the standard output and error; None if a pipe is to be made for one."""
    numbers = []
    for inherited, name in enumerate(("stdout", "stderr"), start=1):
        stream = options.get(name)
        if stream is None:
            numbers.append(inherited)
        else:
            numbers.append(stream if isinstance(stream, int) else stream.fileno())
    return numbers if min(numbers) >= 0 else None  # PIPE, STDOUT and DEVNULL are negative
