"""ipykernel's application, which also notifies its client. The class is created before kernels are forked."""

import os
import re
from contextlib import suppress

from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config
from traitlets.config.loader import DeferredConfigString

from nightbook.execution.warm_kernels.client_death import die_with_client
from nightbook.execution.warm_kernels.protocol import BOUND

_OPTION = re.compile(r"--(\w+)\.(\w+)=(.*)")
_NEVER_ENDS = 1  # init: the kernel would otherwise watch its parent, the warm process, and end with it


class NotifyingKernelApp(IPKernelApp):
    """Notifies the client when its sockets are bound, so that both go on at the same time."""

    connection: int

    @classmethod
    def notifying(cls, connection: int) -> "NotifyingKernelApp":
        """Return this process's application; it notifies the client at the connection, and dies with it."""
        app: NotifyingKernelApp = cls.instance(parent_handle=_NEVER_ENDS)
        app.connection = connection
        return app

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Read the arguments: the connection file, and options such as ``--Class.name=value``.

        Nightbook's kernels have no others, and ipykernel's parser for all options takes 7 ms.
        """
        match argv:
            case ["-f", file, *rest]:
                options = [option for option in map(_OPTION.fullmatch, rest) if option]
                if len(options) == len(rest):
                    self.update_config(_config(file, options))
                    return
        super().parse_command_line(argv)

    def init_sockets(self) -> None:
        """Bind the sockets and notify the client."""
        super().init_sockets()
        with suppress(OSError):  # the client is gone: this kernel is about to be killed
            os.write(self.connection, BOUND)
        die_with_client(self.connection)


def _config(connection_file: str, options: list[re.Match[str]]) -> Config:
    config = Config(IPKernelApp={"connection_file": connection_file})
    for option in options:
        name, trait, value = option.groups()
        config[name][trait] = DeferredConfigString(value)
    return config
