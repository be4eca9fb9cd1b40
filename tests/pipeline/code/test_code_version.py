"""Which code is a run's, and whether a worker has it too."""

from pathlib import Path

import pytest

from nightbook import settings
from nightbook.pipeline.code.code_version import code_digest, has_other_code, write_code
from nightbook.record.format.layout import RunFolder


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


def test_a_run_has_the_code_of_its_newest_invocation(checkout: Path) -> None:
    run, own = RunFolder(checkout / "runs" / "20261123T031700Z-7f3a2c"), code_digest()
    assert not has_other_code(run, own)  # there is no such run

    write_code(run)
    assert not has_other_code(run, own)

    (checkout / "flow" / "pipe.py").write_text("other = 1")
    assert not has_other_code(run, own)  # what has been loaded counts
    write_code(run)
    assert has_other_code(run, own)


def test_a_run_of_an_older_version_has_other_code(checkout: Path) -> None:
    run = RunFolder(checkout / "runs" / "20261123T031700Z-7f3a2c")
    run.spans.mkdir(parents=True)
    run.invocation_spans(1).touch()

    assert has_other_code(run, code_digest())
