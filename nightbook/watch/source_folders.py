"""Which folders of the project hold the code of a run's functions and scripts."""

from pathlib import Path

from nightbook.record.format.model import Run, TaskKind


def source_folders(run: Run) -> set[Path]:
    """Return the folders of the project that hold the classes of the run's functions and scripts."""
    here = Path.cwd()
    classes = (task.notebook for task in run.tasks if task.kind in (TaskKind.FUNCTION, TaskKind.SCRIPT))
    folders = {(here / source.partition(":")[0]).parent for source in classes}
    return {folder for folder in folders if folder != here and folder.is_relative_to(here)}
