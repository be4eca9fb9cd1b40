"""Luigi parameters whose default depends on the process and its environment."""

import os
from typing import Any

import luigi

from nightbook.record.format.identity import RUN_ID
from nightbook.record.read.reader import next_run_id
from nightbook.settings import settings

_executed: list[str] = []  # at most one: the id of the run that this process executes


class RunIdParameter(luigi.Parameter):
    """The run that a task belongs to; without a value, the one that this process executes.

    That is the first run that the process hears of, or the one of ``use_run_id``, or a new one. A task that
    is made by its class, ``CleanData()`` in place of ``self.clone(CleanData)``, so belongs to the run too.

    So ``luigi --module tasks.pipeline CLASS`` starts a new run each time, and ``--run-id ...`` continues
    one.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default="", positional=False, description="the run to continue", **kwargs)

    def normalize(self, x: str) -> str:
        """Return the run id. Raise ValueError if the text is no run id."""
        run_id = x or process_run_id()
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"{run_id!r} is no run id: one looks like 20261123T031700Z-7f3a2c")
        if not _executed:
            use_run_id(run_id)
        return run_id


class EnvironmentParameter(luigi.Parameter):
    """A choice that an environment variable can make: ``RUN_ENVIRONMENT=ci make run``.

    Without a value and without the variable, it is the first choice.

    Example:
        >>> import nightbook
        >>> class Nightly(nightbook.Pipeline):
        ...     environment = nightbook.EnvironmentParameter("RUN_ENVIRONMENT", ["dev", "ci"])
        >>> Nightly().environment
        'dev'

    """

    def __init__(self, variable: str, choices: list[str], **kwargs: Any) -> None:
        self._variable, self._choices = variable, choices
        super().__init__(default="", **kwargs)

    def normalize(self, x: str) -> str:
        """Return the choice. Raise ValueError if it is not one of the choices."""
        choice = x or os.environ.get(self._variable) or self._choices[0]
        if choice not in self._choices:
            origin = "" if x else f"the variable {self._variable}: "
            raise ValueError(f"{origin}{choice!r} is not one of {', '.join(self._choices)}")
        return choice


def process_run_id() -> str:
    """Return the id of the run that this process executes; of a new one if there is none yet."""
    if not _executed:
        use_run_id(next_run_id(settings().runs))
    return _executed[0]


def use_run_id(run_id: str) -> None:
    """Let tasks that are made without a run id belong to this run."""
    _executed[:] = [run_id]
