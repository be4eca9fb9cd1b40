"""The command line: ``nightbook run | resume | list | show | report | gate | pack | scheduler | work``.

Exit codes: 0 the run succeeded, or passed the gate; 1 it did not; 2 it could not be started or found;
130 interrupted.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from nightbook.record.format.errors import NightbookError

if TYPE_CHECKING:
    from nightbook.execution.warm_kernels.process import WarmProcess

_RUNNING = ("run", "resume", "work")


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = _carry_out(options)
    except NightbookError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has enough, as in `show | head`
        return 0
    return code


def _carry_out(options: argparse.Namespace) -> int:
    """Carry out the command; the warm process imports what it needs while this one does."""
    with ExitStack() as stack:
        options.warm = _start_warm_process(stack) if options.command in _RUNNING else None
        from nightbook.cli.commands import COMMANDS  # noqa: PLC0415 takes its time

        return COMMANDS[options.command](options)


def _start_warm_process(stack: ExitStack) -> "WarmProcess | None":
    """A process for what runs notebooks; it ends with the stack, and so does all that they start."""
    from nightbook.execution.processes.reaper import reaped_processes  # noqa: PLC0415 for these commands only
    from nightbook.execution.warm_kernels.process import warm_process  # noqa: PLC0415

    stack.enter_context(reaped_processes())
    return stack.enter_context(warm_process())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nightbook", description="Run a pipeline of notebooks.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    new = commands.add_parser("run", help="start a new run")
    new.add_argument("--pipeline", metavar="MODULE:CLASS", help="another pipeline than luigi.cfg names")
    new.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter of the pipeline, such as environment=ci",
    )
    new.set_defaults(command="run")

    again = commands.add_parser("resume", help="continue a run that failed or was killed")
    again.add_argument("run_id", nargs="?", help="default: the newest run")
    again.set_defaults(command="resume")

    other = commands.add_parser("work", help="run tasks for others, as their scheduler hands them out")
    other.set_defaults(command="work")

    for one in (new, again, other):
        one.add_argument("--notebooks", type=Path, metavar="DIR", help="folder of the notebooks")
        one.add_argument("--workers", type=_positive, metavar="N", help="default: all processors")
        one.add_argument(
            "--scheduler", metavar="URL", required=one is other, help="such as http://localhost:8082"
        )

    server = commands.add_parser("scheduler", help="serve Luigi's scheduler and its pages")
    server.add_argument("--address", default="127.0.0.1", help="it has no authentication (%(default)s)")
    server.add_argument("--port", type=_positive, default=8082, help="default: %(default)s")
    server.set_defaults(command="scheduler")

    listing = commands.add_parser("list", help="list the runs")
    listing.set_defaults(command="list")
    for name, text in (
        ("show", "show a run's tasks, metrics and errors"),
        ("report", "make a run's diagrams and summary again"),
        ("gate", "compare a run's metrics with the main branch's last runs"),
        ("pack", "copy what may be published of a run"),
    ):
        one = commands.add_parser(name, help=text)
        one.add_argument("run_id", nargs="?", help="default: the newest run")
        one.set_defaults(command=name)
    commands.choices["gate"].add_argument(
        "--against", type=Path, metavar="DIR", required=True, help="folder with the main branch's records"
    )
    commands.choices["pack"].add_argument(
        "--into", type=Path, metavar="DIR", required=True, help="the record becomes a folder in it"
    )

    for one in commands.choices.values():
        one.add_argument("--runs", type=Path, metavar="DIR", help="folder of the run records")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
