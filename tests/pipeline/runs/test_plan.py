"""Which parameters a task has that is added to a run."""

from collections.abc import Iterator

import luigi
import pytest

from nightbook import FunctionTask, Pipeline
from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.parameters.run_parameters import process_run_id, use_run_id
from nightbook.pipeline.runs.plan import plan_addition
from nightbook.record.format.model import Outcome, Provenance, Run
from tests.support.recording import RUN_ID


class Fit(FunctionTask):
    size = luigi.IntParameter(default=1)
    failures = luigi.Parameter(default="default", significant=False)
    environment = luigi.Parameter(default="default", significant=False)
    seed = luigi.IntParameter(default=7)


class Nightly(Pipeline):
    """It hands on its environment, another value than its own failures, and two seeds."""

    environment = luigi.Parameter()
    failures = luigi.Parameter(default="on")
    seed = luigi.IntParameter(default=1)

    def requires(self) -> list[luigi.Task]:
        failures = f"as-{self.environment}"
        return [self.clone(Fit, size=size, seed=size, failures=failures) for size in (1, 2)]


RUN = Run(
    run_id=RUN_ID,
    trace_id="",
    schema_version=1,
    pipeline="nightly",
    entry_point=f"{__name__}:Nightly",
    notebooks="notebooks",
    parameters={"run_id": RUN_ID, "environment": "ci", "failures": "on", "seed": "1"},
    provenance=Provenance(),
    outcome=Outcome.SUCCESS,
    start_ns=0,
    end_ns=0,
)


@pytest.fixture(autouse=True)
def _own_run_id() -> Iterator[None]:
    """Leave the process in the run that it was in."""
    before = process_run_id()
    yield
    use_run_id(before)


def added(**texts: str) -> luigi.Task:
    return plan_addition(RUN, f"{__name__}:Fit", texts).root


def test_a_parameter_of_the_pipeline_is_as_its_tasks_have_it() -> None:
    task = added(size="3")

    assert (task.run_id, task.environment, task.failures) == (RUN_ID, "ci", "as-ci")


def test_a_parameter_in_which_the_tasks_differ_is_the_pipelines() -> None:
    assert added(size="3").seed == 1


def test_one_that_the_pipeline_does_not_have_is_the_tasks_own() -> None:
    assert added().size == 1


def test_what_is_set_counts() -> None:
    assert added(environment="dev", seed="9").to_str_params() == {
        "run_id": RUN_ID,
        "size": "1",
        "failures": "as-ci",
        "environment": "dev",
        "seed": "9",
    }


def test_another_run_id_contradicts() -> None:
    with pytest.raises(PipelineError, match=f"contradicts --into {RUN_ID}"):
        added(run_id="20200101T000000Z-abcdef")
