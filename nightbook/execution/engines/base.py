"""An engine: where attempts are executed."""

from dataclasses import dataclass
from typing import Protocol

from nightbook.execution.attempt import Job, OnProgress, describe_exception, make_attempt
from nightbook.record.format.model import Error


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended: with a success, or with an error.

    A ``lost`` attempt could not report its end itself: it was killed or cancelled, or its machine is gone.
    """

    error: Error | None = None
    lost: bool = False


class Handle(Protocol):
    """An attempt that an engine executes. Many handles live in one worker process."""

    @property
    def sentinel(self) -> int | None:
        """A file descriptor that is readable once ``poll`` may have news; None if ``poll`` must be tried.

        It only wakes up a worker that waits for many handles at once: the worker also polls without it.
        """

    def poll(self) -> Ended | None:
        """Return how the attempt ended, or None while it goes on. Never waits."""

    def cancel(self) -> None:
        """End the attempt with all its processes; from then on ``poll`` returns how it ended.

        Does nothing if it has ended.
        """


class Engine(Protocol):
    """Something that executes attempts, on this machine or on others.

    Making one costs nothing and holds nothing; ``start`` does.
    """

    @property
    def capacity(self) -> int | None:
        """How many processors it offers; None for those of the worker's machine."""

    def start(self, job: Job, on_progress: OnProgress) -> Handle:
        """Begin to execute an attempt, and return at once.

        The engine calls ``on_progress`` where it likes: in the attempt's process or in the worker's.
        """

    def close(self) -> None:
        """Release what the engine holds, such as connections; none of its attempts goes on."""


def run_attempt(job: Job, on_progress: OnProgress) -> Ended:
    """Make the attempt in this process and return how it ended: what engines execute."""
    try:
        make_attempt(job, on_progress)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 also a SystemExit ends an attempt, and not the engine
        return Ended(describe_exception(error))
    return Ended()
