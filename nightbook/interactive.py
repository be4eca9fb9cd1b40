"""Inputs and a folder to write to for a notebook that is opened by hand.

These functions give the defaults in a notebook's ``parameters`` cell. Inside a run they return a
placeholder at once, because the injected cell that follows has the real paths.
"""

from pathlib import Path

from nightbook.record.format.identity import RUN_ID
from nightbook.record.write.attempt_context import active_attempt
from nightbook.settings import find_project, read_settings


def newest_output(task: str) -> Path:
    """Return the newest output folder of a task in any run: ``train``, or ``train/size=600``.

    If the task has several sets of parameters in that run, it is the first in alphabetical order. Raise
    FileNotFoundError if no run has an output of the task. Inside a run, return an empty path.

    Example:
        >>> import nightbook
        >>> cleaned = nightbook.newest_output("clean-data")
        >>> cleaned.relative_to(nightbook.scratch_dir().parent).as_posix()
        '20261123T031700Z-7f3a2c/tasks/clean-data/output'

    """
    return newest_outputs(task)[0]


def newest_outputs(task: str) -> list[Path]:
    """Return the output folders of a task in the newest run that has one, one for each set of parameters.

    Raise FileNotFoundError if no run has an output of the task. Inside a run, return one empty path.

    Example:
        >>> import nightbook
        >>> [output.parent.name for output in nightbook.newest_outputs("train")]
        ['size=600', 'size=800']

    """
    if active_attempt() is not None:
        return [Path()]
    runs = runs_folder()
    for run in sorted(runs.glob("*"), reverse=True):
        if RUN_ID.fullmatch(run.name):
            folder = run / "tasks" / task
            # `attempt-01`, whose output was never published, has no "=" as the folder of a parameter set has
            outputs = sorted([*folder.glob("output"), *folder.glob("*=*/output")])
            if outputs:
                return outputs
    raise FileNotFoundError(f"no run in {runs} has an output of {task}: start one with `make run`")


def scratch_dir() -> Path:
    """Return the folder ``scratch`` among the runs, for a notebook's files outside a run; make it if missing.

    Inside a run, return an empty path.

    Example:
        >>> import nightbook
        >>> output_dir = nightbook.scratch_dir()
        >>> output_dir.name, output_dir.is_dir()
        ('scratch', True)

    """
    if active_attempt() is not None:
        return Path()
    folder = runs_folder() / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def runs_folder() -> Path:
    """Return the runs folder that ``luigi.cfg`` of the project around the current folder names."""
    here = Path.cwd()
    return read_settings(find_project(here) or here).runs
