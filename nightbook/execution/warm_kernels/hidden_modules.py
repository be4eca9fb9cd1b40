"""A kernel that is set up without a look at the modules that it shares with the warm process.

To look at an object is to write to it, to its count of references: of 2,500 modules and their names, each
kernel would have 13 MB of its own.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

_LISTS_FILES = "ipykernel.ipkernel.sys"  # for its debugger
_LISTS_NAMES = "IPython.core.shellapp.sys"  # for `%reset --aggressive`


class _SysWithoutModules:
    """The module ``sys``, but for its modules."""

    modules: ClassVar[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(sys, name, value)


@contextmanager
def modules_untouched() -> Iterator[None]:
    """Hide the modules, while the context is open, from those who would look at them all."""
    sys_without_modules = _SysWithoutModules()
    with patch(_LISTS_FILES, sys_without_modules), patch(_LISTS_NAMES, sys_without_modules):
        yield
