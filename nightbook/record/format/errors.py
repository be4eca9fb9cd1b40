"""The one base class of every error that a user can mend."""


class NightbookError(Exception):
    """What is wrong, in which run, task or file, and what to do about it, in one message.

    The command line prints the message alone and ends with exit code 2; a traceback is kept for
    errors that are ours.
    """


class RecordError(NightbookError):
    """A run record that cannot be written, found or read."""
