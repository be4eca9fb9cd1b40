"""The base class of every error that a user can fix."""


class NightbookError(Exception):
    """An error whose message says what is wrong, in which run, task or file, and how to fix it.

    The command line prints the message without a traceback and ends with exit code 2; a traceback is printed
    for errors of the program itself.
    """


class RecordError(NightbookError):
    """A run record that cannot be written, found or read."""
