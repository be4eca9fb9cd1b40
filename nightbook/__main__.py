"""The command ``nightbook``, also as ``python -m nightbook``: see ``nightbook --help``."""

import sys

_UNUSABLE = 2


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command and return the exit code, which ``nightbook --help`` explains."""
    if sys.platform == "win32":
        # Half of the imports below would fail: a run needs forks, sockets with names, and signals.
        print("error: Windows is not supported: use WSL, the Windows Subsystem for Linux", file=sys.stderr)
        return _UNUSABLE
    from nightbook.cli.carry_out import carry_out  # noqa: PLC0415 see above

    return carry_out(arguments)


if __name__ == "__main__":
    sys.exit(main())
