"""The Pelican settings that the tracker needs. A site's pelicanconf.py imports them all, then sets its own.

Relative paths are relative to the pelicanconf.py that imports them.
"""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import StrictUndefined

# What a site usually changes.
SITENAME = "Nightbook"
SITESUBTITLE = ""
LINKS: list[tuple[str, str]] = []
TIMEZONE = "UTC"
DEFAULT_LANG = "en"

PLUGINS = ["nightbook.tracker"]
THEME = str(Path(__file__).parent / "theme")
THEME_STATIC_PATHS: list[
    str
] = []  # the tracker copies them itself: Pelican would write all of them at each build
THEME_TEMPLATES_OVERRIDES = ["templates"]  # a template in this folder replaces the theme's of the same name
JINJA_ENVIRONMENT = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "auto_reload": False,  # a build reads each template once
    "trim_blocks": True,
    "lstrip_blocks": True,
}
# A larger file of a record is only in its record.zip.
MAX_FILE_BYTES = 50_000_000

SITEURL = ""  # publishconf.py sets it
RELATIVE_URLS = True
PATH = "content"
OUTPUT_PATH = "output"
CACHE_PATH = "cache"
ARTICLE_PATHS = ["posts"]
PAGE_PATHS = ["pages"]
STATIC_PATHS = ["images"]
ARTICLE_URL = "posts/{slug}/"
ARTICLE_SAVE_AS = "posts/{slug}/index.html"
PAGE_URL = "pages/{slug}/"
PAGE_SAVE_AS = "pages/{slug}/index.html"
# The tracker makes its own index and feeds; a log of runs needs no archives.
DIRECT_TEMPLATES: list[str] = []
TAG_SAVE_AS = CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None


def find_site_url(environment: Mapping[str, str]) -> str:
    """Return the address of the published site: SITEURL, else GitHub's page of GITHUB_REPOSITORY, else empty.

    https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages

    >>> find_site_url({"GITHUB_REPOSITORY": "Ada/digits"})
    'https://ada.github.io/digits'
    """
    address = environment.get("SITEURL", "").rstrip("/")
    if address or "GITHUB_REPOSITORY" not in environment:
        return address
    owner, _, name = environment["GITHUB_REPOSITORY"].partition("/")
    host = f"{owner}.github.io".lower()
    # The repository OWNER.github.io is the owner's own page, and any other a folder of it.
    return f"https://{host}" if name.lower() == host else f"https://{host}/{name}"
