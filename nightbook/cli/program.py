"""How this command line was started, for messages that say which command comes next."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from nightbook.record.format.layout import RunFolder
from nightbook.settings import read_settings

_NAME = "nightbook"


def program() -> str:
    """Return how to start this command line again from the current folder.

    It is ``nightbook`` if the shell finds the same script by that name, else the script's path, such as
    ``.venv/bin/nightbook``, or ``python -m nightbook`` if no script was used.
    """
    script = Path(sys.argv[0]).absolute()
    if script.name != _NAME or not script.is_file():
        return f"python -m {_NAME}"
    found = shutil.which(_NAME)
    if found is not None and script.samefile(found):
        return _NAME
    here = Path.cwd()
    return str(script.relative_to(here) if script.is_relative_to(here) else script)


def resume_command(folder: RunFolder) -> str:
    """Return the command that continues a run; in a container it is another, named by a variable."""
    command = os.environ.get("RESUME_COMMAND") or f"{program()} resume"
    return f"{command} {folder.run_id}{runs_option(folder.path.parent)}"


def runs_option(runs: Path) -> str:
    """Return the option that names the folder of runs, or nothing if it is the one that luigi.cfg names."""
    if runs.absolute() == read_settings(Path.cwd()).runs:
        return ""
    return f" --runs {shlex.quote(os.path.relpath(runs))}"
