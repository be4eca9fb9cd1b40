"""The settings for a site that is published: SITEURL, from the environment, is where it will be."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403 Pelican's way to extend settings

SITEURL = os.environ.get("SITEURL", "").rstrip("/")
