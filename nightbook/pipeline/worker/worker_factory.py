"""Makes the scheduler and the worker of a run, for which Luigi asks."""

from luigi.rpc import RemoteScheduler
from luigi.scheduler import Scheduler

from nightbook.execution.engines.base import Engine
from nightbook.pipeline.scheduling.luigid import connect
from nightbook.pipeline.worker.worker import EngineWorker, OnRequirements, ignore_requirements


class WorkerFactory:
    """Makes the parts that ``luigi.build`` asks for."""

    worker_class: type[EngineWorker] = EngineWorker

    def __init__(
        self,
        engine: Engine,
        remote: RemoteScheduler | None = None,
        on_requirements: OnRequirements = ignore_requirements,
    ) -> None:
        self._engine = engine
        self._on_requirements = on_requirements
        self._remote = remote

    def create_local_scheduler(self) -> Scheduler:
        """Return a scheduler in this process."""
        # A retry comes at once: the delay exists for workers on other machines.
        return Scheduler(prune_on_get_work=True, record_task_history=False, retry_delay=0)

    def create_remote_scheduler(self, url: str) -> RemoteScheduler:
        """Return a client of the luigid at the URL."""
        return self._remote or connect(url)

    def create_worker(
        self,
        scheduler: Scheduler | RemoteScheduler,
        worker_processes: int,
        assistant: bool = False,  # noqa: FBT001, FBT002 Luigi's signature
    ) -> EngineWorker:
        """Return the worker of this process."""
        return self.worker_class(
            engine=self._engine,
            on_requirements=self._on_requirements,
            scheduler=scheduler,
            worker_processes=worker_processes,
            assistant=assistant,
            # Asking is cheap within this process, and keeps a luigid of several workers busy. The end of a
            # task of this worker is noticed at once either way.
            wait_interval=0.05 if isinstance(scheduler, Scheduler) else 0.5,
        )
