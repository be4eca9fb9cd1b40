"""The process of a command."""

import errno
import os
import signal
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.record.format.errors import NightbookError

_MENDS = {
    errno.ENOEXEC: "let the file begin with its interpreter, as in #!/bin/sh",
    errno.E2BIG: "hand large values over in a file",
}


class CommandError(NightbookError):
    """A command that the system does not execute."""


def start_command(arguments: list[str], environment: Mapping[str, str], cwd: Path, output: int) -> int:
    """Start the command as the leader of a session of its own; return its id.

    Raise CommandError if the system refuses.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 the task's own command
            arguments,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=partial(_prepare, os.getpid()),  # noqa: PLW1509 there are no threads
        )
    except OSError as error:
        mend = _MENDS.get(error.errno or 0, "correct the command")
        raise CommandError(f"the command cannot be executed: {error.strerror}: {mend}") from error
    process.returncode = 0  # who supervises the process waits for it, by its id
    return process.pid


def _prepare(parent: int) -> None:
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an attempt's process ignores it, which would be inherited
