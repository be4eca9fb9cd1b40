"""Deque's accessibility rules, run on a page in the browser."""

import os

import pytest
from playwright.sync_api import Page

from tests.support.project import REPOSITORY

_AXE = REPOSITORY / "tests/tracker/theme/scripts/node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the page breaks, and where; skip the test if axe is not installed."""
    if not _AXE.is_file() and not os.environ.get("CI"):
        pytest.skip("needs axe-core: `npm ci --prefix tests/tracker/theme/scripts`")
    # The page's own policy would block axe as a script, so the debugger injects it.
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {iframes: false}).then(result => result.violations)")
    return [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
