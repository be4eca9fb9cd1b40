"""HTML that ends where it should: what one cell has left open must not swallow the cells after it."""

import re
from collections import Counter

from bs4 import BeautifulSoup

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
# Browsers take `<div/>` for a start; only in SVG and MathML is it an element of its own.
_NEVER_EMPTY = frozenset(
    ("a", "b", "div", "i", "iframe", "p", "script", "select", "span", "style", "table", "textarea", "title")
)
_ENDLESS = re.compile(r"<(plaintext)\b", re.IGNORECASE)  # no browser knows an end of this element


def closed(html: str) -> str:
    """Return the HTML with an end for each element and comment that has none, and no end of any other."""
    html = _ENDLESS.sub(r"&lt;\1", html)
    return html if _is_closed(html) else str(BeautifulSoup(html, "html.parser"))


def _is_closed(html: str) -> bool:
    """Return whether there are as many ends as starts: parsing all of the HTML takes far longer."""
    if html.count("<!--") != html.count("-->") or html.rfind("<") > html.rfind(">"):
        return False
    balance: Counter[str] = Counter()
    for end, tag, attributes in _TAG.findall(html):
        name = tag.lower()
        if end:
            balance[name] -= 1
        elif name not in _EMPTY and (name in _NEVER_EMPTY or not attributes.endswith("/")):
            balance[name] += 1
    return not any(balance.values())
