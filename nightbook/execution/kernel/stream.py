"""A kernel's standard output and error, of which no message is lost and little is in memory."""

import codecs
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread, OutStream

_CHUNK = 65_536  # characters of a message, and of the text that waits for one
_END = b"\0"  # of what is read from a file descriptor
_MAX_LOG_BYTES = 1_000_000
_MOST_WAITING = 100  # messages; ZeroMQ's default of 1,000 may be a gigabyte


def lose_nothing(thread: IOPubThread) -> None:
    """Have the thread that publishes wait for a client that is slower than the kernel.

    Without that, ZeroMQ drops messages. https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html
    """
    for option, value in ((zmq.XPUB_NODROP, 1), (zmq.SNDHWM, _MOST_WAITING)):
        thread.schedule(partial(thread.socket.setsockopt, option, value))
    _keep_pipe(thread)


def _keep_pipe(thread: IOPubThread) -> None:
    """Let the calling thread, the main one, publish until the process ends.

    Every 10 s ipykernel closes what threads that have ended published by. While exit hooks run, Python says
    of the main thread that it has ended.
    """
    thread._event_pipe  # noqa: B018, SLF001 is opened by its first use
    with thread._event_pipe_gc_lock:  # noqa: SLF001 no other way
        thread._event_pipes.pop(threading.current_thread())  # noqa: SLF001 as above


class KernelStream(OutStream):
    """Publishes what is written in messages of limited size, and waits until each is on its way.

    Otherwise the text of a loop that prints would fill the memory.
    """

    flush_timeout: Any = None  # the notebook's deadline ends what waits for ever
    _unpublished = 0

    @property
    def parent_header(self) -> dict[str, Any]:
        """The request to which output belongs: the last one, in threads and exit hooks that know none."""
        return self._parent_header.get({}) or self._parent_header_global

    @parent_header.setter
    def parent_header(self, header: dict[str, Any]) -> None:
        self._parent_header.set(header)
        self._parent_header_global = header

    def write(self, string: str) -> int:
        """Write the text; publish it whenever there is enough for a message."""
        if not isinstance(string, str) or len(string) <= _CHUNK:
            return self._write(string)
        for start in range(0, len(string), _CHUNK):
            self._write(string[start : start + _CHUNK])
        return len(string)

    def _write(self, string: str) -> int:
        super().write(string)
        self._unpublished += len(string)
        if self._unpublished >= _CHUNK:
            self.flush()  # type: ignore[no-untyped-call]
        return len(string)

    def _schedule_flush(self) -> None:
        """Have the text published a moment later, after all that has been displayed until then."""
        if self._flush_pending:
            return
        self._flush_pending = True
        flush = partial(self.pub_thread.schedule, self._flush)
        self.pub_thread.schedule(partial(self._io_loop.call_later, self.flush_interval, flush))

    def _flush(self) -> None:
        """Publish the text; return when the client's queue has taken it."""
        self._flush_pending = self._subprocess_flush_pending = False
        self._unpublished = 0
        for parent, text in self._flush_buffers():  # type: ignore[no-untyped-call]
            if text:
                self._publish(parent, text)

    def _publish(self, parent: dict[str, Any], text: str) -> None:
        self.session.pid = os.getpid()  # this works in forks, too, and the session asks for its own process
        message = self.session.msg("stream", {"name": self.name, "text": text}, parent=parent)
        for hook in self._hooks:
            message = hook(message)
            if message is None:
                return
        # Directly: the thread that publishes would wait for itself if it had thousands of its own events.
        self.pub_thread._really_send(self.session.serialize(message, ident=self.topic))  # noqa: SLF001

    def _watch_pipe_fd(self) -> None:
        """Publish what other code and other programs write to the file descriptor, and add it to the log.

        A character may be divided between two pieces.
        """
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with suppress(OSError, ValueError):
            for data in self._read_pipe():
                self.write(decoder.decode(data))
                self._log(data)

    def stop_watching(self, timeout_s: float) -> None:
        """Wait until all is written that the file descriptor has received, and read no more of it."""
        if not self._should_watch or self._fid is None:
            return
        self._should_watch = False
        with suppress(OSError):  # the notebook has closed the descriptor
            if os.path.sameopenfile(self._original_stdstream_fd, self._fid):  # else it is another file
                os.write(self._original_stdstream_fd, _END)
                self.watch_fd_thread.join(timeout_s)

    def _read_pipe(self) -> Iterator[bytes]:
        while self._fid is not None and (data := os.read(self._fid, _CHUNK)):
            if not self._should_watch and data.endswith(_END):
                yield data.removesuffix(_END)
                return
            yield data

    def _log(self, data: bytes) -> None:
        """Write to the kernel's original stream; a file of it is begun anew when it gets large."""
        log = self._original_stdstream_copy
        with suppress(OSError):  # it is no file
            if os.fstat(log).st_size > _MAX_LOG_BYTES:
                os.ftruncate(log, 0)
        os.write(log, data)
