import time

import luigi.worker
import pytest
from luigi.scheduler import Scheduler
from luigi.task_status import RUNNING

from nightbook.pipeline.luigi_clock import use_steady_clock

HOUR_S = 3600


@pytest.mark.promise("A jump of the clock ends no run and no worker.")
@pytest.mark.parametrize("offset_s", [-HOUR_S, HOUR_S])
def test_luigi_does_not_see_that_the_clock_is_set(offset_s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    use_steady_clock()
    scheduler = Scheduler(prune_on_get_work=True, worker_disconnect_delay=60, remove_delay=60)
    scheduler.add_worker("one", [])
    scheduler.add_task(task_id="work", worker="one")
    assert scheduler.get_work(worker="one")["task_id"] == "work"
    idle_since = luigi.worker.datetime.datetime.now()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + offset_s)

    scheduler.get_work(worker="another")

    assert list(scheduler.task_list(status=RUNNING, upstream_status="")) == ["work"]
    assert 0 <= (luigi.worker.datetime.datetime.now() - idle_since).total_seconds() < HOUR_S / 60
    assert abs(luigi.worker.time.time() - now()) < HOUR_S / 60
