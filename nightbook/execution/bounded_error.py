"""Why a body did not succeed, within the bounds that the record sets to a text."""

import re

from nightbook.record.format.model import Error

_MAX_NAME_LENGTH = 100
_MAX_MESSAGE_LENGTH = 4_000
_MAX_TRACEBACK_LENGTH = 40_000
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def bounded_error(type_: str, message: str, traceback: str) -> Error:
    """Return the error as plain text: without a terminal's colours, and cut to what a page can show."""
    return Error(
        type=_plain(type_[:_MAX_NAME_LENGTH]),
        message=_plain(message)[:_MAX_MESSAGE_LENGTH],
        traceback=_plain(traceback)[-_MAX_TRACEBACK_LENGTH:],
    )


def _plain(text: str) -> str:
    """Return the text without colours, and without characters that UTF-8 does not have."""
    return _ANSI.sub("", text).encode(errors="replace").decode()
