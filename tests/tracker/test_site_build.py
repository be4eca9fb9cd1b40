"""Whoever starts a build of the site does not load what only the build needs."""

import subprocess
import sys
from pathlib import Path

from nightbook.tracker.site_build import build_command


def test_the_command_is_known_without_pelican() -> None:
    code = (
        "import sys, nightbook.tracker.serve, nightbook.tracker.site_build; print('pelican' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_paths_with_spaces_and_quotes_are_settings(tmp_path: Path) -> None:
    """Pelican reads each value as JSON."""
    (tmp_path / "conf.py").write_text("PATH = '.'\n")
    command = build_command(
        tmp_path / "conf.py", output=tmp_path / "out put", runs=tmp_path / 'r"uns', cache=tmp_path / "cache"
    )

    shown = subprocess.run([*command, "--print-settings", "RUNS"], capture_output=True, text=True, check=True)

    assert 'r"uns' in shown.stdout
