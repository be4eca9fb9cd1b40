"""What tests of several kinds of bodies need."""

from pathlib import Path

import pytest

from tests.support.attempted_function import Attempted


@pytest.fixture
def attempted(tmp_path: Path) -> Attempted:
    return Attempted(tmp_path)
