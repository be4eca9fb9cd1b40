"""Names of Luigi's and Nightbook's own, which no parameter of a task can have."""

from collections.abc import Iterator

import luigi

from nightbook.pipeline.code.entry_point import PipelineError

# What Luigi sets in each task's object.
_OF_OBJECTS = frozenset(
    (
        "task_id",
        "param_args",
        "param_kwargs",
        "set_tracking_url",
        "set_status_message",
        "set_progress_percentage",
    )
)


def check_parameter_names(task_class: type[luigi.Task]) -> None:
    """Raise PipelineError if a parameter takes the place of something of Luigi's or Nightbook's.

    It is called when the class is made: a task whose ``task_name`` is a parameter cannot even be listed.
    """
    taken = sorted(_taken(task_class))
    if taken:
        raise PipelineError(
            f"{task_class.__name__}: no parameter can be called {' or '.join(taken)}, "
            "because each task has something of that name already: rename it"
        )


def _taken(task_class: type[luigi.Task]) -> Iterator[str]:
    machinery = next(base for base in task_class.__mro__ if _is_ours(base))
    for name in dir(task_class):
        if isinstance(getattr(task_class, name, None), luigi.Parameter):
            if name in _OF_OBJECTS:
                yield name
            original = getattr(machinery, name, luigi.Parameter)
            if original is not luigi.Parameter and not isinstance(original, luigi.Parameter):
                yield name


def _is_ours(base: type) -> bool:
    return issubclass(base, luigi.Task) and f"{base.__module__}.".startswith(("nightbook.", "luigi."))
