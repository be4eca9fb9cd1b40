"""The options that several commands share, and the settings that follow from them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from nightbook.settings import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)
POSITIVE = click.IntRange(min=1)
PORT = click.IntRange(1, 65535)

runs = click.option("--runs", type=FOLDER, metavar="DIR", help="Folder of the run records.")
notebooks = click.option("--notebooks", type=FOLDER, metavar="DIR", help="Folder of the notebooks.")
workers = click.option(
    "--workers", type=POSITIVE, metavar="N", help="Tasks that run at the same time. Default: all processors."
)
scheduler = click.option("--scheduler", metavar="URL", help="Luigi's scheduler: http://localhost:8082.")
pipeline = click.option("--pipeline", metavar="MODULE:CLASS", help="Another pipeline than luigi.cfg names.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, as docs/reference/cli.md has it.")


def _default_folder(name: str, default: str, text: str) -> Callable[[Any], Any]:
    return click.option(name, type=FOLDER, metavar="DIR", default=Path(default), show_default=True, help=text)


site = _default_folder("--site", "site", "Folder with pelicanconf.py.")
output = _default_folder("--output", "site/output", "Folder for the pages.")
cache = _default_folder("--cache", "site/cache", "Folder for what later builds need not do again.")


def use_project(*, runs: Path | None = None, notebooks: Path | None = None) -> "Settings":
    """Return the settings of the project in the current folder, with the folders that options name.

    Raise SettingsError if there is no project.
    """
    from nightbook import settings

    settings.check_project(Path.cwd())
    settings.override(notebooks=notebooks, runs=runs)
    return settings.settings()


def complete_run_id(context: click.Context, _: click.Parameter, typed: str) -> "list[CompletionItem]":
    """Return the ids of runs that begin with what was typed, newest first; nothing outside a project."""
    from click.shell_completion import CompletionItem

    from nightbook.record.format.errors import NightbookError
    from nightbook.record.read.reader import find_runs

    try:
        folder = use_project(runs=context.params.get("runs")).runs
    except NightbookError:
        return []
    return [CompletionItem(path.name) for path in reversed(find_runs(folder)) if path.name.startswith(typed)]


run_id = click.argument("run_id", required=False, metavar="[RUN]", shell_complete=complete_run_id)


def _complete_run_and_task(
    context: click.Context, parameter: click.Parameter, typed: str
) -> "list[CompletionItem]":
    """Return ids of runs, and of the tasks that have begun in the run that was typed or the newest."""
    from click.shell_completion import CompletionItem

    from nightbook.record.format.layout import RunFolder
    from nightbook.record.read.attempt_folders import attempts_of

    all_runs = [item.value for item in complete_run_id(context, parameter, "")]
    words = context.params.get("run_and_task") or ()
    run_id = next((word for word in words if word in all_runs), next(iter(all_runs), None))
    if run_id is None:
        return []
    attempts = attempts_of(RunFolder(use_project(runs=context.params.get("runs")).runs / run_id))
    tasks = dict.fromkeys(attempt.task.task_id for attempt in attempts)
    found = [*tasks, *(() if words else all_runs)]
    return [CompletionItem(name) for name in found if name.startswith(typed)]


run_and_task = click.argument(
    "run_and_task", nargs=-1, metavar="[RUN] [TASK]", shell_complete=_complete_run_and_task
)
