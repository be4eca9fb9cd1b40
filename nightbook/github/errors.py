"""What can go wrong between here and GitHub, told with what to do about it."""

from nightbook.record.format.errors import NightbookError


class GitHubError(NightbookError):
    """GitHub could not be asked, or refused; ``status`` is HTTP's, 0 if there was no answer."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class UntrustedError(NightbookError):
    """An artifact or archive that is not what it should be; nothing of it is kept."""


class ArchiveError(NightbookError):
    """The branch of records cannot be read or written."""
