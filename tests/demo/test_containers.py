"""The demo in containers, from a fresh copy of the repository, beside the same run without them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome, Run
from tests.support.containers import Containers, new_name, skip_without_docker, unused_ports
from tests.support.project import REPOSITORY, Project, copy_repository

pytestmark = pytest.mark.xdist_group("docker")

MEASURED = "latency_us"  # differs from run to run, and so does what begins like it


@pytest.fixture
def containers(tmp_path: Path) -> Iterator[Containers]:
    skip_without_docker()
    containers = Containers(tmp_path / "copy", new_name(), unused_ports(), "nightbook-test-demo")
    copy_repository(containers.path)
    yield containers
    containers.clean_up()


def contents(run: Run) -> dict[str, object]:
    """What a run says, without what the clock and the machine add to it."""
    return {
        task.task_id: (
            task.outcome,
            task.depends_on,
            {name: value for name, value in task.metrics.items() if not name.startswith(MEASURED)},
            [value.name for attempt in task.attempts for value in attempt.values],
            [(file.name, file.media_type) for attempt in task.attempts for file in attempt.artifacts],
        )
        for task in run.tasks
    }


def test_compose_makes_the_record_that_a_local_run_makes(containers: Containers, tmp_path: Path) -> None:
    up = containers.up_pipeline(PULL_POLICY="build", RUN_ENVIRONMENT="dev", FAILURES="off")
    assert up.returncode == 0, up.stdout[-5000:]
    local = Project(tmp_path / "local")
    shutil.copytree(REPOSITORY / "notebooks", local.path / "notebooks")
    shutil.copy(REPOSITORY / "luigi.cfg", local.path)
    done = local.nightbook("run", RUN_ENVIRONMENT="dev", FAILURES="off")
    assert done.returncode == 0, done.stdout

    in_containers = containers.record()
    assert (in_containers.outcome, in_containers.problems) == (Outcome.SUCCESS, ())
    assert contents(in_containers) == contents(local.record())
