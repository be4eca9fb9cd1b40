"""The table of commands. A new command is a module with a ``run``, and a line here."""

import errno
import os
import sys

import click

import nightbook
from nightbook.cli.lazy_group import Entry, LazyGroup
from nightbook.execution.processes.interruption import INTERRUPTED
from nightbook.record.format.errors import NightbookError
from nightbook.record.format.visible_text import visible_lines

COMMANDS = (
    Entry("run", "Running", "nightbook.cli.run"),
    Entry("resume", "Running", "nightbook.cli.resume"),
    Entry("watch", "Running", "nightbook.cli.watch"),
    Entry("work", "Running", "nightbook.cli.work"),
    Entry("list", "Reading", "nightbook.cli.list_runs"),
    Entry("show", "Reading", "nightbook.cli.show"),
    Entry("logs", "Reading", "nightbook.cli.logs"),
    Entry("report", "Reading", "nightbook.cli.report"),
    Entry("gate", "Reading", "nightbook.cli.gate"),
    Entry("pack", "Publishing", "nightbook.cli.pack"),
    Entry("site", "Publishing", "nightbook.cli.site"),
    Entry("github", "Publishing", "nightbook.cli.github"),
    Entry("serve", "Serving", "nightbook.cli.serve"),
    Entry("scheduler", "Serving", "nightbook.cli.scheduler"),
    Entry("migrate", "Updating", "nightbook.cli.migrate"),
    Entry("container", "Updating", "nightbook.cli.container"),
)

_HELP = """Run a pipeline of notebooks, and read, publish and serve the records of its runs.

Exit codes: 0 the run succeeded, or passed the gate; 1 it did not; 2 the command could not be carried out;
130 it was interrupted.
"""


_NO_THREAD = "can't start new thread"  # Python has no class for it
_MENDS = {
    errno.EAGAIN: ": there are too many processes and threads; end some, or raise the limit (ulimit -u)",
    errno.EMFILE: ": raise the limit of this process (ulimit -n), or lower --workers",
    errno.ENFILE: ": the system has too many open files; close some",
    errno.ENOMEM: ": there is too little memory; end other programs, or lower --workers",
    errno.ENOSPC: ": free some space, then continue",
}


class CommandLine(LazyGroup):
    """The command ``nightbook``, which turns errors into messages and exit codes."""

    def invoke(self, ctx: click.Context) -> int:
        """Carry out the command and return its exit code."""
        try:
            code: int = super().invoke(ctx)
            sys.stdout.flush()
        except NightbookError as error:
            print(visible_lines(f"error: {error}"), file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return INTERRUPTED
        except BrokenPipeError:  # the reader of our output has enough, as in `show | head`
            # For what Python flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except OSError as error:  # a folder that cannot be written, a full disk, an unknown address
            where = f"{error.filename}: " if error.filename else ""
            mend = _MENDS.get(error.errno or 0, "")
            print(visible_lines(f"error: {where}{error.strerror or error}{mend}"), file=sys.stderr)
            return 2
        except RuntimeError as error:
            if str(error) != _NO_THREAD:
                raise
            print(f"error: {error}{_MENDS[errno.EAGAIN]}", file=sys.stderr)
            return 2
        return code


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 click's
    if wanted and not context.resilient_parsing:
        click.echo(f"nightbook {nightbook.__version__}")
        context.exit()


_VERSION = click.Option(
    ["--version"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version of nightbook.",
)

COMMAND_LINE = CommandLine("nightbook", COMMANDS, help=_HELP, params=[_VERSION])
