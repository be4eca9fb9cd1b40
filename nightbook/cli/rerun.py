"""What a resumed run says about results of other code, and which of its tasks it runs again."""

from collections.abc import Sequence

import luigi

from nightbook.cli.program import resume_command
from nightbook.cli.run_overview import print_lines
from nightbook.pipeline.graph.graph import declare_tasks
from nightbook.pipeline.runs.stale_outputs import withdraw_outputs, withdraw_targets
from nightbook.pipeline.runs.stale_results import STALE, chosen_again, describe_stale, find_stale
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.reader import read_run


def prepare_resumed_run(folder: RunFolder, tasks: Sequence[luigi.Task], rerun: Sequence[str]) -> None:
    """Say which results are stale, and withdraw the outputs of the tasks that are to be run again.

    Raise PipelineError if a name in ``rerun`` is no task of the run, and RecordError if the run is being
    executed.
    """
    run = read_run(folder.path)
    stale = find_stale(run, tasks)
    known = [*run.current_tasks, *declare_tasks(list(tasks))]
    if stale:
        print_lines([describe_stale(stale, known)])
    if not rerun:
        if stale:
            print_lines([f"to run them again: `{resume_command(folder)} --rerun {STALE}`"])
        return
    again = chosen_again(rerun, known, stale)
    withdraw_targets(folder, run, tasks, again)
    withdraw_outputs(folder, run, again)
