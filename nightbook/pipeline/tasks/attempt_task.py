"""A Luigi task whose ``run()`` is one recorded attempt to execute a body."""

import math
import multiprocessing
from collections.abc import Mapping
from enum import Enum
from functools import partial
from types import SimpleNamespace
from typing import Any

import luigi

from nightbook.execution.attempt import Job, Progress, make_attempt
from nightbook.execution.body import Body, Paths
from nightbook.execution.engines.local import become_attempt_process
from nightbook.pipeline.code.task_code import code_of_class
from nightbook.pipeline.parameters.hidden_parameters import hidden_names
from nightbook.pipeline.parameters.reserved_names import check_parameter_names
from nightbook.pipeline.tasks.incomplete import why_incomplete
from nightbook.pipeline.tasks.inputs import find_inputs
from nightbook.pipeline.tasks.progress_report import report_progress
from nightbook.pipeline.tasks.published_output import PublishedOutput
from nightbook.pipeline.tasks.run_task import RunTask
from nightbook.record.format.identity import task_id_of
from nightbook.record.format.layout import RunFolder, TaskFolder
from nightbook.record.format.model import Json, TaskKind
from nightbook.settings import settings


class AttemptTask(RunTask):
    """A task that executes a body, with bounds, retries and a record of each attempt.

    Its significant Luigi parameters are the body's parameters. ``nightbook run`` hands its attempts to the
    engine; a class that overrides ``run()`` runs in a process of Luigi's instead.
    """

    retry_count: int = 1  # total attempts
    timeout_s: float | None = 600  # of one attempt; None: as long as it takes
    kind: TaskKind = TaskKind.NOTEBOOK
    num_cpus: int = 1  # counted against [resources], and bounds the threads of numerical libraries

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse parameters that would take the place of what the class is made of."""
        super().__init_subclass__(**kwargs)
        check_parameter_names(cls)

    @property
    def resources(self) -> dict[str, int]:  # type: ignore[override]  # Luigi documents a property too
        """What Luigi counts against ``[resources]`` while the task runs."""
        return {"num_cpus": self.num_cpus}

    @property
    def body_source(self) -> str:
        """The file that the body executes, as the record names it."""
        raise NotImplementedError

    @property
    def body(self) -> Body:
        """What an attempt executes."""
        raise NotImplementedError

    @property
    def body_parameters(self) -> dict[str, Json]:
        """The values that the body is given, by name; what JSON has no type for, as a string."""
        return {
            name: json_value(parameter, getattr(self, name))
            for name, parameter in self.get_params()
            if parameter.significant and name != "run_id"
        }

    @property
    def recorded_parameters(self) -> dict[str, Json]:
        """Those of the body's parameters whose values the record has."""
        hidden = hidden_names(self)
        return {name: value for name, value in self.body_parameters.items() if name not in hidden}

    @property
    def hidden_parameters(self) -> dict[str, Json]:
        """Those of the body's parameters whose values are in no record."""
        hidden = hidden_names(self)
        return {name: value for name, value in self.body_parameters.items() if name in hidden}

    @property
    def body_inputs(self) -> "Paths | None":
        """The outputs of the required tasks, structured like ``requires()``; None without any."""
        return find_inputs(self)

    @property
    def record_id(self) -> str:
        """The task's id in the run record."""
        parameters = dict(self.get_params())
        texts = {name: parameters[name].serialize(getattr(self, name)) for name in self.recorded_parameters}
        return task_id_of(self.task_name, texts)

    @property
    def record_folder(self) -> TaskFolder:
        """The task's folder in the run record."""
        return RunFolder(settings().runs / self.run_id).task(self.record_id)

    @property
    def body_code(self) -> Mapping[str, str]:
        """The own files that make the body's result, by path, with their digests."""
        return code_of_class(type(self))

    @property
    def code_digests(self) -> Mapping[str, str]:
        """The own files that make the task's result: the class's, too, if it has a ``run()`` of its own."""
        if type(self).run is AttemptTask.run:
            return self.body_code
        return {**code_of_class(type(self)), **self.body_code}

    @property
    def job(self) -> Job:
        """What each attempt has to do."""
        timeout_s = math.inf if self.timeout_s is None else self.timeout_s
        own = type(self).output is not AttemptTask.output or type(self).complete is not luigi.Task.complete
        return Job(
            self.record_folder,
            self.body,
            timeout_s,
            self.num_cpus,
            self.code_digests,
            partial(why_incomplete, self) if own else None,
        )

    def output(self) -> luigi.LocalTarget:
        """The folder that the body has written, published in one step after a success."""
        return PublishedOutput(self.record_folder)

    def run(self) -> None:
        """Make one attempt in this process, which Luigi has started.

        Raise AttemptFailedError, after everything has been recorded, if it does not succeed.
        """
        main_process = multiprocessing.parent_process()
        if main_process is not None:
            become_attempt_process(main_process.pid or 0)
        make_attempt(self.job, self._report_progress)

    def _report_progress(self, progress: Progress) -> None:
        task: Any = self  # Luigi gives a task these methods while run() runs
        reporter = SimpleNamespace(
            update_tracking_url=task.set_tracking_url,
            update_status_message=task.set_status_message,
            update_progress_percentage=task.set_progress_percentage,
        )
        report_progress(reporter, progress)


def json_value(parameter: luigi.Parameter, value: Any) -> Json:
    """Return a parameter's value as the record has it; what JSON has no type for, as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): json_value(parameter, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(parameter, item) for item in value]
    # What is in a list of a luigi.EnumListParameter, its own method cannot serialize.
    return str(value.name if isinstance(value, Enum) else parameter.serialize(value))
