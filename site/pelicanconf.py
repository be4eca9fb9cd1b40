"""The tracker's settings. The first part is yours; metrics and folders come from luigi.cfg."""

import sys
from pathlib import Path

from jinja2 import StrictUndefined

# ---- YOURS ----------------------------------------------------------------------------------------------
SITENAME = "Nightbook"
SITESUBTITLE = "The log of a pipeline that runs every night"
LINKS = [("Source code", "https://github.com/owner/name")]
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
# Larger files of a record are in its record.zip only.
MAX_FILE_BYTES = 50_000_000

# ---- the machinery --------------------------------------------------------------------------------------
_here = Path(__file__).parent
sys.path.insert(0, str(_here.parent))  # tasks.runlog, from wherever the site is built
sys.path.insert(0, str(_here / "plugins"))

from tracker.configuration import read_configuration  # noqa: E402 the path to it has just been set

_configuration = read_configuration(_here.parent / "luigi.cfg")
RUNS = str(_configuration.runs)
MAIN_BRANCH = _configuration.main_branch
GOALS = _configuration.goals

SITEURL = ""  # publishconf.py has it
RELATIVE_URLS = True
PATH = str(_here / "content")
OUTPUT_PATH = str(_here / "output")
CACHE_PATH = str(_here / "cache")
THEME = str(_here / "themes" / "nightbook")
THEME_STATIC_PATHS: list[str] = []  # the tracker puts them: Pelican writes all of them anew each time
PLUGIN_PATHS = [str(_here / "plugins")]
PLUGINS = ["tracker"]
JINJA_ENVIRONMENT = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "auto_reload": False,  # a build looks at its templates once
    "trim_blocks": True,
    "lstrip_blocks": True,
}

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
