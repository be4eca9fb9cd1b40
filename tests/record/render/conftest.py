"""Runs made by hand, and the texts that they are expected to become."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nightbook.record.format.model import Run
from tests.support.sample_runs import make_failed_run, make_hostile_run, make_success_run


@pytest.fixture
def check_text() -> Callable[[str, str], None]:
    """Compares a text with the file of that name in ``expected/``; UPDATE_EXPECTED=1 writes it anew."""

    def check(name: str, text: str) -> None:
        file = Path(__file__).parent / "expected" / name
        if os.environ.get("UPDATE_EXPECTED"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return check


@pytest.fixture
def success_run() -> Run:
    return make_success_run()


@pytest.fixture
def failed_run() -> Run:
    return make_failed_run()


@pytest.fixture
def hostile_run() -> Run:
    return make_hostile_run()
