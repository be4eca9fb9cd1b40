"""The engine that executes attempts on this machine, each in a forked process."""

import multiprocessing
import os
import random
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess

import psutil

from nightbook.execution.attempt import Job, OnProgress
from nightbook.execution.engines.base import Ended, run_attempt
from nightbook.execution.processes.exit_code import describe_exit
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.record.format.model import Error

_fork = multiprocessing.get_context("fork")


class LocalEngine:
    """Executes each attempt in a process that is a fork of the worker's, and dies with it."""

    capacity = None

    def start(self, job: Job, on_progress: OnProgress) -> "LocalHandle":
        """Fork a process that makes the attempt."""
        reader, writer = _fork.Pipe(duplex=False)
        process = _fork.Process(target=_make_attempt, args=(job, on_progress, writer, os.getpid()))
        process.start()
        writer.close()  # so that the reader sees the end of the process
        return LocalHandle(process, reader)

    def close(self) -> None:
        """Do nothing: the engine holds nothing besides its attempts."""


class LocalHandle:
    """A forked process that makes an attempt, and a pipe on which it says how the attempt ended."""

    def __init__(self, process: ForkProcess, reader: Connection) -> None:
        self._process = process
        self._reader = reader
        self._ended: Ended | None = None

    @property
    def sentinel(self) -> int | None:
        """The pipe; None once it has been read."""
        return None if self._ended else self._reader.fileno()

    def poll(self) -> Ended | None:
        """Return how the attempt ended, or None while its process lives."""
        if self._ended is None:
            alive = self._process.is_alive()  # asked first: what a dead process has sent is in the pipe
            if self._reader.poll():
                self._end(self._receive())
            elif not alive:
                self._end(None)
        return self._ended

    def cancel(self) -> None:
        """Kill the process, then its children.

        It goes first: it would record a kernel that is killed before it as the attempt's failure.
        """
        if self.poll() is not None:
            return
        children = []
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.join()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        self.poll()

    def _receive(self) -> Ended | None:
        try:
            ended: Ended = self._reader.recv()
        except (EOFError, OSError):  # it died before, or while, it sent
            return None
        return ended

    def _end(self, ended: Ended | None) -> None:
        self._reader.close()
        if ended is None:
            self._process.join()
            ended = Ended(_death(self._process.exitcode or 0), lost=True)
        self._ended = ended


def become_attempt_process(parent: int) -> None:
    """Make this process one that makes an attempt for a parent: it dies with the parent."""
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # with which the main process, or Luigi, ends this one


def _make_attempt(job: Job, on_progress: OnProgress, writer: Connection, parent: int) -> None:
    become_attempt_process(parent)
    random.seed()  # else each fork would draw the same numbers
    writer.send(run_attempt(job, on_progress))


def _death(exit_code: int) -> Error:
    """Return the error of a process that ended without a word; a negative code is a signal's number."""
    message = f"the attempt's process {describe_exit(exit_code)}, as the main process has noticed"
    return Error("ProcessDied", message, "")
