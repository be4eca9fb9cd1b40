"""The messages between the warm process, its clients, and the kernels that it forks.

A client connects and sends one request, a line of JSON:

- A ``WaitRequest`` is answered by ``WARM`` as soon as everything that the notebook imports is imported.
- A ``KernelRequest`` comes with two file descriptors, the kernel's standard output and error. The kernel
  answers with its process id, and with ``BOUND`` when its sockets are bound. It belongs to the connection:
  when the client closes that, or dies, the warm process kills the kernel.
"""

import json
import socket
from dataclasses import asdict, dataclass, field
from typing import Self

# Importing takes seconds; a process that is still importing after this time never finishes.
WARMING_TIMEOUT_S = 180

BACKLOG = 1024  # clients that connect during an import

WARM = b"w"
BOUND = b"b"
_ID_BYTES = 10


@dataclass(frozen=True, slots=True)
class _Message:
    def to_line(self) -> bytes:
        """Return the message as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Return the message that the line holds."""
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Preload(_Message):
    """The modules that the warm process imports, in this order, and its folder and variables meanwhile.

    ``needs`` maps the path of a notebook to the modules that its kernel waits for; the kernel of any other
    notebook waits for all modules.
    """

    modules: list[str]
    cwd: str
    environment: dict[str, str] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)

    def needed_by(self, notebook: str) -> list[str]:
        """Return the modules that the notebook's kernel waits for."""
        return self.needs.get(notebook, self.modules)


@dataclass(frozen=True, slots=True)
class WaitRequest(_Message):
    """A request for an answer as soon as everything that the notebook imports is imported."""

    notebook: str


@dataclass(frozen=True, slots=True)
class KernelRequest(_Message):
    """A request for a kernel: the arguments that ``subprocess.Popen`` would get for a fresh one."""

    arguments: list[str]
    cwd: str
    environment: dict[str, str]
    num_threads: int


def parse_request(line: bytes) -> WaitRequest | KernelRequest:
    """Return the request that the line holds."""
    return WaitRequest.from_line(line) if "notebook" in json.loads(line) else KernelRequest.from_line(line)


def process_message(pid: int) -> bytes:
    """Return a process id as it is sent."""
    return f"{pid:{_ID_BYTES}}".encode()


def receive_process(connection: socket.socket) -> int:
    """Return the process id that is received next; raise OSError if the connection ends before."""
    line = connection.recv(_ID_BYTES, socket.MSG_WAITALL)
    if len(line) < _ID_BYTES:
        raise ConnectionResetError("the warm process ended before it had forked a kernel")
    return int(line)
