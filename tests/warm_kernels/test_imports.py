from pathlib import Path

from tasks.warm_kernels.imports import find_imports


def test_imports_of_notebooks_and_of_what_they_share(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "tables.py").write_text("import csv as c\nfrom . import figures\n")
    (tmp_path / "own.py").write_text("")
    (tmp_path / "first-steps.py").write_text(
        "# %%\nimport numpy as np, own\nfrom shared import tables\n"
        "# %%\ndef late():\n    from sklearn.svm import SVC\n"
    )
    (tmp_path / "broken.py").write_text("import (")
    (tmp_path / "binary.py").write_bytes(b"\xff\x00")

    assert find_imports(tmp_path) == ["csv", "numpy", "sklearn.svm", "sklearn.svm.SVC"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert find_imports(tmp_path / "none") == []
