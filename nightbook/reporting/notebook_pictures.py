"""The pictures of a notebook's HTML: those in the notebook are shown, those elsewhere are named.

A page loads nothing from other sites, and has no file that lay beside the notebook when it was written.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from nightbook.record.render.plain_text import one_line

_ATTRIBUTES = r"""((?:[^<>"']|"[^"]*"|'[^']*')*)"""
_PICTURE = re.compile(rf"<img\b{_ATTRIBUTES}>", re.IGNORECASE)
_FRAME = re.compile(rf"<(iframe|video|audio)\b{_ATTRIBUTES}>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_ATTACHED = "attachment:"
_MAX_TEXT = 200


def show_attached(html: str, attachments: object) -> str:
    """Return a cell's HTML with its attachments in place of their names, and of relative paths."""

    def shown(found: re.Match[str]) -> str:
        source = _attribute(found[1], "src")
        data = _attachment(source, attachments)
        if data is None:
            return found[0]
        return found[0].replace(_raw_attribute(found[1], "src"), f'"{escape(data)}"', 1)

    return _PICTURE.sub(shown, html)


def name_missing(html: str) -> str:
    """Return the HTML with a text in place of each picture, frame, film and sound that is not in it."""
    html = _PICTURE.sub(_named(1, "picture"), html)
    return _FRAME.sub(_named(2, ""), html)


def _named(group: int, kind: str) -> Callable[[re.Match[str]], str]:
    def named(found: re.Match[str]) -> str:
        source = _attribute(found[group], "src").strip()
        if not source or source.startswith("data:image/") or (not kind and source.startswith(_PLAYED)):
            return found[0]
        return _notice(kind or found[1].lower(), source, _attribute(found[group], "alt"))

    return named


_PLAYED = ("data:audio/", "data:video/")


def _notice(kind: str, source: str, description: str) -> str:
    """Return what is said of something that is elsewhere: its own description, if it has one."""
    place = one_line(source.removeprefix(_ATTACHED), _MAX_TEXT)
    if source.startswith(_ATTACHED):
        text = f"the attachment {place} is missing"
    elif source.startswith("data:"):
        text = f"a {kind} that cannot be shown here"
    elif urlsplit(source).netloc:
        text = f"{kind} at {place}"
        if description:
            return f'<span class="elsewhere" title="{escape(text)}">{escape(description)}</span>'
    else:
        text = f"the {kind} {place} is not in the record"
    described = f"{one_line(description, _MAX_TEXT)}: {text}" if description else text
    return f'<span class="not-shown">{escape(described)}</span>'


def _attachment(source: str, attachments: object) -> str | None:
    """Return the data URL of an attached picture, or None if there is none of this name."""
    if not isinstance(attachments, Mapping):
        return None
    path = unquote(source.removeprefix(_ATTACHED)).removeprefix("./")
    bundle = attachments.get(path)
    if not isinstance(bundle, Mapping):
        return None
    found = (f"data:{kind};base64,{data}" for kind, data in bundle.items() if kind.startswith("image/"))
    return next(found, None)


def _attribute(attributes: str, name: str) -> str:
    return unescape(_raw_attribute(attributes, name).strip("\"'"))


def _raw_attribute(attributes: str, name: str) -> str:
    return next((value for key, value in _ATTRIBUTE.findall(attributes) if key.lower() == name), "")
