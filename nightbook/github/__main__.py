"""The command line: ``python -m nightbook.github fetch | publish | newest | history | comment | doctor``.

Exit codes: 0 done; 1 `doctor` found something to do; 2 it could not be done; 130 interrupted.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from nightbook.github.commands import comment, doctor, fetch, history, newest, publish
from nightbook.github.connection import find_connection
from nightbook.record.format.errors import NightbookError


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stdout)
    try:
        connection = find_connection(
            os.environ, repository=options.repository, api_url=options.api_url, remote=options.remote
        )
        code: int = options.command(options, connection)
    except NightbookError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nightbook.github",
        description="Run records on GitHub. The token is the variable GITHUB_TOKEN or GH_TOKEN.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, text in (
        ("fetch", fetch, "bring a repository's records to this machine"),
        ("publish", publish, "the same, and add the new ones to the branch of records"),
        ("newest", newest, "tell whether a site that was just built has all archived records"),
        ("history", history, "bring the branch of records alone, for the gate"),
        ("comment", comment, "say in a pull request what its run has come to"),
        ("doctor", doctor, "tell what is not set up yet, and where to click"),
    ):
        one = commands.add_parser(name, help=text)
        one.set_defaults(command=command)
        one.add_argument("--repository", metavar="OWNER/NAME", help="default: this checkout's")
        one.add_argument("--api-url", metavar="URL", help="default: GITHUB_API_URL, or GitHub's")
        one.add_argument("--remote", metavar="URL", help="git's address of the repository")
        one.add_argument(
            "--archive", type=Path, default=Path("build/archive"), metavar="DIR", help="default: %(default)s"
        )
    for name in ("fetch", "publish"):
        commands.choices[name].add_argument("--runs", type=Path, metavar="DIR", help="folder of the records")
        commands.choices[name].add_argument(
            "--run-id", type=int, metavar="ID", help="of a workflow run to take although it is a fork's"
        )
    commands.choices["comment"].add_argument("--run-id", type=int, metavar="ID", required=True)
    commands.choices["comment"].add_argument("--attempt", type=int, metavar="N", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
