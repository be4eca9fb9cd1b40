"""The command line: ``python -m tasks run | resume | list | show | report``.

Exit codes: 0 the run succeeded; 1 it did not; 2 it could not be started or found; 130 interrupted.
"""

import argparse
import sys
from pathlib import Path

from tasks.cli import list_runs, report, resume, run, show
from tasks.runlog.errors import NightbookError


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except NightbookError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has enough, as in `show | head`
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tasks", description="Run a pipeline of notebooks.")
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
    new.set_defaults(command=run)

    again = commands.add_parser("resume", help="continue a run that failed or was killed")
    again.add_argument("run_id", nargs="?", help="default: the newest run")
    again.set_defaults(command=resume)

    for parser_of in (new, again):
        parser_of.add_argument("--notebooks", type=Path, metavar="DIR", help="folder of the notebooks")
        parser_of.add_argument("--workers", type=_positive, metavar="N", help="default: all processors")
        parser_of.add_argument(
            "--scheduler", metavar="URL", help="a running luigid, such as http://localhost:8082"
        )

    listing = commands.add_parser("list", help="list the runs")
    listing.set_defaults(command=list_runs)
    for name, command, text in (
        ("show", show, "show a run's tasks, metrics and errors"),
        ("report", report, "make a run's diagrams and summary again"),
    ):
        one = commands.add_parser(name, help=text)
        one.add_argument("run_id", nargs="?", help="default: the newest run")
        one.set_defaults(command=command)

    for parser_of in commands.choices.values():
        parser_of.add_argument("--runs", type=Path, metavar="DIR", help="folder of the run records")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
