"""Atom feeds of runs (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urljoin

from feedgenerator import Atom1Feed

from nightbook.record.format.visible_text import visible
from nightbook.tracker.data.activity import Activity
from nightbook.tracker.output.output_tree import write_file
from nightbook.tracker.output.urls import root_of, url_of
from nightbook.tracker.pages.renderer import Pages

_MOST = 50
_EPOCH = datetime.fromtimestamp(0, UTC)


def write_feed(pages: Pages, path: str, title: str, activities: Sequence[Activity]) -> None:
    """Write the feed of the newest activities, which are given newest first.

    Addresses are absolute if the site's is known (SITEURL), else relative to the feed. Ids are made of run
    ids and never change.
    """
    address = pages.settings["SITEURL"]
    base = f"{address}/" if address else root_of(path)
    feed = _Feed(
        title=visible(title),
        link=base,
        description=None,
        language="en",
        feed_url=f"{base}{url_of(path)}",
        feed_guid=f"urn:nightbook:feed:{url_of(path)}",
        author_name=pages.settings["SITENAME"],
    )
    for activity in activities[:_MOST]:
        entry = activity.entry
        feed.add_item(
            title=visible(activity.title),
            link=f"{base}{entry.url}",
            description=pages.render("feed_entry.html", activity=activity, base=urljoin(base, "")),
            unique_id=f"urn:nightbook:run:{entry.run_id}",
            pubdate=datetime.fromisoformat(entry.start),
        )
    text = BytesIO()
    feed.write(text, "utf-8")
    write_file(pages.output / path, text.getvalue())


class _Feed(Atom1Feed):  # type: ignore[misc]  # the library is untyped
    """A feed whose time is that of its newest entry, so that an unchanged feed is the same file."""

    def latest_post_date(self) -> datetime:
        return max((item["pubdate"] for item in self.items), default=_EPOCH)
