"""Choosing what the warm process imports before it forks kernels, by the settings or the notebooks."""

from itertools import chain

from nightbook import interactive
from nightbook.execution.warm_kernels.imports import find_imports
from nightbook.execution.warm_kernels.protocol import Preload
from nightbook.record import logger
from nightbook.settings import Settings

_ALWAYS = [logger.__name__, interactive.__name__]  # `import nightbook` loads them when they are used


def find_preload(chosen: Settings) -> Preload | None:
    """Return what the warm process imports, or None if all kernels are to be started afresh.

    By default it is what the notebooks import, and the kernel of each waits for its own part only. In a
    project without the folder of notebooks, which has functions and commands only, there is no kernel.
    """
    needs = {}
    if chosen.kernel.preload is None:
        if not chosen.notebooks.is_dir():
            return None
        needs = find_imports(chosen.notebooks)
        # Notebooks that need little come first: a pipeline's first notebooks are mostly of that kind.
        ordered = sorted(needs.values(), key=lambda part: (len(part), part))
        modules = list(dict.fromkeys([*_ALWAYS, *chain.from_iterable(ordered)]))
    else:
        modules = list(chosen.kernel.preload)
    if not (chosen.kernel.warm and modules):
        return None
    return Preload(modules, str(chosen.notebooks), dict(chosen.kernel.environment), needs)
