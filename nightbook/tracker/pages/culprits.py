"""The record, of many, with which the pages over all runs cannot be made."""

from collections.abc import Callable, Sequence

from nightbook.tracker.data.run_cache import CachedRun
from nightbook.tracker.pages.stages import StageError


def find_culprit(
    runs: Sequence[CachedRun], make: Callable[[Sequence[CachedRun]], object]
) -> tuple[CachedRun, StageError] | None:
    """Return the first run with which ``make`` raises StageError, and the error; None if there is none.

    It is found by halving, so that a thousand runs take ten trials. A run may be at fault only beside an
    older one. An error without any run is raised: it is no record's.
    """
    make([])
    fine, found = 0, None
    beyond = len(runs) + 1
    while beyond - fine > 1:
        count = (fine + beyond) // 2
        try:
            make(runs[:count])
        except StageError as error:
            beyond, found = count, (runs[count - 1], error)
        else:
            fine = count
    return found
