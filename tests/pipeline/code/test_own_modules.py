"""The own modules that a file imports, found without importing anything."""

import shutil
import sys
from pathlib import Path

import pytest

from nightbook.pipeline.code.own_modules import digests, is_own, project_folders


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a notebook, modules beside it, and a package."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "notebooks/work.py": "import near, numpy\nfrom flow.part import thing\nimport nightbook",
        "notebooks/near.py": "raise RuntimeError('is not imported')",
        "notebooks/other.py": "",
        "flow/__init__.py": "",
        "flow/part.py": "from . import beside\nfrom .deep.below import name",
        "flow/beside.py": "import flow.part  # a circle",
        "flow/deep/below.py": "this is no Python",
        "numpy.txt": "",
        ".venv/lib/hidden.py": "",
        "venv/site-packages/hidden.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def found(checkout: Path) -> dict[str, str]:
    start = checkout / "notebooks" / "work.py"
    files = digests([start], project_folders(start.parent))
    return {str(file.relative_to(checkout)): digest for file, digest in files.items()}


def test_own_modules_are_followed_from_one_to_the_next(checkout: Path) -> None:
    assert set(found(checkout)) == {
        "notebooks/work.py",
        "notebooks/near.py",
        "flow/__init__.py",
        "flow/part.py",
        "flow/beside.py",
        "flow/deep/below.py",
    }


def test_a_change_of_one_file_changes_its_digest_alone(checkout: Path) -> None:
    before = found(checkout)
    (checkout / "flow" / "beside.py").write_text("import near")

    after = found(checkout)

    assert {name for name in after if after[name] != before[name]} == {"flow/beside.py"}


def test_a_file_that_is_gone_is_left_out(checkout: Path) -> None:
    shutil.rmtree(checkout / "notebooks")

    assert found(checkout) == {}


def test_packages_of_an_environment_are_nobodys_own(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [checkout / ".venv" / "lib", checkout / "venv" / "site-packages"]
    monkeypatch.setattr(sys, "path", [*map(str, installed), *sys.path])

    assert not set(installed) & set(project_folders())
    assert not any(is_own(folder / "hidden.py") for folder in installed)
    assert is_own(checkout / "flow" / "part.py")
    assert not is_own(Path(__file__))
