"""A notebook's text gets the task's values, and errors name the cell and the fix."""

import datetime as dt
import math
import re
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from luigi.date_interval import Custom, Month, Week

from nightbook.execution.notebook.source import NotebookSourceError, code_cells, prepare_notebook
from nightbook.record.format.model import Outcome

SOURCE = """\
# %% [markdown]
# # Title

# %% tags=["parameters"]
size = 1
output_dir = None

# %%

# %%
size + 1
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    file = tmp_path / "work.py"
    file.write_text(SOURCE)
    return file


def test_the_values_are_injected_after_their_defaults(notebook: Path) -> None:
    paths = {"output_dir": notebook.parent / "runs" / "output", "inputs": Path("not asked for")}

    prepared = prepare_notebook(notebook, {"size": 2}, paths, notebook.parent / "runs")

    defaults, injected, last = (prepared.cells[position].source for position in code_cells(prepared))
    assert (defaults, last) == ("size = 1\noutput_dir = None", "size + 1")
    assert injected.splitlines()[1:] == [
        "import os as _nightbook_os",
        "import pathlib as _nightbook_pathlib",
        '_nightbook_run = _nightbook_pathlib.Path(_nightbook_os.environ["NIGHTBOOK_RUN"]).resolve()',
        "size = 2",
        "output_dir = (_nightbook_run / 'output')",
        "del _nightbook_run, _nightbook_os, _nightbook_pathlib",
    ]


def test_inputs_keep_their_structure(notebook: Path) -> None:
    notebook.write_text(SOURCE.replace("output_dir = None", "inputs = {}"))
    here = notebook.parent

    inputs = {"a": here / "runs" / "a", "b": [here / "b", "s3://b"]}
    prepared = prepare_notebook(notebook, {"size": 2}, {"inputs": inputs}, here / "runs")

    paths = values(prepared.cells[2].source, here / "runs")["inputs"]
    assert paths == {"a": here / "runs" / "a", "b": [here / "b", "s3://b"]}


@pytest.mark.promise("The paths that a notebook is given do not name the machine.")
def test_paths_reveal_nothing_of_the_machine(notebook: Path) -> None:
    paths = {"output_dir": notebook.parent / "elsewhere"}

    prepared = prepare_notebook(notebook, {"size": 2}, paths, notebook.parent / "runs")

    assert str(notebook.parent) not in prepared.cells[2].source


@pytest.mark.parametrize(
    "value",
    [
        math.inf,
        -math.inf,
        {"a": [math.inf, 1.5]},
        (1, ("a",)),
        [1, [2, None, True]],
        frozenset({1, 2}),
        dt.date(2026, 1, 2),
        dt.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC),
        dt.timedelta(days=-1, microseconds=3),
        Path("data/x.csv"),
        Decimal("1.10"),
        b"x",
        Month(2026, 2),
        Week(2026, 7),
        Custom(dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
        Outcome.SUCCESS,
        re.MULTILINE | re.DOTALL,
        'it\'s \n "text"',
    ],
    ids=str,
)
def test_a_value_arrives_as_what_it_is(notebook: Path, value: object) -> None:
    prepared = prepare_notebook(notebook, {"size": value}, {"output_dir": notebook}, notebook.parent)

    arrived = values(prepared.cells[2].source, notebook.parent)
    assert (arrived["size"], type(arrived["size"])) == (value, type(value))
    assert sorted(arrived) == ["Path", "__builtins__", "output_dir", "size"]
    assert arrived["Path"] == "the notebook's own"


def test_not_a_number_arrives_as_that(notebook: Path) -> None:
    prepared = prepare_notebook(notebook, {"size": [math.nan]}, {"output_dir": notebook}, notebook.parent)

    assert math.isnan(values(prepared.cells[2].source, notebook.parent)["size"][0])


class Unheard:
    """A type that nobody knows how to write."""


def test_a_value_that_cannot_be_handed_over_is_named(notebook: Path) -> None:
    class Local(Enum):
        A = 1

    for value, words in ((Unheard(), "the type Unheard"), ([Local.A], "Local.A")):
        with pytest.raises(NotebookSourceError, match=r"cannot be given the parameter size, a") as raised:
            prepare_notebook(notebook, {"size": value}, {"output_dir": notebook}, notebook.parent)
        assert words.removesuffix(".A") in str(raised.value)
        assert "parameter_values = text" in str(raised.value)


@pytest.mark.parametrize(
    "use",
    [
        "x = 1",
        "output_dir = 'mine'\nprint(output_dir)",
        "def f(inputs):\n    return inputs",
        "for inputs in []:\n    print(inputs)",
        "from shared.files import *\nprint(output_dir)",
        "%%bash\necho $output_dir",
        "print('output_dir')",
    ],
)
def test_a_notebook_that_gets_nothing_needs_no_parameters_cell(notebook: Path, use: str) -> None:
    notebook.write_text(f"# %%\n{use}\n")

    prepared = prepare_notebook(notebook, {}, {"output_dir": notebook, "inputs": notebook}, notebook.parent)

    assert [cell.source for cell in prepared.cells] == [use]


@pytest.mark.parametrize(
    ("use", "parameters", "paste"),
    [
        ("x = 1", {"size": 2}, ["size = 2"]),
        ("x = 1", {"size": dt.date(2026, 1, 1)}, ["size = None"]),
        ("print(output_dir)", {}, ["import nightbook", "", "output_dir = nightbook.scratch_dir()"]),
        (
            "%matplotlib inline\nx = [inputs]",
            {},
            ["import nightbook", "", "inputs = nightbook.newest_output("],
        ),
        ("%%time\nopen(output_dir)", {}, ["import nightbook", "", "output_dir = nightbook.scratch_dir()"]),
    ],
)
def test_a_missing_parameters_cell_is_shown(
    notebook: Path, use: str, parameters: dict[str, object], paste: list[str]
) -> None:
    notebook.write_text(f"# %%\n{use}\n")

    with pytest.raises(NotebookSourceError) as raised:
        prepare_notebook(notebook, parameters, {"output_dir": notebook, "inputs": notebook}, notebook.parent)

    first, *cell = str(raised.value).splitlines()
    assert f"{notebook} has 0 code cells tagged 'parameters' and needs one for" in first
    assert cell[0].strip() == '# %% tags=["parameters"]'
    assert [line.strip().startswith(part) for line, part in zip(cell[1:], paste, strict=True)] == [
        True
    ] * len(paste)


def test_a_parameters_cell_lacks_a_path_that_is_used(notebook: Path) -> None:
    notebook.write_text(SOURCE.replace("size + 1", "print(inputs)"))

    with pytest.raises(NotebookSourceError, match="lacks inputs"):
        prepare_notebook(notebook, {"size": 1}, {"output_dir": notebook, "inputs": notebook}, notebook.parent)


def test_a_parameters_cell_may_have_magics(notebook: Path) -> None:
    notebook.write_text(SOURCE.replace("size = 1", "%time size = 1\nsize = 1"))

    assert prepare_notebook(notebook, {"size": 2}, {"output_dir": notebook}, notebook.parent).cells


def values(source: str, run: Path) -> dict[str, Any]:
    """The names that a cell leaves, executed in a notebook with a name of its own."""
    names: dict[str, Any] = {"Path": "the notebook's own"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIGHTBOOK_RUN", str(run))
        exec(source, names)
    return names


def test_a_saved_notebook_is_read_again(notebook: Path) -> None:
    prepare_notebook(
        notebook, {"size": 2}, {"output_dir": notebook}, notebook.parent
    ).cells.clear()  # a copy of what was read
    assert prepare_notebook(notebook, {"size": 2}, {"output_dir": notebook}, notebook.parent).cells

    notebook.write_text(SOURCE.replace("size + 1", "size + 22"))
    assert (
        prepare_notebook(notebook, {"size": 2}, {"output_dir": notebook}, notebook.parent).cells[-1].source
        == "size + 22"
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [({}, "sets size, which the task does not pass"), ({"size": 1, "more": 2}, "lacks more")],
)
def test_parameters_that_do_not_match(notebook: Path, parameters: dict[str, object], message: str) -> None:
    with pytest.raises(NotebookSourceError, match=message):
        prepare_notebook(notebook, parameters, {"output_dir": notebook}, notebook.parent)


def test_a_header_that_lacks_a_part_is_named_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("# ---\n# jupyter:\n#   kernelspec:\n#     name: other\n# ---\n# %%\n1\n")

    with pytest.raises(NotebookSourceError) as error:
        prepare_notebook(path, {}, {}, tmp_path)

    assert str(error.value) == (
        f"the notebook {path} cannot be read: "
        "'display_name' is a required property in its metadata, kernelspec"
    )
