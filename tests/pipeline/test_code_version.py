"""A worker leaves when a run with other code begins."""

from pathlib import Path

import pytest

from nightbook import settings
from nightbook.pipeline.code_version import CodeWatcher, announce_code, code_digest


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose pipeline lies in a package ``flow``."""
    (tmp_path / "luigi.cfg").write_text("[nightbook]\npipeline = flow.pipe:Root\n")
    for name in ("flow", "notebooks", "other", "runs"):
        (tmp_path / name).mkdir()
    (tmp_path / "flow" / "pipe.py").write_text("this is no Python")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    settings.settings.cache_clear()
    return tmp_path


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("flow/pipe.py", True),
        ("flow/beside.py", True),
        ("notebooks/work.py", True),
        ("luigi.cfg", True),
        ("beside.py", True),
        ("other/module.py", False),
        ("runs/copy.py", False),
    ],
)
def test_code_that_a_run_depends_on_changes_the_digest(checkout: Path, file: str, *, counts: bool) -> None:
    before = code_digest()
    with (checkout / file).open("a") as changed:
        changed.write("\n# changed\n")

    assert (code_digest() != before) is counts


def test_a_pipeline_that_does_not_exist_has_no_folder(checkout: Path) -> None:
    (checkout / "luigi.cfg").write_text("[nightbook]\npipeline = nothing.here:Root\n")
    settings.settings.cache_clear()

    assert code_digest()


def test_a_watcher_sees_other_code_and_not_its_own(checkout: Path) -> None:
    runs = checkout / "runs"
    announce_code(runs)  # by a run that has ended
    watcher = CodeWatcher(runs)
    assert not watcher.changed()

    announce_code(runs)
    assert not watcher.changed()

    (checkout / "flow" / "pipe.py").write_text("other = 1")
    announce_code(runs)
    assert watcher.changed()
