"""Sets up a kernel without writing to the memory pages that it shares with the warm process.

Even reading an object changes its reference count. After a look at 2,500 modules and their names,
each kernel has 13 MB of memory of its own.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

_LISTS_FILES = "ipykernel.ipkernel.sys"  # for its debugger
_LISTS_NAMES = "IPython.core.shellapp.sys"  # for `%reset --aggressive`


class _SysWithoutModules:
    """The module ``sys`` with no modules."""

    modules: ClassVar[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(sys, name, value)


@contextmanager
def hidden_modules() -> Iterator[None]:
    """Hide the imported modules from the code that would look at all of them, while the context is open."""
    sys_without_modules = _SysWithoutModules()
    with patch(_LISTS_FILES, sys_without_modules), patch(_LISTS_NAMES, sys_without_modules):
        yield
