"""The client's side of the warm process: where it listens, connecting to it, waiting for it."""

import os
import socket
from contextlib import suppress

from nightbook.execution.warm_kernels.protocol import WARM, WARMING_TIMEOUT_S

ADDRESS_VARIABLE = "NIGHTBOOK_WARM_KERNELS"


def warm_address() -> str | None:
    """Return the address of this run's warm process, or None if there is none."""
    return os.environ.get(ADDRESS_VARIABLE)


def set_warm_address(address: str | None) -> None:
    """Set the address for this process and all that it starts from now on; None removes it."""
    if address is None:
        os.environ.pop(ADDRESS_VARIABLE, None)
    else:
        os.environ[ADDRESS_VARIABLE] = address


def socket_name(address: str) -> str:
    """Return the name of the socket. It is abstract (`man 7 unix`): no file that could be left behind."""
    return f"\0{address}"


def connect(address: str) -> socket.socket:
    """Return a connection to the process when it is warm; raise OSError if there is no such process."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(WARMING_TIMEOUT_S)
        connection.connect(socket_name(address))
        if connection.recv(len(WARM)) != WARM:
            raise ConnectionResetError("the warm process ended before it was warm")
    except OSError:
        connection.close()
        raise
    return connection


def wait_until_warm() -> None:
    """Wait until the warm process has imported everything; do nothing if there is no such process."""
    address = warm_address()
    if address is not None:
        with suppress(OSError):
            connect(address).close()
