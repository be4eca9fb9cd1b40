"""The engines that there are, by name."""

from collections.abc import Callable

from nightbook.execution.engines.base import Engine
from nightbook.execution.engines.local import LocalEngine
from nightbook.record.format.errors import NightbookError

ENGINES: dict[str, Callable[[], Engine]] = {
    "local": LocalEngine,
}


class EngineError(NightbookError):
    """An engine that does not exist or cannot be used."""


def find_engine(name: str) -> Engine:
    """Return a new engine of this name. Raise EngineError if there is none."""
    if name not in ENGINES:
        raise EngineError(
            f"there is no engine {name!r}: set [engine] name in luigi.cfg to {' or '.join(sorted(ENGINES))}"
        )
    return ENGINES[name]()
