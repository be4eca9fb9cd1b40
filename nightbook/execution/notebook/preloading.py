"""What the warm process imports before it forks kernels, chosen from the settings and the notebooks."""

from itertools import chain

from nightbook.execution.warm_kernels.imports import find_imports
from nightbook.execution.warm_kernels.protocol import Preload
from nightbook.settings import Settings

_ALWAYS = ["nightbook.record.logger"]  # notebooks log


def find_preload(chosen: Settings) -> Preload | None:
    """Return what kernels are to find imported, or None if they are to be started afresh.

    It is what luigi.cfg says, else what the notebooks import, each kernel waiting for its own part only.
    """
    needs = {}
    if chosen.kernel.preload is None:
        needs = find_imports(chosen.notebooks)
        # Those that need little come first: a pipeline's first notebooks are mostly of that kind.
        ordered = sorted(needs.values(), key=lambda part: (len(part), part))
        modules = list(dict.fromkeys([*_ALWAYS, *chain.from_iterable(ordered)]))
    else:
        modules = list(chosen.kernel.preload)
    if not (chosen.kernel.warm and modules):
        return None
    return Preload(modules, str(chosen.notebooks), dict(chosen.kernel.environment), needs)
