"""The templates as text that people read."""

import re
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY

FOLDER = REPOSITORY / "nightbook" / "tracker" / "theme" / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
MOST_COLUMNS = 120


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_no_line_is_too_long_to_read(file: Path) -> None:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)

    assert not [number for number, line in lines if len(line) > MOST_COLUMNS]


def test_only_a_template_without_variables_is_included() -> None:
    """What others share are macros, whose arguments say what they use."""
    texts = {file: file.read_text(encoding="utf-8") for file in TEMPLATES}
    included = {name for text in texts.values() for name in re.findall(r'{%-? include "([^"]+)"', text)}

    assert included == {"_first_steps.html"}
    assert "{{" not in texts[FOLDER / "_first_steps.html"]


def test_nothing_is_marked_safe() -> None:
    """What Pelican made of the owner's own posts has a filter of its own."""
    assert not [file for file in TEMPLATES if re.search(r"\|\s*safe\b", file.read_text(encoding="utf-8"))]
