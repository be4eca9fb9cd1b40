"""A notebook's text gets the task's values, and errors name the cell and the fix."""

from pathlib import Path

import pytest

from nightbook.execution.notebook.source import NotebookSourceError, code_cells, prepare_notebook

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

    prepared = prepare_notebook(notebook, {"size": 2}, paths)

    defaults, injected, last = (prepared.cells[position].source for position in code_cells(prepared))
    assert (defaults, last) == ("size = 1\noutput_dir = None", "size + 1")
    assert injected.splitlines()[1:] == [
        "from pathlib import Path",
        "",
        "size = 2",
        "output_dir = Path('runs/output').resolve()",
    ]


def test_inputs_keep_their_structure(notebook: Path) -> None:
    notebook.write_text(SOURCE.replace("output_dir = None", "inputs = {}"))
    here = notebook.parent

    prepared = prepare_notebook(notebook, {"size": 2}, {"inputs": {"a": here / "a", "b": [here / "b"]}})

    injected = prepared.cells[2].source
    assert "inputs = {'a': Path('a').resolve(), 'b': [Path('b').resolve()]}" in injected


def test_a_saved_notebook_is_read_again(notebook: Path) -> None:
    prepare_notebook(notebook, {"size": 2}, {"output_dir": notebook}).cells.clear()  # a copy of what was read
    assert prepare_notebook(notebook, {"size": 2}, {"output_dir": notebook}).cells

    notebook.write_text(SOURCE.replace("size + 1", "size + 22"))
    assert prepare_notebook(notebook, {"size": 2}, {"output_dir": notebook}).cells[-1].source == "size + 22"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [({}, "sets size, which the task does not pass"), ({"size": 1, "more": 2}, "lacks more")],
)
def test_parameters_that_do_not_match(notebook: Path, parameters: dict[str, object], message: str) -> None:
    with pytest.raises(NotebookSourceError, match=message):
        prepare_notebook(notebook, parameters, {"output_dir": notebook})
