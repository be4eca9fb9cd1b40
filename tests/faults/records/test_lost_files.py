"""What is lost of a record is told as a problem of the record."""

import os
from pathlib import Path

import nbformat
import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.read.reader import read_run
from nightbook.reporting.notebook_pages import make_missing_pages
from tests.faults.records.conftest import Build
from tests.support.built_site import Site
from tests.support.recording import MAKE, RUN_ID, USE, record_night


@pytest.fixture
def night(tmp_path: Path) -> RunFolder:
    return record_night(RunFolder(tmp_path / "runs" / RUN_ID), 0.9)


@pytest.mark.promise("A file of a record that is empty or missing is told on the page of its run.")
@pytest.mark.parametrize("notebook", [False, True])
def test_an_emptied_span_file_is_a_problem_of_the_record(night: RunFolder, *, notebook: bool) -> None:
    attempt = night.task(USE).attempt(1)
    file = attempt.notebook_spans if notebook else attempt.spans
    file.write_bytes(b"")

    problems = read_run(night.path).problems

    assert [
        problem for problem in problems if problem.startswith(f"spans/{file.name} is empty: it was emptied")
    ]


@pytest.mark.promise("A file of a record that is empty or missing is told on the page of its run.")
def test_a_missing_span_file_is_a_problem_of_the_record(night: RunFolder) -> None:
    attempt = night.task(USE).attempt(1)
    attempt.notebook.write_text("{}")
    attempt.spans.unlink()

    problems = read_run(night.path).problems

    assert f"spans/{attempt.spans.name} is missing: nothing is known of attempt 1 of {USE}" in problems


def test_a_span_file_with_a_name_that_cannot_be_encoded_is_named_and_stops_no_page(
    site: Site, build: Build
) -> None:
    folder = record_night(RunFolder(site.runs / RUN_ID), 0.9)
    name = os.fsdecode(b"x\xff\x1b.jsonl")
    (folder.spans / name).write_text("nonsense\n")

    build(site)

    assert "spans/x\\udcff\\x1b.jsonl has a line that cannot be read" in site.page(
        f"runs/{RUN_ID}/index.html"
    )


@pytest.mark.parametrize(
    "content", [b"", b'{"cells": [', b"\xff\xfe\x00", b"[]", b'{"cells": 1}', b"[" * 10_000]
)
def test_a_damaged_notebook_is_a_note_and_the_pages_of_others_are_made(
    night: RunFolder, capfd: pytest.CaptureFixture[str], content: bytes
) -> None:
    damaged, whole = night.task(MAKE).attempt(1), night.task(USE).attempt(1)
    damaged.notebook.write_bytes(content)
    whole.notebook.write_text(nbformat.writes(nbformat.v4.new_notebook()))

    make_missing_pages(night, read_run(night.path))

    assert whole.html.is_file()
    assert "has no page: " in capfd.readouterr().err
    assert "The page of this notebook could not be made" in damaged.html.read_text()
