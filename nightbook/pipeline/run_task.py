"""A Luigi task that belongs to a run."""

import re

import luigi
import luigi.interface

from nightbook.pipeline.hiding import hide_values
from nightbook.pipeline.luigi_settings import set_luigi_defaults
from nightbook.pipeline.parameters import RunIdParameter


def _command_factory() -> object:
    """Return what makes the worker of ``luigi --module ...``. It is imported only there."""
    from nightbook.pipeline.luigi_command import CommandFactory  # noqa: PLC0415 it needs this module

    return CommandFactory()


# At import, against the rule of this project that importing does nothing: Luigi's own command reads its
# settings, and makes its tasks and worker, after it has imported the pipeline's module, and offers no later
# moment.
set_luigi_defaults()
hide_values()
vars(luigi.interface)["_WorkerSchedulerFactory"] = _command_factory

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
