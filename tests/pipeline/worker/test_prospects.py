"""Whether a run can go on, by Luigi's own scheduler."""

import pytest
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING, RUNNING

from nightbook.pipeline.worker.prospects import can_go_on

WORKER = "worker"


@pytest.fixture
def scheduler() -> Scheduler:
    """A scheduler with one worker, which may do two things with two processors."""
    scheduler = Scheduler(retry_delay=600, resources={"num_cpus": 2})
    scheduler.add_worker(WORKER, {"workers": 2})
    return scheduler


def add(scheduler: Scheduler, task: str, **task_values: object) -> None:
    scheduler.add_task(worker=WORKER, task_id=task, family=task, **{"runnable": True, **task_values})


def test_a_task_that_can_begin_goes_on(scheduler: Scheduler) -> None:
    add(scheduler, "root", status=PENDING, deps=["leaf"])
    add(scheduler, "leaf", status=PENDING, resources={"num_cpus": 2})

    assert can_go_on(scheduler, "root")


@pytest.mark.parametrize("status", [RUNNING, FAILED])
def test_a_task_that_runs_or_is_tried_again_goes_on(scheduler: Scheduler, status: str) -> None:
    add(scheduler, "root", status=PENDING, deps=["leaf"])
    for each in (PENDING, status):
        add(scheduler, "leaf", status=each, retry_policy_dict={"retry_count": 2})

    assert can_go_on(scheduler, "root")


def test_nothing_goes_on_after_a_task_that_has_failed_for_good(scheduler: Scheduler) -> None:
    add(scheduler, "root", status=PENDING, deps=["leaf"])
    add(scheduler, "leaf", status=PENDING, retry_policy_dict={"retry_count": 1})
    assert scheduler.get_work(worker=WORKER)["task_id"] == "leaf"
    assert can_go_on(scheduler, "root")

    add(scheduler, "leaf", status=FAILED, retry_policy_dict={"retry_count": 1})

    assert not can_go_on(scheduler, "root")


def test_nothing_goes_on_without_external_data(scheduler: Scheduler) -> None:
    add(scheduler, "root", status=PENDING, deps=["data"])
    add(scheduler, "data", status=PENDING, runnable=False)
    assert not can_go_on(scheduler, "root")

    add(scheduler, "data", status=DONE)

    assert can_go_on(scheduler, "root")


@pytest.mark.parametrize("resources", [{"num_cpus": 3}, {"not_declared": 2}])
def test_nothing_goes_on_with_more_of_a_resource_than_there_is(
    scheduler: Scheduler, resources: dict[str, int]
) -> None:
    add(scheduler, "root", status=PENDING, resources=resources)

    assert not can_go_on(scheduler, "root")


def test_a_run_that_is_done_does_not_go_on(scheduler: Scheduler) -> None:
    add(scheduler, "root", status=DONE)

    assert not can_go_on(scheduler, "root")
