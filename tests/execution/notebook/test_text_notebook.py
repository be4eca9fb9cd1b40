"""What a reader of a notebook's file sees is what runs."""

from pathlib import Path

import nbformat
import pytest

from nightbook.execution.notebook.source import NotebookSourceError, code_cells, prepare_notebook

COMMENTS = [
    "# rm old.csv",
    "# copy the frame first",
    "# cd ..",
    "# ls",
    "# cat data.csv",
    "# mkdir -p x",
    "# pip install x",
    "# %d lines are formatted",
    "# %Y-%m-%d is the format",
    "# 50 % of all",
    "# ?obj",
    "# is it?",
    '# + {"a": 1}',
    "# +",
    "# -",
    "# echo x > f",
]
MAGICS = ["%matplotlib inline", "!ls", "%load x", "x = !pwd", "%%time\n1", "%%bash\nrm x", "ls"]
MEANT_AS_MAGICS = [
    "# %matplotlib inline",
    "# %load x",
    "# !echo x > f",
    "#!cmd",
    "# %%time\nx = 1",
    "#%%time\nx = 1",
    "# %%bash\n# ls",
    "# %%unknown\n# ls",
    "# # %timeit x",
    "if True:\n    # %run other.py\n    pass",
]
HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     {}\n# ---\n"
BY_JUPYTEXT = HEADER.format("text_representation:\n#       extension: .py\n#       format_name: percent")


def sources(path: Path, text: str) -> list[str]:
    path.write_text(text)
    prepared = prepare_notebook(path, {}, {}, path.parent)
    return [prepared.cells[position].source for position in code_cells(prepared)]


def refusal(path: Path, text: str) -> str:
    with pytest.raises(NotebookSourceError) as raised:
        sources(path, text)
    return str(raised.value)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work.py"


@pytest.mark.parametrize(
    "marker", ["# %%", "#%%", "# %% a title", '# %% tags=["parameters"]', "# %%% a part"]
)
@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_stays_a_comment(work: Path, comment: str, marker: str) -> None:
    assert sources(work, f"# %%\nx = 1\n\n{marker}\n{comment}\n") == ["x = 1", comment]


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_stays_one_in_a_file_without_markers(work: Path, comment: str) -> None:
    if comment.startswith(("# +", "# -")):
        pytest.skip("they are the cell markers of that format")
    assert any(comment in source for source in sources(work, f"x = 1\n{comment}\ny = 2\n"))


@pytest.mark.parametrize("magic", MAGICS)
def test_a_magic_is_written_as_one(work: Path, magic: str) -> None:
    assert sources(work, f"# %%\n{magic}\n") == [magic]


def test_a_cell_of_another_language_is_marked_by_its_header(work: Path) -> None:
    assert sources(work, '# %% language="bash"\n# echo a\n# echo b\n') == ["%%bash\necho a\necho b"]
    assert sources(work, '# %% language="bash"\necho a\n') == ["%%bash\necho a"]


def test_a_cell_of_another_language_is_commented_as_a_whole(work: Path) -> None:
    error = refusal(work, '# %% language="bash"\necho a\n# rm b\n')

    assert f"{work}, line 3: a cell with language='bash' has its text in comments" in error


@pytest.mark.parametrize("comment", MEANT_AS_MAGICS)
def test_a_comment_that_is_probably_a_magic_is_refused(work: Path, comment: str) -> None:
    error = refusal(work, f"# %%\nx = 0\n\n# %%\n{comment}\n")

    lines = comment.splitlines()
    position = next(position for position, line in enumerate(lines) if line.lstrip().startswith("#"))
    assert f"{work}, line {position + 5}: `{lines[position].strip()}` is a comment" in error
    assert "comment_magics: false" in error


@pytest.mark.parametrize("comment", MEANT_AS_MAGICS)
def test_the_header_can_say_that_comments_are_comments(work: Path, comment: str) -> None:
    header = HEADER.format("comment_magics: false")

    assert sources(work, f"{header}\n# %%\n{comment}\n") == [comment]


