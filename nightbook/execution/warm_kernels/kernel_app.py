"""ipykernel's application, telling of its bound sockets. Its class is made before kernels are forked."""

import os
import re
from contextlib import suppress

from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config
from traitlets.config.loader import DeferredConfigString

from nightbook.execution.warm_kernels.protocol import BOUND

_OPTION = re.compile(r"--(\w+)\.(\w+)=(.*)")
_NEVER_ENDS = 1  # the process with which a kernel ends; else it would be its parent, the warm process


class TellingKernelApp(IPKernelApp):
    """Tells the client of its bound sockets, so that both go on at the same time."""

    connection: int

    @classmethod
    def telling(cls, connection: int) -> "TellingKernelApp":
        """The process's application, which tells whoever is at the connection and closes it."""
        app: TellingKernelApp = cls.instance(parent_handle=_NEVER_ENDS)
        app.connection = connection
        return app

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Take the arguments: the connection file, and options such as ``--Class.name=value``.

        Our kernels have no others, and a parser for all that there could be takes 7 ms.
        """
        match argv:
            case ["-f", file, *rest]:
                options = [option for option in map(_OPTION.fullmatch, rest) if option]
                if len(options) == len(rest):
                    self.update_config(_config(file, options))
                    return
        super().parse_command_line(argv)

    def init_sockets(self) -> None:
        """Bind the sockets and tell it."""
        super().init_sockets()
        with suppress(OSError):  # the client is gone, and so will we be
            os.write(self.connection, BOUND)
        os.close(self.connection)


def _config(connection_file: str, options: list[re.Match[str]]) -> Config:
    config = Config(IPKernelApp={"connection_file": connection_file})
    for option in options:
        name, trait, value = option.groups()
        config[name][trait] = DeferredConfigString(value)
    return config
