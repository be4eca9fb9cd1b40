"""The job of a run, also when the run fails, as every pull request, push and night has it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from nightbook.provenance.environment import find_provenance
from nightbook.record.format.model import Outcome
from nightbook.record.read.reader import read_run
from tests.support.pipeline_job import Job
from tests.support.project import REPOSITORY
from tests.support.workflow_files import read_workflow, read_workflows

IMAGE, RUN = "make image", "make run-in-container"
# Docker's part is tested with the images; make ends like the container does.
IN_MAKE = [
    "make",
    f"VENV={sys.prefix}",
    f"--assume-old={Path(sys.prefix) / '.ready'}",
    "run",
    "RUN_ENVIRONMENT=ci",
]
AFTER_THE_RUN = {
    "Fetch main's history",
    "Compare with main",
    "Sum up",
    "Pack the record",
    "Upload the record",
}


@pytest.mark.parametrize(
    ("notebook", "outcome", "step"),
    [("1 / 0", Outcome.FAILURE, "failure"), ("nightbook.log_metric('x', 1)", Outcome.SUCCESS, "success")],
)
def test_a_run_that_fails_is_red_and_still_leaves_its_record_and_summary(
    tmp_path: Path, notebook: str, outcome: Outcome, step: str
) -> None:
    job = Job(tmp_path, {IMAGE: ["true"], RUN: IN_MAKE})
    job.prepare(notebook)

    job.run()

    assert job.outcomes["run"] == step, job.output
    assert {job.outcomes[name] for name in AFTER_THE_RUN} == {"success"}, job.output
    (record,) = (job.checkout / "build" / "record").iterdir()
    assert read_run(record).outcome is outcome
    assert (record / "tasks/work/attempt-01/notebook.ipynb").is_file()
    assert (record / "tasks/work/attempt-01/notebook.html").is_file()
    assert outcome in job.summary
    assert ("ZeroDivisionError" in job.summary) is (outcome is Outcome.FAILURE)


def test_without_an_image_nothing_is_compared_or_uploaded(tmp_path: Path) -> None:
    job = Job(tmp_path, {IMAGE: ["false"]})
    job.checkout.mkdir()

    job.run()

    assert job.outcomes["Build the image"] == "failure"
    assert {job.outcomes[name] for name in ("run", *AFTER_THE_RUN)} == {"skipped"}


@pytest.mark.promise("A run on GitHub that hangs is stopped while its record can still be uploaded.")
def test_a_run_that_hangs_is_stopped_while_there_is_time_to_upload_its_record() -> None:
    pipeline = read_workflow(REPOSITORY, ".github/workflows/_pipeline.yml")
    calls = [
        call
        for workflow in read_workflows(REPOSITORY)
        for call in workflow.calls()
        if call.name == pipeline.name
    ]

    assert len(calls) >= 3
    for call in [pipeline.called_with({}), *calls]:
        job = call.jobs["pipeline"]
        (run,) = (step for step in job["steps"] if step.get("id") == "run")
        assert run["timeout-minutes"] <= job["timeout-minutes"] - 15


class Asked(Mapping[str, str]):
    """GitHub's variables, which notes the names that it is asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return {"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": ""}.get(name, "octo/nightly")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def test_the_container_gets_all_variables_that_a_record_needs_of_its_origin() -> None:
    asked = Asked()
    find_provenance(REPOSITORY, asked)

    command = subprocess.run(
        ["make", "--dry-run", "run-in-container"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout

    passed = {
        after
        for before, after in zip(command.split(), command.split()[1:], strict=False)
        if before == "--env"
    }
    assert len(asked.names) == 10
    assert passed == asked.names | {"RUN_ENVIRONMENT", "FAILURES"}
