import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Return a function that writes a module, which the processes of the test can import.

    When it is imported, the module adds its name to the file ``imported``.
    """
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(name: str, source: str) -> str:
        note = f"\nopen({str(tmp_path / 'imported')!r}, 'a').write('{name} ')\n"
        file = tmp_path / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(source) + note)
        return name

    (tmp_path / "imported").touch()
    return write


@pytest.fixture
def imported(tmp_path: Path) -> Callable[[], list[str]]:
    """Return a function that returns the written modules that have been imported, in order."""
    return lambda: (tmp_path / "imported").read_text().split()
