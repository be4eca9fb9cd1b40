from pathlib import Path

from nightbook.execution.warm_kernels.imports import find_imports


def test_imports_of_notebooks_and_of_the_modules_that_they_share(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "tables.py").write_text("import csv as c\nfrom . import figures\n")
    (tmp_path / "shared" / "figures.py").write_text("import matplotlib\nfrom .tables import show\n")
    (tmp_path / "own.py").write_text("import random")
    (tmp_path / "first-steps.py").write_text(
        "# %%\nimport numpy as np, own\nfrom shared import tables\n"
        "# %%\ndef late():\n    from sklearn.svm import SVC\n"
    )
    (tmp_path / "second.py").write_text("from shared.figures import draw")
    (tmp_path / "broken.py").write_text("import (")
    (tmp_path / "binary.py").write_bytes(b"\xff\x00")

    found = {
        Path(file).relative_to(tmp_path).as_posix(): modules
        for file, modules in find_imports(tmp_path).items()
    }

    assert found == {
        "first-steps.py": ["numpy", "sklearn.svm", "sklearn.svm.SVC", "random", "csv", "matplotlib"],
        "second.py": ["matplotlib", "csv"],
        "shared/tables.py": ["csv", "matplotlib"],
        "shared/figures.py": ["matplotlib", "csv"],
        "own.py": ["random"],
        "broken.py": [],
        "binary.py": [],
    }


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert find_imports(tmp_path / "none") == {}
