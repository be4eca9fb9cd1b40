"""A Luigi task that belongs to a run."""

import re

import luigi

from nightbook.pipeline.parameters.run_parameters import RunIdParameter

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class RunTask(luigi.Task):
    """A task that belongs to a run, and is known by its class's name in words."""

    run_id = RunIdParameter()

    @property
    def task_name(self) -> str:
        """The task's name in folders, spans and pages: ``clean-data`` for the class ``CleanData``."""
        return in_words(type(self))


def in_words(task_class: type) -> str:
    """Return the name of a class in words: ``clean-data`` for ``CleanData``."""
    return _WORD_STARTS.sub("-", task_class.__name__).lower()
