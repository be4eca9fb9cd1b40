"""The client's side of the warm process: where it listens, connecting to it, waiting for it."""

import os
import socket
from contextlib import suppress

from nightbook.execution.warm_kernels.peer import wait_for_answer
from nightbook.execution.warm_kernels.protocol import WARM, WARMING_TIMEOUT_S, WaitRequest

ADDRESS_VARIABLE = "NIGHTBOOK_WARM_KERNELS"
_ANY_NOTEBOOK = ""  # no notebook has this path, so all modules are waited for
ATTEMPTS = 2  # a warm process that its standby replaces closes the connections without a kernel, once


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
    """Return a connection to the warm process; raise OSError if there is no such process."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(WARMING_TIMEOUT_S)
        connection.connect(socket_name(address))
    except OSError:
        connection.close()
        raise
    return connection


def wait_until_warm(notebook: str = _ANY_NOTEBOOK) -> None:
    """Wait until the warm process has imported what the notebook needs; by default, everything.

    Return at once if there is no such process, and when it ends or is stopped.
    """
    address = warm_address()
    if address is None:
        return
    for _ in range(ATTEMPTS):
        with suppress(OSError), connect(address) as connection:
            connection.sendall(WaitRequest(notebook).to_line())
            wait_for_answer(connection, WARMING_TIMEOUT_S)
            if connection.recv(len(WARM)) == WARM:
                return
