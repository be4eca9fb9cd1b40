"""A notebook that ended itself before its last cell says so on its pages."""

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.support.built_site import Site
from tests.support.recording import RUN_ID, declared, execute_attempt, recorded_invocation

MARK = "ended by exit() in cell 2; 3 cells did not run"
TASK = f"runs/{RUN_ID}/tasks/work"


def test_the_pages_of_the_attempt_and_of_the_task_say_so(site: Site) -> None:
    run = RunFolder(site.runs / RUN_ID)
    with recorded_invocation(run, [declared("work")]):
        execute_attempt(run.task("work").attempt(1), Outcome.SUCCESS, cell_count=5, ended_by=MARK)

    site.build()

    assert MARK in site.page(f"{TASK}/attempt-01/index.html")
    assert MARK in site.page(f"{TASK}/index.html")
