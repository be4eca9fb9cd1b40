"""Chooses the modules that the warm process imports before it forks kernels."""

from itertools import chain

from nightbook.execution.warm_kernels.imports import find_imports
from nightbook.execution.warm_kernels.protocol import Preload
from nightbook.settings import Settings

_ALWAYS = ["nightbook.record.logger"]  # notebooks log


def find_preload(chosen: Settings) -> Preload | None:
    """Return the modules that kernels find imported, or None if kernels start without a warm process.

    They are the ones in luigi.cfg, or else those that the notebooks import. In the second case each kernel
    waits for the imports of its own notebook only.
    """
    needs = {}
    if chosen.kernel.preload is None:
        needs = find_imports(chosen.notebooks)
        # Notebooks with few imports come first: a pipeline usually begins with them.
        ordered = sorted(needs.values(), key=lambda part: (len(part), part))
        modules = list(dict.fromkeys([*_ALWAYS, *chain.from_iterable(ordered)]))
    else:
        modules = list(chosen.kernel.preload)
    if not (chosen.kernel.warm and modules):
        return None
    return Preload(modules, str(chosen.notebooks), dict(chosen.kernel.environment), needs)
