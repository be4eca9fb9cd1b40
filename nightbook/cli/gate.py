"""``nightbook gate``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command("gate", cls=Command, examples=("nightbook gate --against build/archive/runs",))
@options.run_id
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Folder with the records of the main branch.",
)
@options.as_json
@options.runs
def run(*, run_id: str | None, against: Path, as_json: bool, runs: Path | None) -> int:
    """Compare the metrics of a run with the last runs of the main branch; without RUN, of the newest.

    The exit code is 1 if a metric is worse than on the main branch by more than its noise.
    """
    from nightbook.cli.records import find_record
    from nightbook.record.format.errors import RecordError
    from nightbook.record.gate import Verdict, comparable, judge, metrics_of, overall
    from nightbook.record.read.reader import newest_runs, read_run
    from nightbook.record.render.comparison import verdict_line
    from nightbook.reporting.reports import write_reports

    chosen = options.use_project(runs=runs)
    folder = find_record(chosen.runs, run_id)
    recorded = read_run(folder.path)
    if not against.is_dir():
        raise RecordError(f"there is no folder {against} with records to compare with")
    result = metrics_of(recorded)
    past = comparable(result, map(metrics_of, newest_runs(against)), chosen.main_branch)
    comparisons = judge(result, past, chosen.goals)
    write_reports(folder, recorded, chosen.metrics, comparisons)
    if as_json:
        from nightbook.cli.json_output import gate_json

        print(gate_json(recorded.run_id, comparisons))
    else:
        from nightbook.reporting.tables import comparison_table, print_table

        if comparisons:
            print_table(comparison_table(comparisons))
        print(verdict_line(comparisons))
    return 1 if overall(comparisons) is Verdict.REGRESSED else 0
