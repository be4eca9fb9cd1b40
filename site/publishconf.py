"""YOURS: the settings for a site that is published, on GitHub Pages or elsewhere."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403 Pelican's way to extend settings

from nightbook.tracker.pelican_settings import find_site_url

SITEURL = find_site_url(os.environ)
