"""How this command line was started, for messages that say which command comes next."""

import shutil
import sys
from pathlib import Path

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
