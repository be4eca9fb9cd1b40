"""GitHub-flavoured Markdown around text that nobody has vetted (https://github.github.com/gfm/)."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from nightbook.record.render.plain_text import counted, one_line

LEFT, RIGHT = ":---", "---:"
MAX_TABLE_BYTES = 100_000
_MAX_URL_LENGTH = 2000
# What Markdown reads in a line of text; a `_` within a word and a `.` are special in few places.
_SPECIAL = re.compile(r"[\\`*\[\]<>&~|:@$#]|(?<![^\W_])_|_(?![^\W_])|(?<=www)\.")


def code(text: str, limit: int = 200) -> str:
    """The text as code, on one line and bounded: the one way for a record's text into Markdown.

    What GitHub does to a page after Markdown (mentions, emoji, links to issues) it does not do in
    code. Text with a special character is not put in backticks: a pipe after a backslash would end
    the table's cell there.
    """
    line = one_line(text, limit)
    if not line:
        return ""
    escaped = _SPECIAL.sub(_entity, line)
    return f"`{line}`" if escaped == line else f"<code>{escaped}</code>"


def link(markdown: str, url: str) -> str:
    """The Markdown as a link, or as it is when the address is none of http or https."""
    try:
        address = urlsplit(url)
    except ValueError:
        return markdown
    if address.scheme not in ("http", "https") or not address.hostname or len(url) > _MAX_URL_LENGTH:
        return markdown
    target = quote(url, safe="/:?=&%#+,;@~", errors="replace").replace("&", "&amp;")
    return f"[{markdown}]({target})"


def table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown cells; a column is its title and LEFT or RIGHT. Empty without rows.

    A job summary that is too large is not shown at all: rows beyond the bound are only counted.
    """
    lines = [_row([title for title, _ in columns]), _row([side for _, side in columns])]
    size_bytes, left_out = 0, 0
    for cells in rows:
        row = _row(cells)
        size_bytes += len(row.encode())
        if size_bytes > MAX_TABLE_BYTES:
            left_out += 1
        else:
            lines.append(row)
    if left_out:
        lines += ["", f"… {counted(left_out, 'more row')} left out"]
    return "\n".join(lines) if len(lines) > len(("titles", "sides")) else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _entity(match: re.Match[str]) -> str:
    # An address is found after entities are read: a word joiner after the @ makes it none.
    joiner = "&#8288;" if match[0] == "@" else ""
    return f"&#{ord(match[0])};{joiner}"
