"""What a program printed, as text that is safe on a terminal or a page.

A record may come from anybody. An escape sequence in it could move the cursor, rename the window or type
into the shell, so that only colours are ever passed on.
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
"""

import re

# CSI with its parameters; OSC, DCS, SOS, PM and APC with their text up to BEL or ST; all other sequences.
_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
_ESCAPE = re.compile(rf"{_CSI}|{_STRING}|\x1b[ -/]*[0-~]?")
_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
# Controls without tab and newline, and the marks that turn the direction of writing.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESET = "\x1b[0m"


def plain(text: str) -> str:
    """Return the text without escape sequences and control characters."""
    return _INVISIBLE.sub("", _ESCAPE.sub("", without_overwritten(text)))


def coloured(line: str) -> str:
    """Return one line with its colours, which end with it, and without all other control characters."""
    shown = without_overwritten(line)
    parts, end = [], 0
    for escape in _ESCAPE.finditer(shown):
        parts.append(_INVISIBLE.sub("", shown[end : escape.start()]))
        end = escape.end()
        if _COLOUR.fullmatch(escape[0]):
            parts.append(escape[0])
    parts.append(_INVISIBLE.sub("", shown[end:]))
    return "".join(parts) + (_RESET if len(parts) > 1 else "")


def without_overwritten(text: str) -> str:
    """Return the text as it looks after carriage returns have let lines overwrite themselves."""
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
