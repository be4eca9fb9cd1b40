"""Pipelines: Luigi, from the classes of tasks to a run.

Importing any of it prepares Luigi, against the rule of this project that importing does nothing: Luigi's own
command reads its settings, and makes its tasks and worker, after it has imported the pipeline's module, and
offers no later moment.
"""

import luigi.interface

from nightbook.pipeline.luigi_clock import use_steady_clock
from nightbook.pipeline.luigi_settings import set_luigi_defaults
from nightbook.pipeline.parameters.hiding import hide_values


def _command_factory() -> object:
    """Return what makes the worker of ``luigi --module ...``. It is imported only there."""
    from nightbook.pipeline.runs.luigi_command import CommandFactory  # noqa: PLC0415 it needs all rooms

    return CommandFactory()


set_luigi_defaults()
use_steady_clock()
hide_values()
vars(luigi.interface)["_WorkerSchedulerFactory"] = _command_factory
