"""A kernel that is set up without a look at the modules that it shares with the warm process.

To look at an object is to write to it, to its count of references: of 2,500 modules and their names, each
kernel would have 13 MB of its own.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

# ipykernel lists the modules' files for its debugger, and IPython their names for `%reset --aggressive`.
_LOOKING = ("ipykernel.ipkernel.sys", "IPython.core.shellapp.sys")


class _SysWithoutModules:
    """The module ``sys``, but for its modules."""

    modules: dict[str, Any]

    def __init__(self) -> None:
        vars(self)["modules"] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(sys, name, value)


@contextmanager
def modules_untouched() -> Iterator[None]:
    """Hide the modules, while the context is open, from those who would look at them all."""
    with ExitStack() as stack:
        for place in _LOOKING:
            stack.enter_context(patch(place, _SysWithoutModules()))
        yield
