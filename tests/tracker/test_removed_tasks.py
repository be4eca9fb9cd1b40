"""A task that the pipeline has lost stands on the run's page as such, and not among the failures."""

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.support.built_site import Site
from tests.support.recording import MAKE, RUN_ID, TASKS, USE, recorded_invocation, run_attempt


def test_a_removed_task_is_marked_and_is_no_failure(site: Site) -> None:
    run = RunFolder(site.runs / RUN_ID)
    with recorded_invocation(run, TASKS, Outcome.FAILURE):
        run_attempt(run, MAKE)
        run_attempt(run, USE, 1, Outcome.FAILURE)
    with recorded_invocation(run, TASKS[:1]):
        pass

    site.build()

    page = site.page(f"runs/{RUN_ID}/index.html")
    assert "outcome-no-longer-in-the-pipeline" in page  # in the table
    assert "node-no-longer-in-the-pipeline" in page  # in the graph
    assert "1 of 1 task" in page
    assert "outcome-failure" not in page
    shown = site.page(f"runs/{RUN_ID}/tasks/use/index.html")
    assert "no longer in the pipeline" in shown
