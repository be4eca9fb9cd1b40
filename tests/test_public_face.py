"""The names that ``import nightbook`` offers: they cost little, are typed, and their examples are true."""

import ast
import doctest
import inspect
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nightbook
from nightbook.record.format.layout import RunFolder
from tests.support.project import REPOSITORY
from tests.support.recording import RUN_ID, python, run_attempt

FROZEN = REPOSITORY / "tests" / "record" / "records" / "v1" / RUN_ID
FRAMEWORKS = {
    "luigi",
    "jupyter_client",
    "jupyter_core",
    "jupytext",
    "nbclient",
    "nbconvert",
    "nbformat",
    "IPython",
}
FEW_MODULES = 40


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a project whose only run is the frozen record, with outputs of two tasks."""
    (tmp_path / "luigi.cfg").touch()
    run = RunFolder(Path(shutil.copytree(FROZEN, tmp_path / "runs" / RUN_ID)))
    for task_id in ("clean-data", "train/size=600", "train/size=800"):
        run_attempt(run, task_id)
        run.task(task_id).output.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RUN_ENVIRONMENT", raising=False)
    return tmp_path


def loaded_by(source: str, folder: Path) -> set[str]:
    """The modules that a fresh interpreter loads to run the source."""
    done = python(
        f"import sys; before = set(sys.modules); {source}; print(*(set(sys.modules) - before))", folder, {}
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_else_of_it(tmp_path: Path) -> None:
    loaded = loaded_by("import nightbook", tmp_path)
    print(f"import nightbook loads {len(loaded)} modules: {sorted(loaded)}")

    assert {name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names} == {"nightbook"}
    assert len(loaded) < FEW_MODULES


def test_a_notebook_that_logs_loads_neither_luigi_nor_jupyter(tmp_path: Path) -> None:
    loaded = loaded_by("import nightbook; nightbook.log_metric", tmp_path)

    assert "nightbook.record.logger" in loaded
    assert {name.partition(".")[0] for name in loaded}.isdisjoint(FRAMEWORKS)


def test_the_public_names_are_those_of_all() -> None:
    assert sorted(nightbook.__all__) == nightbook.__all__
    assert {name for name in dir(nightbook) if not name.startswith("_")} == set(nightbook.__all__)


def test_every_public_name_is_what_its_module_defines() -> None:
    for name in nightbook.__all__:
        assert getattr(nightbook, name).__name__ == name


@pytest.mark.parametrize("name", ["log_everything", "__wrapped__"])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'nightbook' has no attribute '{name}'"):
        getattr(nightbook, name)


def test_types_are_imported_from_where_the_values_are() -> None:
    imports = [
        (name.name, statement.module)
        for block in ast.parse(inspect.getsource(nightbook)).body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    ]

    assert sorted(imports) == [(name, getattr(nightbook, name).__module__) for name in nightbook.__all__]


def test_a_type_checker_knows_every_public_name(tmp_path: Path) -> None:
    file = tmp_path / "use.py"
    uses = "".join(f"reveal_type(nightbook.{name})\n" for name in nightbook.__all__)
    file.write_text(f"import nightbook\n{uses}nightbook.log_metric('accuracy', 'high')\n")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "nightbook/pyproject.toml", str(file)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    revealed = [line for line in done.stdout.splitlines() if "Revealed type is" in line]
    assert len(revealed) == len(nightbook.__all__), done.stdout
    assert not [line for line in revealed if line.endswith('"Any"')]
    assert 'Argument 2 to "log_metric" has incompatible type "str"' in done.stdout


@pytest.mark.parametrize("name", nightbook.__all__)
def test_every_public_name_has_an_example_that_is_true(name: str, project: Path) -> None:
    public = getattr(nightbook, name)
    [test] = doctest.DocTestFinder(recurse=False).find(inspect.unwrap(public), name, globs={})
    said: list[str] = []

    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)

    assert any(f"nightbook.{name}" in example.source for example in test.examples), f"{name} has no example"
    assert result.failed == 0, "".join(said)
    assert project.is_dir()
