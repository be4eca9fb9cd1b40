"""Pictures beside a notebook are taken along, and nothing else of the machine is."""

from base64 import b64decode
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nightbook.execution.notebook.pictures import attach_pictures

PNG = b"\x89PNG the bytes of a picture"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of notebooks with a picture, and files that are no business of a notebook."""
    root = tmp_path / "notebooks"
    for file in ("deep/images/a plot.png", "deep/images/plot.png", "shared/logo.SVG", "deep/secret.txt"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(PNG)
    (tmp_path / "outside.png").write_bytes(PNG)
    (root / "deep" / "link.png").symlink_to(tmp_path / "outside.png")
    return root


def attached(root: Path, text: str, max_bytes: int = 1000) -> dict[str, bytes]:
    notebook = new_notebook(cells=[new_code_cell(text), new_markdown_cell(text)])
    attach_pictures(notebook, folder=root / "deep", root=root, max_bytes=max_bytes)
    code, cell = notebook.cells
    assert cell.source == text
    assert "attachments" not in code
    return {
        name: b64decode(data)
        for name, bundle in cell.get("attachments", {}).items()
        for data in bundle.values()
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("![](images/plot.png)", "images/plot.png"),
        ('see ![a plot](./images/plot.png "its title").', "images/plot.png"),
        ("![](<images/a plot.png>)", "images/a plot.png"),
        ("![](images/a%20plot.png)", "images/a plot.png"),
        ("![][plot]\n\n[plot]: images/plot.png 'title'", "images/plot.png"),
        ('<p><IMG width=3 src="images/a plot.png"></p>', "images/a plot.png"),
        ("<img src=images/plot.png>", "images/plot.png"),
        ("![](../shared/logo.SVG)", "../shared/logo.SVG"),
    ],
)
def test_a_picture_below_the_folder_of_notebooks_is_attached(root: Path, text: str, name: str) -> None:
    assert attached(root, text) == {name: PNG}


@pytest.mark.parametrize(
    "text",
    [
        "![](images/missing.png)",
        "![](../../outside.png)",
        "![](link.png)",
        "![](secret.txt)",
        "![](images)",
        "![](https://example.org/images/plot.png)",
        "![](//example.org/plot.png)",
        "![](http://[/plot.png)",
        "![](a%00b.png)",
        "![](" + "n" * 400 + ".png)",
        "![](" + "images/" * 5000 + "plot.png)",
        "![" * 20_000,
    ],
)
def test_nothing_else_is(root: Path, text: str) -> None:
    assert attached(root, text) == {}


def test_an_absolute_path_is_not_followed(root: Path) -> None:
    assert attached(root, f"![]({root / 'deep' / 'images' / 'plot.png'})") == {}


def test_the_pictures_of_a_text_are_bounded(root: Path) -> None:
    text = "![](images/plot.png) ![](<images/a plot.png>)"

    assert attached(root, text, max_bytes=len(PNG)) == {"images/plot.png": PNG}


def test_an_attachment_of_the_notebooks_own_stays(root: Path) -> None:
    own = {"images/plot.png": {"image/png": "eA=="}}
    notebook = new_notebook(cells=[new_markdown_cell("![](images/plot.png)", attachments=own)])

    attach_pictures(notebook, folder=root / "deep", root=root, max_bytes=1000)

    assert notebook.cells[0].attachments["images/plot.png"]["image/png"] == "eA=="