def test_the_header_can_say_that_magics_are_in_comments(work: Path) -> None:
    header = HEADER.format("comment_magics: true")
    cells = "# %%\n# %time x\n# !ls\n# x = !pwd\n\n# %%\n# %%bash\n# a\n"

    assert sources(work, f"{header}\n{cells}") == ["%time x\n!ls\nx = !pwd", "%%bash\n# a"]


@pytest.mark.parametrize("comment", ["# rm old.csv", "# copy the frame first", "# ls"])
def test_a_comment_that_jupytext_would_run_is_refused_with_that_header(work: Path, comment: str) -> None:
    error = refusal(work, f"{HEADER.format('comment_magics: true')}\n# %%\nx = 1\n{comment}\n")

    assert f"{work}, line 9: `{comment}` is a comment, and a command to jupytext" in error


def test_a_cell_that_jupytext_commented_as_a_whole_is_refused(work: Path) -> None:
    """Else the run would be green, and the cell empty."""
    assert f"{work}, line 11: `# ls`" in refusal(work, f"{BY_JUPYTEXT}\n# %%\n# a comment\n# ls\n")
    assert sources(work, f"{BY_JUPYTEXT}\n# %%\n# copy the frame first\nx = 1\n") != []


def test_a_magic_in_a_string_is_text(work: Path) -> None:
    assert sources(work, '# %%\nx = """\n# %time\n# %% [markdown]\n"""\n') == [
        'x = """\n# %time\n# %% [markdown]\n"""'
    ]


@pytest.mark.parametrize("marker", ["# %% [markdown]", "# %% [md]", "#%% [markdown]", "# %% [raw]"])
def test_code_in_a_text_cell_is_refused(work: Path, marker: str) -> None:
    error = refusal(work, f"{marker}\n# # Title\n\nimport os\nx = 1\n\n# %%\ny = 2\n")

    assert f"{work}, line 4: `import os` is code in a" in error
    assert error.count("\n") == 0


@pytest.mark.parametrize(
    "text", ["# # Title\n#\n# text", '"""\n# Title\n\ntext\n"""', 'r"""$\\alpha$"""', ""]
)
def test_a_text_cell_is_in_comments_or_a_string(work: Path, text: str) -> None:
    assert sources(work, f"# %% [markdown]\n{text}\n\n# %%\ny = 2\n") == ["y = 2"]


def test_an_example_of_cells_in_a_markdown_cell_is_text(work: Path) -> None:
    assert sources(work, "# %% [markdown]\n# ```\n# # %%\n# # %time x\n# ```\n\n# %%\ny = 2\n") == ["y = 2"]


def test_a_byte_order_mark_is_no_text(work: Path) -> None:
    work.write_bytes(b"\xef\xbb\xbf# %%\nx = 1\n")

    prepared = prepare_notebook(work, {}, {}, work.parent)

    assert [cell.source for cell in prepared.cells] == ["x = 1"]


def test_saved_results_are_not_those_of_the_run(tmp_path: Path) -> None:
    output = nbformat.v4.new_output("stream", text="old")
    cell = nbformat.v4.new_code_cell("1", outputs=[output], execution_count=7, metadata={"execution": {}})
    text = nbformat.v4.new_markdown_cell(
        "![](attachment:a.png)", attachments={"a.png": {"image/png": "aGk="}}
    )
    notebook = nbformat.v4.new_notebook(cells=[cell, text], metadata={"widgets": {"state": {}}})
    nbformat.write(notebook, tmp_path / "work.ipynb")

    prepared = prepare_notebook(tmp_path / "work.ipynb", {}, {}, tmp_path)

    assert (prepared.cells[0].outputs, prepared.cells[0].execution_count) == ([], None)
    assert prepared.cells[0].metadata == {}
    assert "widgets" not in prepared.metadata
    assert prepared.cells[1].attachments == {"a.png": {"image/png": "aGk="}}


def test_older_notebooks_are_read(tmp_path: Path) -> None:
    notebook = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x = 1")])]
    )
    (tmp_path / "work.ipynb").write_bytes(b"\xef\xbb\xbf" + nbformat.v3.nbjson.writes(notebook).encode())

    prepared = prepare_notebook(tmp_path / "work.ipynb", {}, {}, tmp_path)

    assert [cell.source for cell in prepared.cells] == ["x = 1"]
    nbformat.validate(prepared)
