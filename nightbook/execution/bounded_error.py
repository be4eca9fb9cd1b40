"""Why a body did not succeed, within the bounds that the record sets to a text."""

from nightbook.record.format.model import Error
from nightbook.record.format.visible_text import encodable
from nightbook.record.render.terminal_text import plain

_MAX_NAME_LENGTH = 100
_MAX_MESSAGE_LENGTH = 4_000
_MAX_TRACEBACK_LENGTH = 40_000


def bounded_error(type_: str, message: str, traceback: str) -> Error:
    """Return the error as plain text: without a terminal's colours, and cut to what a page can show."""
    return Error(
        type=_plain(type_[:_MAX_NAME_LENGTH]),
        message=_plain(message)[:_MAX_MESSAGE_LENGTH],
        traceback=_plain(traceback)[-_MAX_TRACEBACK_LENGTH:],
    )


def _plain(text: str) -> str:
    """Return the text without control characters, and without those that UTF-8 does not have."""
    return encodable(plain(text))
