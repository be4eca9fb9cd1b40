"""What the warm process, its clients and its forks say to each other.

A connection is one kernel: the client names the notebook, and is greeted when all that this imports has
been imported. It asks for a kernel by a line of JSON, and is told by the kernel its process id and that
its sockets are bound. When the client closes the connection, or is gone, the kernel is killed.
"""

import json
import os
import socket
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace

ADDRESS_VARIABLE = "NIGHTBOOK_WARM_KERNELS"

# Importing takes seconds; a process that is not warm after so many will never be.
WARMING_TIMEOUT_S = 180

GREETING = b"warm\n"
BOUND = b"b"
_ID_BYTES = 10
_ANY = ""  # in place of a notebook: a kernel with whatever has been imported by now


@dataclass(frozen=True, slots=True)
class Preload:
    """What the warm process imports, and where and with which variables it does.

    ``needs`` are the modules that kernels of some notebooks wait for, by the notebook's path; those of
    others wait for all.
    """

    modules: list[str]
    cwd: str
    environment: dict[str, str] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)

    def to_line(self) -> bytes:
        """The message as it is sent."""
        return json.dumps(asdict(self)).encode() + b"\n"

    def needed_by(self, notebook: str) -> list[str]:
        """The modules that a kernel of the notebook waits for."""
        return [] if notebook == _ANY else self.needs.get(notebook, self.modules)

    def without(self, modules: Collection[str]) -> "Preload":
        """The same without some modules."""
        return replace(self, modules=[module for module in self.modules if module not in modules])

    @classmethod
    def from_line(cls, line: bytes) -> "Preload":
        """The message as it was sent."""
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class KernelRequest:
    """The kernel that a client wants: what ``subprocess.Popen`` would be told of a fresh one."""

    arguments: list[str]
    cwd: str
    environment: dict[str, str]
    log: str
    num_threads: int

    def to_line(self) -> bytes:
        """The message as it is sent."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "KernelRequest":
        """The message as it was sent."""
        return cls(**json.loads(line))


def warm_address() -> str | None:
    """Where this run's warm process listens, if it has one."""
    return os.environ.get(ADDRESS_VARIABLE)


def set_warm_address(address: str | None) -> None:
    """Tell this process and those it starts from now on where the warm process listens."""
    if address is None:
        os.environ.pop(ADDRESS_VARIABLE, None)
    else:
        os.environ[ADDRESS_VARIABLE] = address


def wait_until_warm(notebook: str) -> None:
    """Return when this run's warm process forks the notebook's kernel, or it is known that it will not.

    The kernel is expected soon after: for a moment nothing is imported that it would have to wait for.
    """
    address = warm_address()
    if address is not None:
        with suppress(OSError):
            connect(address, notebook).close()


def listen(address: str) -> socket.socket:
    """A socket that clients on this machine reach at ``address``, an abstract name."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(f"\0{address}")
    listener.listen(128)
    return listener


def process_message(pid: int) -> bytes:
    """A process id as it is sent."""
    return f"{pid:{_ID_BYTES}}".encode()


def receive_process(connection: socket.socket) -> int:
    """The process id that is received next; OSError if none is."""
    line = connection.recv(_ID_BYTES, socket.MSG_WAITALL)
    if len(line) < _ID_BYTES:
        raise ConnectionResetError("the warm process ended before it had forked a kernel")
    return int(line)


def notebook_message(notebook: str) -> bytes:
    """A notebook's path as it is sent."""
    return json.dumps(notebook).encode() + b"\n"


def connect(address: str, notebook: str = _ANY) -> socket.socket:
    """A connection to the warm process, when it is warm enough for the notebook; OSError if there is none."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(WARMING_TIMEOUT_S)
        connection.connect(f"\0{address}")
        connection.sendall(notebook_message(notebook))
        if connection.recv(len(GREETING), socket.MSG_WAITALL) != GREETING:
            raise ConnectionResetError("the warm process ended before it was warm")
    except OSError:
        connection.close()
        raise
    return connection
