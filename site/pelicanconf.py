"""YOURS: the tracker's name, and any other of Pelican's settings that you want to change.

https://docs.getpelican.com/en/stable/settings.html. Metrics and folders come from luigi.cfg; your own
templates, in `templates/`, take the place of the theme's.
"""

from nightbook.tracker.pelican_settings import *  # noqa: F403 Pelican's way to extend settings

SITENAME = "Nightbook"
SITESUBTITLE = "The log of a pipeline that runs every night"
LINKS = [("Source code", "https://github.com/owner/name")]
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
