"""A notebook as a Luigi task: one class of a few lines per notebook, nothing else to write."""

import logging
import multiprocessing
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import luigi
from luigi.rpc import RPCError

from nightbook.execution.attempt import Job, Progress, make_attempt
from nightbook.execution.notebook.source import Paths
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.pipeline.parameters import RunIdParameter
from nightbook.record.format.identity import task_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Json
from nightbook.settings import settings

_log = logging.getLogger(__name__)


def kebab_case(name: str) -> str:
    """``CleanData`` as pages, folders and files have it: ``clean-data``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


class RunTask(luigi.Task):
    """A task that belongs to a run."""

    run_id = RunIdParameter()


class NotebookTask(RunTask):
    """One notebook with one set of parameters.

    The notebook is the file named like the class: ``CleanData`` runs ``clean-data.py``. Its
    parameters are the class's significant Luigi parameters. Beside these it is given ``inputs``, the
    output folders of what ``requires()`` names, in the same dict or list, and ``output_dir``, where
    it writes what others need.

    Example:
        >>> import luigi, nightbook
        >>> class CleanData(nightbook.NotebookTask):
        ...     threshold = luigi.FloatParameter(default=0.5)
        ...     timeout_s = 120
        >>> task = CleanData(threshold=0.9)
        >>> task.notebook_file, task.notebook_parameters
        ('clean-data.py', {'threshold': 0.9})

    """

    notebook: str = ""  # a file below the notebooks' folder, if it is not named like the class
    retry_count: int = 1  # total attempts
    timeout_s: float = 600  # of one attempt
    num_cpus: int = 1  # counted against [resources], and bounds the threads of numerical libraries

    @property
    def resources(self) -> dict[str, int]:  # type: ignore[override]  # Luigi documents a property too
        """What Luigi counts against ``[resources]`` while the task runs."""
        return {"num_cpus": self.num_cpus}

    @property
    def task_name(self) -> str:
        """The word for the task in folders, spans and pages."""
        return kebab_case(type(self).__name__)

    @property
    def notebook_file(self) -> str:
        """The notebook's path below the folder of notebooks."""
        return self.notebook or f"{self.task_name}.py"

    @property
    def notebook_parameters(self) -> dict[str, Json]:
        """The values that the notebook is given, by name; what JSON has no type for, as a string."""
        return {
            name: _json_value(parameter, getattr(self, name))
            for name, parameter in self.get_params()
            if parameter.significant and name != "run_id"
        }

    @property
    def record_id(self) -> str:
        """The task's id in the run record."""
        parameters = dict(self.get_params())
        texts = {name: parameters[name].serialize(getattr(self, name)) for name in self.notebook_parameters}
        return task_id_of(self.task_name, texts)

    @property
    def job(self) -> Job:
        """What one attempt has to do."""
        config = settings()
        return Job(
            folder=RunFolder(config.runs / self.run_id).task(self.record_id),
            source=config.notebooks / self.notebook_file,
            parameters=self.notebook_parameters,
            inputs=_paths(self.input()) if self.deps() else None,
            timeout_s=self.timeout_s,
            num_cpus=self.num_cpus,
            max_output_bytes=config.max_output_bytes,
            environment=config.kernel.environment,
        )

    def output(self) -> luigi.LocalTarget:
        """The folder that holds what the notebook made, published in one step after a success."""
        folder = RunFolder(settings().runs / self.run_id).task(self.record_id)
        return luigi.LocalTarget(str(folder.output))

    def run(self) -> None:
        """Make one attempt; AttemptFailedError, when all has been recorded, if it does not succeed."""
        main_process = multiprocessing.parent_process()
        if main_process is not None:
            die_with_parent(main_process.pid or 0)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # and this is what it sends then
        make_attempt(self.job, self._show_progress)

    def _show_progress(self, progress: Progress) -> None:
        """Tell Luigi's scheduler page; the run does not depend on whether that can be reached."""
        show: Any = self  # Luigi gives these three methods to the task while run() runs
        folder, done, count = progress.folder, progress.cells_done, progress.cell_count
        try:
            if not done and settings().record_url:
                show.set_tracking_url(f"{settings().record_url}/{self.run_id}/{quote(str(folder.relative))}/")
            show.set_status_message(
                f"attempt {folder.number}, {done} of {count} cells\n\n{progress.next_cell}"
            )
            show.set_progress_percentage(100 * done // max(count, 1))
        except RPCError as error:
            _log.warning("the scheduler cannot be told of the progress of %s: %s", self.record_id, error)


def _json_value(parameter: luigi.Parameter, value: Any) -> Json:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _json_value(parameter, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(parameter, item) for item in value]
    return str(parameter.serialize(value))


def _paths(targets: Any) -> Paths:
    """The paths of Luigi's ``input()``, in the same structure."""
    if isinstance(targets, dict):
        return {str(key): _paths(target) for key, target in targets.items()}
    if isinstance(targets, luigi.LocalTarget):
        return Path(targets.path)
    return [_paths(target) for target in targets]
