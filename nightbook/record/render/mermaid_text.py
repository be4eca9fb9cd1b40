"""Text of any Mermaid diagram: escaped labels, and a length that GitHub renders."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable

MAX_LENGTH = 50_000  # GitHub's and Mermaid's own bound of a diagram's text (maxTextSize)
_MOST_THINGS = MAX_LENGTH // 50  # a node or a bar takes more than 50 characters
_LABEL_LIMITS = (120, 60, 24)  # characters of a name or of parameters
# All but ASCII's plain characters and those that are never syntax. The ligature fl starts Mermaid's own
# mark for an entity code; beyond U+FFFF a character would count twice in JavaScript's length.
_SYNTAX = re.compile(r"[^A-Za-z0-9 _=.,/()\u00c0-\uffff-]|[\ufb02\u2060]")
# Characters that Mermaid interprets after it has decoded a label: line breaks, formulas and icons.
_LATE_SYNTAX = re.compile(r"\\(?=n)|\$(?=\$)|:(?=fa-)")
_WORD_JOINER = "\u2060"  # invisible


def escape(text: str) -> str:
    """Return one line of text escaped for any label, title or section.

    All characters with a meaning in Mermaid become entity codes, which its lexers read as letters
    (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
    """
    broken = _LATE_SYNTAX.sub(rf"\g<0>{_WORD_JOINER}", text)
    return _SYNTAX.sub(lambda match: f"#{ord(match[0])};", broken)


def fit(render: Callable[[int, int], str], count: int) -> str:
    """Return the first text of ``render(label_limit, count)`` that GitHub renders.

    Labels get shorter first; if that is not enough, as many of the ``count`` things as fit are kept.
    """
    most = min(count, _MOST_THINGS)
    for limit in _LABEL_LIMITS:
        text = render(limit, most)
        if len(text) <= MAX_LENGTH:
            return text
    shortest = _LABEL_LIMITS[-1]
    too_many = bisect_right(range(most), MAX_LENGTH, key=lambda kept: len(render(shortest, kept)))
    return render(shortest, max(too_many - 1, 0))


def configure(**config: object) -> str:
    """Return the line that sets parts of Mermaid's configuration (https://mermaid.js.org/config/directives.html)."""
    return f"%%{{init: {json.dumps(config)}}}%%"


def join_lines(*lines: str) -> str:
    """Return the lines as one text."""
    return "".join(f"{line}\n" for line in lines)
