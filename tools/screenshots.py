"""Takes the README's pictures of the tracker from ``site/output``: ``make screenshots``."""

import json
import sys
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tests.support.browser import launch, served

_REPOSITORY = Path(__file__).parents[1]
_SITE, _IMAGES = _REPOSITORY / "site" / "output", _REPOSITORY / "docs" / "images"
_SIZE = ViewportSize(width=1200, height=760)


def main() -> int:
    """Take the pictures; return the exit code, 2 if there are too few runs to show."""
    runs = json.loads((_SITE / "api" / "runs.json").read_text(encoding="utf-8"))["runs"]
    ended = [run for run in runs if run["outcome"] == "success"]
    if len(ended) < 2:
        print("error: two successful runs are needed: `make run`, then `make site`", file=sys.stderr)
        return 2
    compared = ",".join(run["run_id"] for run in ended[:3])
    places = {"home": "", "runs": "runs/", "run": ended[0]["url"], "compare": f"compare/?runs={compared}"}
    with served(_SITE) as address, sync_playwright() as playwright, launch(playwright) as browser:
        for name, place in places.items():
            page = browser.new_page(viewport=_SIZE, color_scheme="dark" if name == "run" else "light")
            page.goto(address + place, wait_until="networkidle")
            page.screenshot(path=_IMAGES / f"tracker-{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
