"""Text of a record as people may see it: what cannot be seen, or acts, is spelled out.

A name, a branch or an exception may come from anybody. On a terminal, a control character could rename the
window; on a page or a terminal, a mark that turns the direction of writing shows another text than the one
that stands there (https://trojansource.codes); and XML and HTML have no NUL, no ESC and no half of a
surrogate pair at all (https://www.w3.org/TR/xml/#charsets).
"""

import re

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
_NO_CHARACTERS = "\ud800-\udfff\ufffe\uffff"
_HIDDEN = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_NO_CHARACTERS}]")
_HIDDEN_IN_LINE = re.compile(f"[{_CONTROLS}\t\r\n\u2028\u2029{_DIRECTIONS}{_NO_CHARACTERS}]")


def visible(text: str) -> str:
    r"""Return the text for a page or a feed; its lines and tabs remain.

    >>> visible("a\x00b\u202ec\nd")
    'a\\x00b\\u202ec\nd'
    """
    return _HIDDEN.sub(_spelled, text)


def visible_line(text: str) -> str:
    r"""Return the text as one line of a terminal.

    >>> visible_line("\x1b]0;title\x07\n")
    '\\x1b]0;title\\x07\\n'
    """
    return _HIDDEN_IN_LINE.sub(_spelled, text)


def visible_lines(text: str) -> str:
    """Return the text for a terminal, of which only the ends of lines remain as they are."""
    return "\n".join(map(visible_line, text.split("\n")))


def encodable(text: str) -> str:
    """Return the text with each half of a surrogate pair, which UTF-8 cannot hold, as its escape."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def _spelled(match: "re.Match[str]") -> str:
    return match[0].encode("unicode_escape").decode()
