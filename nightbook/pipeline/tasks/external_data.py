"""External tasks: data that something else provides, and that Luigi only looks for."""

import luigi
from luigi.task import flatten


def is_external(task: luigi.Task) -> bool:
    """Return True for a task without a ``run()``, such as an ExternalTask."""
    return task.run in (None, NotImplemented)


def missing_data(task: luigi.Task) -> str:
    """Return which targets of the task do not exist, as ``data/sales.csv does not exist``."""
    targets = [target for target in flatten(task.output()) if not target.exists()]
    names = ", ".join(str(getattr(target, "path", target)) for target in targets)
    return f"{names or 'its output'} {'does' if len(targets) <= 1 else 'do'} not exist"
