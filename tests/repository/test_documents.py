"""The documents: links lead somewhere, decisions have one form, and named files of the machinery exist."""

import re
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY

DECISIONS = sorted((REPOSITORY / "docs" / "decisions").glob("0*.md"))
FENCED = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    folders = (REPOSITORY / "docs", REPOSITORY / ".github")
    return [*REPOSITORY.glob("*.md"), *(file for folder in folders for file in folder.rglob("*.md"))]


def prose(file: Path) -> str:
    return FENCED.sub("", file.read_text(encoding="utf-8"))


def anchors(file: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a Markdown file."""
    headings = re.findall(r"^#+ (.*)$", prose(file), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", documents(), ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_links_lead_somewhere(file: Path) -> None:
    broken = []
    for link in LINK.findall(prose(file)):
        if ":" not in link:
            path, _, anchor = link.partition("#")
            target = file.parent / path if path else file
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(link)
    assert broken == []


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_decision_has_the_form_that_their_readme_shows(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    superseded = re.search(r"^Status: superseded by \[\d+\]\((.*)\), ", text, re.MULTILINE)

    assert re.match(
        rf"# {int(file.name[:4])}\. \w.*\n\nStatus: (accepted|superseded by .*), \d{{4}}-\d\d-\d\d\n", text
    )
    assert superseded is None or (file.parent / superseded[1]).is_file()
    parts = re.findall(r"^\*\*(Question|Decision|Why|Costs|Instead of)\b", text, re.MULTILINE)
    assert [part for part in parts if part != "Costs"] == ["Question", "Decision", "Why", "Instead of"]


def test_the_index_lists_each_decision_with_its_title_and_status() -> None:
    index = (REPOSITORY / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = []
    for file in DECISIONS:
        title, _, status, *_ = file.read_text(encoding="utf-8").splitlines()
        number, _, name = title.removeprefix("# ").partition(". ")
        rows.append(f"| {number} | [{name}]({file.name}) | {status.removeprefix('Status: ')} |")
    assert [line for line in index.splitlines() if re.match(r"\| \d", line)] == rows


@pytest.mark.parametrize(
    "file",
    [file for file in documents() if file.name != "CHANGELOG.md"],  # which names files of the past, too
    ids=lambda file: str(file.relative_to(REPOSITORY)),
)
def test_files_of_the_machinery_that_are_named_exist(file: Path) -> None:
    named = re.findall(r"`((?:nightbook|tests|tools|benchmarks)/[\w/.-]*)`", prose(file))
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


def test_the_index_of_documents_links_each() -> None:
    """Decisions have an index of their own."""
    folder = REPOSITORY / "docs"
    index = {
        (folder / link.partition("#")[0]).resolve() for link in LINK.findall(prose(folder / "README.md"))
    }
    documents = {file for file in folder.rglob("*.md") if file.parent.name != "decisions"}
    assert documents - index == {folder / "README.md"}


def test_the_tests_that_documents_name_exist() -> None:
    tests = {file: file.read_text(encoding="utf-8") for file in (REPOSITORY / "tests").rglob("test_*.py")}
    defined = {name for text in tests.values() for name in re.findall(r"def (test_\w+)\(", text)}
    known = defined | {file.name for file in tests} | {str(file.relative_to(REPOSITORY)) for file in tests}
    named = {
        name
        for document in documents()
        for name in re.findall(r"`((?:tests/[\w/]*)?test_\w+(?:\.py)?)`", prose(document))
    }
    assert sorted(named - known) == []
    assert named & defined
