"""The command that builds the site, as a process of its own: its code may change."""

import json
import sys
from pathlib import Path


def build_command(config: Path, *, output: Path, runs: Path, cache: Path) -> list[str]:
    """Return the command that builds the site of ``config``, such as pelicanconf.py, from the records.

    ``cache`` is the folder of earlier builds' findings. An error of Pelican's is one of the command, too.
    """
    settings = {"RUNS": str(runs), "CACHE_PATH": str(cache)}
    return [
        str(Path(sys.executable).with_name("pelican")),
        *("--settings", str(config), "--output", str(output)),
        *("--fatal", "errors"),  # with --quiet, no error would be fatal
        *("--extra-settings", *(f"{name}={json.dumps(value)}" for name, value in settings.items())),
    ]
