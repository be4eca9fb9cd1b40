"""The number of threads that numerical libraries start: variables that they read when they are loaded."""

import os
from collections.abc import Mapping

_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def thread_variables(count: int) -> dict[str, str]:
    """Return the variables that limit each library to so many threads.

    Without them, each of several parallel notebooks would start one thread per core.
    """
    return dict.fromkeys(_VARIABLES, str(count))


def num_threads(environment: Mapping[str, str]) -> int | None:
    """Return the number on which all variables agree, or None if they do not agree on one.

    If no variable is set, it is the libraries' own default: as many threads as processors.
    """
    values = {environment.get(name, "") for name in _VARIABLES}
    if values == {""}:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    text = values.pop()
    return int(text) if text.isdecimal() and not values else None
