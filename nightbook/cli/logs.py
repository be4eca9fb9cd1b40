"""``nightbook logs``."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.record.format.layout import AttemptFolder, RunFolder

_MOST_SUGGESTED = 5


@click.command(
    "logs",
    cls=Command,
    examples=(
        "nightbook logs -f",
        "nightbook logs clean-data",
        "nightbook logs 20261123T031700Z-7f3a2c eda",
    ),
)
@options.run_and_task
@click.option("--follow", "-f", is_flag=True, help="Go on until the run ends.")
@click.option("--attempt", type=options.POSITIVE, metavar="N", help="The nth attempt. Default: the newest.")
@options.runs
def run(*, run_and_task: Sequence[str], follow: bool, attempt: int | None, runs: Path | None) -> int:
    """Print what tasks have printed; without RUN, in the newest run, without TASK, all tasks.

    TASK is a task's id or its beginning, if no other task begins like that.
    """
    from nightbook.cli.records import find_record
    from nightbook.record.read.attempt_folders import attempts_of
    from nightbook.reporting.printed_output import follow_output, newest_of, print_output

    run_id, name = _run_and_task(run_and_task)
    folder = find_record(options.use_project(runs=runs).runs, run_id)
    task_id = None if name is None else _task_id(folder, name)

    def is_wanted(made: "AttemptFolder") -> bool:
        return task_id in (None, made.task.task_id) and attempt in (None, made.number)

    if follow:
        follow_output(folder, is_wanted, with_names=task_id is None)
        return 0
    wanted = newest_of(made for made in attempts_of(folder) if is_wanted(made))
    if not wanted and attempt is not None:
        raise _unknown(f"there is no attempt {attempt} of {task_id or 'any task'} in run {folder.run_id}")
    print_output(wanted, with_headings=task_id is None)
    if not any(made.output_log.is_file() for made in wanted):
        click.echo(f"note: nothing has been printed by {task_id or f'run {folder.run_id}'}", err=True)
    return 0


def _run_and_task(words: Sequence[str]) -> tuple[str | None, str | None]:
    from nightbook.record.format.identity import RUN_ID

    run_ids = [word for word in words if RUN_ID.fullmatch(word)]
    names = [word for word in words if word not in run_ids]
    if len(run_ids) > 1 or len(names) > 1:
        raise _unknown(f"name one run and one task at most, not {' '.join(words)!r:.200}")
    return next(iter(run_ids), None), next(iter(names), None)


def _task_id(folder: "RunFolder", name: str) -> str:
    """Return the id of the task that a user has named."""
    from nightbook.record.read.reader import read_run

    task_ids = [task.task_id for task in read_run(folder.path).tasks]
    if name in task_ids:
        return name
    found = [task_id for task_id in task_ids if task_id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise _unknown(f"several tasks begin with {name!r:.80}: {_some(found)}")
    names = dict.fromkeys(part for task_id in task_ids for part in (task_id, task_id.partition("/")[0]))
    alike = get_close_matches(name, names, n=_MOST_SUGGESTED)
    close = [task_id for task_id in task_ids if task_id in alike or task_id.partition("/")[0] in alike]
    advice = f"is {_some(close)} meant?" if close else f"there are {_some(task_ids)}"
    raise _unknown(f"there is no task {name!r:.80} in run {folder.run_id}: {advice}")


def _some(task_ids: Sequence[str]) -> str:
    more = ", ..." if len(task_ids) > _MOST_SUGGESTED else ""
    return ", ".join(task_ids[:_MOST_SUGGESTED]) + more


def _unknown(message: str) -> Exception:
    from nightbook.record.format.errors import RecordError

    return RecordError(message)
