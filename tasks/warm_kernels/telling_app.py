"""ipykernel's application, telling of its bound sockets. Its class is made before kernels are forked."""

import os
from contextlib import suppress

from ipykernel.kernelapp import IPKernelApp

from tasks.warm_kernels.protocol import BOUND

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

    def init_sockets(self) -> None:
        """Bind the sockets and tell it."""
        super().init_sockets()
        with suppress(OSError):  # the client is gone, and so will we be
            os.write(self.connection, BOUND)
        os.close(self.connection)
