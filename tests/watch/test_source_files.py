"""Which saved files count."""

from pathlib import Path

import pytest
from watchfiles import Change

from nightbook.watch.source_files import Contents, Sources


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("notebooks/work.py", True),
        ("luigi.cfg", True),
        ("notebooks/.ipynb_checkpoints/work.py", False),
        ("notebooks/.work.py", False),
        ("runs/work.py", False),
        ("README.md", False),
    ],
)
def test_code_and_settings_count(file: str, *, counts: bool) -> None:
    assert Sources()(Change.modified, f"/project/{file}") is counts


def test_a_file_changes_with_its_content(tmp_path: Path) -> None:
    file = tmp_path / "work.py"
    file.write_text("# %%\n1")
    contents = Contents([file])

    assert contents.changed({file}) == set()
    file.write_text("# %%\n2")
    assert contents.changed({file}) == {file}
    assert contents.changed({file}) == set()
    file.unlink()
    assert contents.changed({file}) == {file}


def test_a_deleted_notebook_is_still_one(tmp_path: Path) -> None:
    notebook, module = tmp_path / "work.py", tmp_path / "shared.py"
    notebook.write_text("# %%\n1")
    module.write_text("def one(): ...")
    contents = Contents([notebook, module])
    notebook.unlink()
    contents.changed({notebook})

    assert contents.is_notebook(notebook)
    assert not contents.is_notebook(module)
