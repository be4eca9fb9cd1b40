"""A clock on the wall that a test sets while processes go on: libfaketime, which changes no other clock."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

_LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
# Continuous integration has it: there, a missing library is a failure.
needs_faketime = pytest.mark.skipif(
    not _LIBRARIES and not os.environ.get("CI"), reason="needs libfaketime: `apt-get install faketime`"
)
# libfaketime 0.9.10 takes the moment on the monotonic clock, until which Python 3.11 sleeps, for one on the
# clock that it sets, and the sleep is endless or an error.
_SLEEP = """\
import select, time
time.sleep = lambda seconds: select.select((), (), (), seconds) and None
"""


@dataclass(frozen=True)
class SetClock:
    """A folder whose file says how far the clock is from the real one, such as ``-1h`` or ``+30d``."""

    folder: Path

    @property
    def file(self) -> Path:
        """The file, which a process may write as well."""
        return self.folder / "offset"

    def set(self, offset: str) -> None:
        """Set the clock of all processes that have ``environment``; they notice it within a second."""
        self.file.write_text(offset + "\n", encoding="ascii")

    @property
    def environment(self) -> dict[str, str]:
        """The variables of processes that have this clock."""
        (self.folder / "sitecustomize.py").write_text(_SLEEP, encoding="ascii")
        return {
            "PYTHONPATH": str(self.folder),
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
        }
