"""A kernel provisioner whose kernels are forks of the warm process.

https://jupyter-client.readthedocs.io/en/stable/provisioning.html
"""

import logging
import sys
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from nightbook.execution.processes.threads import num_threads
from nightbook.execution.warm_kernels.forked_process import ForkedProcess
from nightbook.execution.warm_kernels.protocol import KernelRequest, connect

_log = logging.getLogger(__name__)
_NAME = "nightbook-warm"
_KERNEL_MODULE = ["-m", "ipykernel_launcher"]


def use_warm_kernels(manager: AsyncKernelManager, address: str) -> None:
    """Let the manager's kernel be a fork of the warm process at ``address``."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners.setdefault(
        _NAME, EntryPoint(_NAME, f"{__name__}:WarmProvisioner", factory.GROUP_NAME)
    )
    if manager.kernel_spec is not None:
        manager.kernel_spec.metadata["kernel_provisioner"] = {
            "provisioner_name": _NAME,
            "config": {"address": address},
        }


class WarmProvisioner(LocalProvisioner):
    """Asks the warm process for a kernel; all else is as with a kernel of our own."""

    address = Unicode(help="where the warm process listens").tag(config=True)
    process: Any
    _forked: ForkedProcess | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have a kernel forked, and return when its sockets are bound.

        A kernel that is none of this Python's, or that cannot be forked, is started afresh. So is one
        whose libraries are to have different numbers of threads, which they read as they are loaded.
        """
        start = cmd.index("-m") if "-m" in cmd else 0
        threads = num_threads(kwargs["env"])
        if cmd[0] != sys.executable or cmd[start : start + 2] != _KERNEL_MODULE or threads is None:
            return await super().launch_kernel(cmd, **kwargs)
        request = KernelRequest(
            arguments=cmd[start + 1 :],
            cwd=kwargs["cwd"],
            environment=kwargs["env"],
            log=kwargs["stdout"].name,
            num_threads=threads,
        )
        try:
            process = _fork(self.address, request)
        except OSError as error:
            _log.info("there is no warm process (%s): the kernel is started afresh", error)
            return await super().launch_kernel(cmd, **kwargs)
        self._forked = self.process = process
        self.pid = self.pgid = process.pid
        process.wait_until_bound()
        return self.connection_info

    def close(self) -> None:
        """Have what is left of a forked kernel killed, whose process id is another's from then on."""
        if self._forked is not None:
            self._forked.close()
            self._forked = self.pid = self.pgid = None


def _fork(address: str, request: KernelRequest) -> ForkedProcess:
    connection = connect(address)
    try:
        return ForkedProcess(connection, request)
    except OSError:
        connection.close()  # and with it the kernel, if there is one
        raise
