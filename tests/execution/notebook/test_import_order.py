"""Which notebooks need a fresh kernel, because they set variables before they import what may read them."""

from pathlib import Path

import pytest

from nightbook.execution.notebook.import_order import sets_variables_before_imports

SETS = [
    'import os\nos.environ["X"] = "1"',
    'import os\nos.environ.setdefault("X", "1")',
    'import os\nos.environ.update(X="1")',
    'import os\nos.environ |= {"X": "1"}',
    'import os\ndel os.environ["X"]',
    'import os\nos.putenv("X", "1")',
    'from os import environ\nenviron["X"] = "1"',
    'import os\nif True:\n    os.environ["X"] = "1"',
    "%env X=1",
    "%env X 1",
    "%set_env X=1",
    "from dotenv import load_dotenv\nload_dotenv()",
]
DO_NOT_SET = [
    'import os\nprint(os.environ["X"], os.environ.get("Y"))',
    "%env",
    "%env X",
    'settings = {}\nsettings["environ"] = 1',
    "!X=1 program",
]


@pytest.mark.parametrize("source", SETS)
def test_a_variable_before_an_import_needs_a_fresh_kernel(source: str, tmp_path: Path) -> None:
    assert sets_variables_before_imports([source, "import numpy"], tmp_path)
    assert not sets_variables_before_imports(
        ["import numpy\nimport dotenv", source.replace("from dotenv", "#")], tmp_path
    )


@pytest.mark.parametrize("source", DO_NOT_SET)
def test_a_variable_that_is_read_does_not(source: str, tmp_path: Path) -> None:
    assert not sets_variables_before_imports([source, "import numpy"], tmp_path)


def test_modules_of_the_standard_library_have_no_such_variables(tmp_path: Path) -> None:
    assert not sets_variables_before_imports([SETS[0], "import json"], tmp_path)


def test_modules_beside_the_notebook_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text(SETS[0])
    (tmp_path / "model.py").write_text("import numpy\nimport setup")

    assert sets_variables_before_imports(["import setup", "import numpy"], tmp_path)
    assert sets_variables_before_imports(["import setup, model"], tmp_path)
    assert not sets_variables_before_imports(["import model"], tmp_path)


def test_what_is_not_python_is_left_out(tmp_path: Path) -> None:
    assert not sets_variables_before_imports(["def"], tmp_path)
    assert sets_variables_before_imports(
        [SETS[0] + "\n!pip list\n%matplotlib inline\nimport numpy"], tmp_path
    )
