"""A notebook opened by hand: where it finds inputs, and where it may write.

These functions give the defaults in a notebook's ``parameters`` cell. Inside a run they return a
placeholder at once, because the injected cell that follows has the real paths.
"""

from pathlib import Path

from nightbook.record.format.identity import RUN_ID
from nightbook.record.write.attempt_context import active_attempt
from nightbook.settings import find_project, read_settings


def newest_output(task: str) -> Path:
    """The newest output of a task in any run: ``clean-data``, or ``clean-data/threshold=0.5``.

    With several parameter sets in the newest run, the first of them in alphabetical order.
    FileNotFoundError if no run has one.
    """
    return newest_outputs(task)[0]


def newest_outputs(task: str) -> list[Path]:
    """The newest run's outputs of a task, one for each set of parameters."""
    if active_attempt() is not None:
        return [Path()]
    runs = runs_folder()
    for run in sorted(runs.glob("*"), reverse=True):
        if RUN_ID.fullmatch(run.name):
            folder = run / "tasks" / task
            # "=" tells the folder of a parameter set from `attempt-01`, whose output was never published
            outputs = sorted([*folder.glob("output"), *folder.glob("*=*/output")])
            if outputs:
                return outputs
    raise FileNotFoundError(f"no run in {runs} has an output of {task}: start one with `make run`")


def scratch_dir() -> Path:
    """A folder for what a notebook writes outside a run; made if need be."""
    if active_attempt() is not None:
        return Path()
    folder = runs_folder() / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def runs_folder() -> Path:
    """The runs folder that the project's ``luigi.cfg`` names, from wherever in the project one is."""
    here = Path.cwd()
    return read_settings(find_project(here) or here).runs
