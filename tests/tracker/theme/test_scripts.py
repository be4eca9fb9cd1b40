"""The parts of the site's scripts that need no page, tested by Node.js."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"


# Continuous integration has Node.js: there, its absence is a failure.
@pytest.mark.skipif(not os.environ.get("CI") and shutil.which("node") is None, reason="needs Node.js")
@pytest.mark.parametrize("file", sorted(SCRIPTS.glob("*.test.mjs")), ids=lambda file: file.name)
def test_script(file: Path) -> None:
    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", file],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHON": sys.executable},
        timeout=600,
    )

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
