"""A luigid that hands to a worker only the tasks of runs that have the worker's own code."""

from typing import Any

from luigi.rpc import RemoteScheduler
from luigi.scheduler import WORKER_STATE_DISABLED
from luigi.task_status import PENDING

from nightbook.pipeline.code.code_version import has_other_code
from nightbook.pipeline.parameters.hidden_parameters import MissingValueError
from nightbook.pipeline.scheduling.assisted_run import find_run
from nightbook.pipeline.scheduling.task_answer import with_hidden_values
from nightbook.record.format.errors import NightbookError
from nightbook.record.format.layout import RunFolder
from nightbook.settings import settings


class OutdatedError(NightbookError):
    """A worker whose code is not that of a run whose task it was given."""


class OwnCodeScheduler(RemoteScheduler):
    """A client of luigid that gives back a task that it cannot run, and then asks for no more.

    That is one of a run with other code, and one with a hidden value that this machine does not have.

    It looks at the task before Luigi's worker loads its class, which other code may not have.
    """

    def __init__(self, url: str, own_code: str) -> None:
        super().__init__(url)
        self._own_code = own_code
        self.refused_run = ""
        self.missing: MissingValueError | None = None

    def get_work(self, **options: Any) -> dict[str, Any]:
        """Return the scheduler's answer, or one after which Luigi's worker ends with its running tasks."""
        scheduler: Any = super()  # its methods are made at run time
        answer: dict[str, Any] = scheduler.get_work(**options)
        task_id = answer.get("task_id")
        if task_id is None:
            return answer
        run_id = answer["task_params"].get("run_id") or find_run(self, task_id)
        if run_id and has_other_code(RunFolder(settings().runs / run_id), self._own_code):
            self.refused_run = run_id
        else:
            try:
                return with_hidden_values(answer)
            except MissingValueError as error:
                self.missing = error
        give_back(self, task_id, worker=str(options["worker"]))
        return {**answer, "task_id": None, "worker_state": WORKER_STATE_DISABLED}

    def check_own(self) -> None:
        """Raise OutdatedError or MissingValueError if a task was given back."""
        if self.missing:
            raise MissingValueError(f"{self.missing}. The worker has given the task back.")
        if self.refused_run:
            raise OutdatedError(
                f"run {self.refused_run} has other code than this worker, which has given back its task: "
                "restart the worker to take part in the run, a container with a new image"
            )


def give_back(scheduler: Any, task_id: str, *, worker: str) -> None:
    """Let the task that the worker was given wait again, as if it had not been: no attempt is counted.

    luigid takes a running task back only from one that has asked for something. So the task asks for itself,
    which lets nobody take it yet, and then has its own dependencies again. Its retry policy is lost thereby:
    the worker that begins the task tells it again.
    """
    task = scheduler.dep_graph(task_id)[task_id]
    kept = {"worker": worker, "task_id": task_id, "status": PENDING, "runnable": False, "assistant": True}
    kept |= {"resources": task["resources"], "priority": task["priority"]}
    scheduler.add_task(**kept, new_deps=[task_id])
    scheduler.add_task(**kept, deps=task["deps"])
