from pathlib import Path

import pytest

from built_site import Site
from sample_records import add_all


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder without records."""
    return Site(tmp_path)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of all sample records, built once. Whoever changes it copies it first."""
    sample = Site(tmp_path_factory.mktemp("sample"))
    add_all(sample.runs)
    return sample.build()
