"""GitHub-flavoured Markdown around untrusted text (https://github.github.com/gfm/)."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from nightbook.record.render.plain_text import counted, one_line

LEFT, RIGHT = ":---", "---:"
MAX_TABLE_BYTES = 100_000
_MAX_URL_LENGTH = 2000
# The special characters of Markdown in a line of text; `_` within a word and `.` rarely are.
_SPECIAL = re.compile(r"[\\`*\[\]<>&~|:@$#]|(?<![^\W_])_|_(?![^\W_])|(?<=www)\.")


def code(text: str, limit: int = 200) -> str:
    """Return the text as code, on one line and bounded: a record's text enters Markdown only this way.

    GitHub adds mentions, emoji and links to issues after it has read Markdown, but not in code. Text with a
    special character is not put in backticks: a pipe after a backslash would end the table's cell there.
    """
    line = one_line(text, limit)
    if not line:
        return ""
    escaped = _SPECIAL.sub(_entity, line)
    return f"`{line}`" if escaped == line else f"<code>{escaped}</code>"


def link(markdown: str, url: str) -> str:
    """Return the Markdown as a link, or unchanged if the address is not an http(s) address."""
    try:
        address = urlsplit(url)
    except ValueError:
        return markdown
    if address.scheme not in ("http", "https") or not address.hostname or len(url) > _MAX_URL_LENGTH:
        return markdown
    target = quote(url, safe="/:?=&%#+,;@~", errors="replace").replace("&", "&amp;")
    return f"[{markdown}]({target})"


def table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown cells; a column is its title and LEFT or RIGHT. It is empty without rows.

    GitHub does not show a job summary that is too large: rows beyond the bound are only counted.
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
    # An address is found after entities are read: a word joiner after the @ prevents a link.
    joiner = "&#8288;" if match[0] == "@" else ""
    return f"&#{ord(match[0])};{joiner}"
