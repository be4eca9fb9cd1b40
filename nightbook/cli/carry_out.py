"""The command line carried out: its exit code, and each error on one line."""

import sys

import click
from click.exceptions import NoArgsIsHelpError

from nightbook.cli.commands import COMMAND_LINE
from nightbook.cli.program import program
from nightbook.execution.processes.interruption import INTERRUPTED
from nightbook.record.format.visible_text import visible_line

_COMPLETION = "_NIGHTBOOK_COMPLETE"  # the variable by which shells ask for completions


def carry_out(arguments: list[str] | None) -> int:
    """Carry out one command and return the exit code, which ``nightbook --help`` explains."""
    try:
        code: int = COMMAND_LINE.main(
            arguments, prog_name=COMMAND_LINE.name, complete_var=_COMPLETION, standalone_mode=False
        )
    except NoArgsIsHelpError as error:
        error.show()  # the help itself
        return error.exit_code
    except click.ClickException as error:
        print(visible_line(f"error: {_one_line(error)}"), file=sys.stderr)
        return error.exit_code
    except click.Abort:  # Ctrl-C while the arguments were read
        return INTERRUPTED
    return code


def _one_line(error: click.ClickException) -> str:
    """Return what is wrong with the arguments, and how to read which are right."""
    message = " ".join(error.format_message().split()).removesuffix(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    command = context.command_path.replace(COMMAND_LINE.name or "", program(), 1)
    return f"{message}: `{command} --help` shows what there is"
