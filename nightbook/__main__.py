"""The command ``nightbook``, also as ``python -m nightbook``: see ``nightbook --help``."""

import sys

import click

from nightbook.cli.commands import COMMAND_LINE

_INTERRUPTED = 130
_COMPLETION = "_NIGHTBOOK_COMPLETE"  # the variable by which shells ask for completions


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command and return the exit code, which ``nightbook --help`` explains."""
    try:
        code: int = COMMAND_LINE.main(
            arguments, prog_name=COMMAND_LINE.name, complete_var=_COMPLETION, standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:  # Ctrl-C while the arguments were read
        return _INTERRUPTED
    return code


if __name__ == "__main__":
    sys.exit(main())
