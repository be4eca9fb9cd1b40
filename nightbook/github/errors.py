"""Errors in the communication with GitHub. Each message ends with what to do about it."""

from nightbook.record.format.errors import NightbookError


class GitHubError(NightbookError):
    """GitHub could not be reached, or refused the request.

    ``status`` is the HTTP status, or 0 if there was no answer.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class UntrustedError(NightbookError):
    """An artifact or archive is not what it claims to be. Nothing of it is kept."""


class ArchiveError(NightbookError):
    """The branch of records cannot be read or written."""
