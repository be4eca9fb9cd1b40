"""An exit code in words."""

import signal


def describe_exit(code: int) -> str:
    """Return the code as the continuation of a sentence; a negative one is a signal's number.

    Example:
        >>> describe_exit(3), describe_exit(-9)
        ('ended with exit code 3', 'was killed by SIGKILL')

    """
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # most real-time signals have no name
        return f"was killed by signal {-code}"
