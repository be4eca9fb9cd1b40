"""The settings for a site that is published.

SITEURL, from the environment, is where it will be. Without it that is GitHub's page of GITHUB_REPOSITORY:
https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403 Pelican's way to extend settings


def _address_on_pages(repository: str) -> str:
    """The repository ``OWNER.github.io`` is the owner's own page, and any other a folder of it."""
    owner, _, name = repository.partition("/")
    host = f"{owner}.github.io".lower()
    return f"https://{host}" if name.lower() == host else f"https://{host}/{name}"


SITEURL = os.environ.get("SITEURL", "").rstrip("/")
if not SITEURL and "GITHUB_REPOSITORY" in os.environ:
    SITEURL = _address_on_pages(os.environ["GITHUB_REPOSITORY"])
