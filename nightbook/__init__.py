"""The public functions and classes: notebooks log with them, and pipelines are made of them.

Each name is imported from its room when it is first used. A notebook that logs loads neither Luigi nor
Jupyter, and the warm process, of which kernels are forks, starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nightbook.interactive import newest_output, newest_outputs, scratch_dir
    from nightbook.pipeline.graph.root_task import Pipeline
    from nightbook.pipeline.parameters.run_parameters import EnvironmentParameter
    from nightbook.pipeline.tasks.function_task import FunctionTask
    from nightbook.pipeline.tasks.notebook_task import NotebookTask
    from nightbook.pipeline.tasks.script_task import ScriptTask
    from nightbook.record.logger import (
        log_artifact,
        log_artifacts,
        log_dict,
        log_figure,
        log_image,
        log_metric,
        log_metrics,
        log_param,
        log_params,
        log_table,
        log_text,
        log_value,
    )
    from nightbook.record.progress import progress
    from nightbook.record.read.reader import find_runs, read_run
    from nightbook.record.write.attempt_context import active_attempt

__all__ = [
    "EnvironmentParameter",
    "FunctionTask",
    "NotebookTask",
    "Pipeline",
    "ScriptTask",
    "active_attempt",
    "find_runs",
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_metric",
    "log_metrics",
    "log_param",
    "log_params",
    "log_table",
    "log_text",
    "log_value",
    "newest_output",
    "newest_outputs",
    "progress",
    "read_run",
    "scratch_dir",
]

# The module that defines each name. Type checkers and editors read the imports above and the literal __all__;
# tests/test_public_face.py keeps the three alike.
_ROOMS = {
    "nightbook.pipeline.tasks.function_task": ["FunctionTask"],
    "nightbook.pipeline.tasks.notebook_task": ["NotebookTask"],
    "nightbook.pipeline.parameters.run_parameters": ["EnvironmentParameter"],
    "nightbook.pipeline.graph.root_task": ["Pipeline"],
    "nightbook.pipeline.tasks.script_task": ["ScriptTask"],
    "nightbook.interactive": ["newest_output", "newest_outputs", "scratch_dir"],
    "nightbook.record.progress": ["progress"],
    "nightbook.record.read.reader": ["find_runs", "read_run"],
    "nightbook.record.write.attempt_context": ["active_attempt"],
    "nightbook.record.logger": [name for name in __all__ if name.startswith("log_")],
}
_HOME = {name: module for module, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it (https://peps.python.org/pep-0562/)."""
    if name == "__version__":
        return import_module("importlib.metadata").version(__name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*(name for name in globals() if name.startswith("__")), *__all__]
