"""How many threads numerical libraries start, told by variables that they read as they are loaded."""

from collections.abc import Mapping

_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def thread_variables(count: int) -> dict[str, str]:
    """The variables that bound the threads of each library.

    They would otherwise start a thread per core in each of the parallel notebooks.
    """
    return dict.fromkeys(_VARIABLES, str(count))


def num_threads(environment: Mapping[str, str]) -> int | None:
    """The bound that all the variables tell of; None if they do not agree on a number."""
    texts = {environment.get(name, "") for name in _VARIABLES}
    text = texts.pop()
    return int(text) if text.isdecimal() and not texts else None
