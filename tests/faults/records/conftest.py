import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pelican import Pelican
from pelican.settings import read_settings

from tests.support.built_site import Site
from tests.support.project import REPOSITORY

Build = Callable[[Site], Site]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Build:
    """Build a site with Pelican in this process, in which a test may replace a part by one that fails."""
    monkeypatch.setattr(os, "nice", lambda _: 0)

    def build(site: Site) -> Site:
        monkeypatch.chdir(site.path)
        overrides = {
            "RUNS": str(site.runs),
            "CACHE_PATH": str(site.path / "cache"),
            "OUTPUT_PATH": str(site.output),
        }
        Pelican(read_settings(str(REPOSITORY / "site" / "pelicanconf.py"), override=overrides)).run()
        return site

    return build


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder without records."""
    site = Site(tmp_path)
    site.runs.mkdir()
    return site
