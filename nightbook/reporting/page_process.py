"""A process that makes the pages of notebooks: one that crashes or hangs takes nothing else along."""

import os
import select
import signal
from collections.abc import Callable, Sequence

from nightbook.execution.processes.exit_code import describe_exit
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.render.plain_text import one_line

MakePage = Callable[[AttemptFolder], None]

_DONE = b"\n"
_CHUNK_BYTES = 4096
_MAX_PROBLEM = 500


def make_apart(make: MakePage, attempts: Sequence[AttemptFolder], timeout_s: float) -> tuple[int, str]:
    """Make pages in a fork until one fails; return how many were made, and why the next one was not.

    The problem is an empty text if all were made. A page takes no longer than ``timeout_s``.
    """
    reader, writer = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if not child:
        try:
            die_with_parent(parent)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
            os.close(reader)
            _make_all(make, attempts, writer)
        finally:
            os._exit(0)
    os.close(writer)
    ended = False
    try:
        said, ended = _listen(reader, timeout_s)
    finally:
        os.close(reader)
        if not ended:
            os.kill(child, signal.SIGKILL)  # pages are written whole or not at all
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    made = said.count(_DONE)
    problem = said.rpartition(_DONE)[2].decode(errors="replace")
    if made < len(attempts) and not problem:
        problem = f"it {describe_exit(code)}" if ended else f"it took more than {timeout_s:g} s"
    return made, problem


def _make_all(make: MakePage, attempts: Sequence[AttemptFolder], writer: int) -> None:
    """Make the pages, and say so of each; say of one that fails why, and end."""
    for attempt in attempts:
        try:
            make(attempt)
        except BaseException as error:  # noqa: BLE001 nbconvert and what it calls may raise anything
            text = one_line(f"{type(error).__name__}: {error}", _MAX_PROBLEM)
            os.write(writer, text.encode(errors="replace"))
            return
        os.write(writer, _DONE)


def _listen(reader: int, timeout_s: float) -> tuple[bytes, bool]:
    """Return what the process says until it ends, and False if a page took too long."""
    poll = select.poll()  # `select` itself fails for descriptors from 1024 on
    poll.register(reader, select.POLLIN)
    said = b""
    while poll.poll(timeout_s * 1000):
        data = os.read(reader, _CHUNK_BYTES)
        if not data:
            return said, True
        said += data
    return said, False
