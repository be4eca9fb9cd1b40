"""The folders and files of a run record: the only place that joins its paths."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder ``runs/<run_id>``."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run's id, which is the folder's name."""
        return self.path.name

    @property
    def spans(self) -> Path:
        """The span files, one per process that wrote spans."""
        return self.path / "spans"

    @property
    def report(self) -> Path:
        """Derived texts; may be deleted and made again."""
        return self.path / "report"

    @property
    def log(self) -> Path:
        """Luigi's own log of the run."""
        return self.path / "luigi.log"

    @property
    def code(self) -> Path:
        """The hash of all code of the newest invocation, by which workers know if it is theirs."""
        return self.path / "code.sha256"

    def invocation_spans(self, number: int) -> Path:
        """Return the span file of the run's nth invocation."""
        return self.spans / f"run-{number:02d}.jsonl"

    def assistance_spans(self, worker: str) -> Path:
        """Return the span file of a worker elsewhere, which runs tasks of this run."""
        return self.spans / f"worker-{worker}.jsonl"

    def invocations(self) -> int:
        """Return the number of invocations that have written to this record."""
        files = self.spans.glob("run-*.jsonl")  # a task `run-model` has files like these too
        return sum(file.stem.removeprefix("run-").isdigit() for file in files)

    def task(self, task_id: str) -> "TaskFolder":
        """Return the folder of a task."""
        return TaskFolder(self, task_id)


@dataclass(frozen=True, slots=True)
class TaskFolder:
    """The folder of one task of a run."""

    run: RunFolder
    task_id: str

    @property
    def path(self) -> Path:
        """``tasks/<task>/<params>``."""
        return self.run.path / "tasks" / self.task_id

    @property
    def output(self) -> Path:
        """The task's published output: it counts with the success of the task's newest attempt."""
        return self.path / "output"

    def attempt(self, number: int) -> "AttemptFolder":
        """Return the folder of the nth attempt, counted from 1."""
        return AttemptFolder(self, number)

    def newest_attempt(self) -> "AttemptFolder | None":
        """Return the attempt that has begun last, or None if none has."""
        number = self.next_attempt().number - 1
        return self.attempt(number) if number else None

    def next_attempt(self) -> "AttemptFolder":
        """Return the first attempt that has not begun."""
        number = 1
        while (attempt := self.attempt(number)).has_begun():
            number += 1
        return attempt


@dataclass(frozen=True, slots=True)
class AttemptFolder:
    """The folder of one attempt, which holds all that the attempt writes except its spans."""

    task: TaskFolder
    number: int

    @property
    def path(self) -> Path:
        """``tasks/<task>/<params>/attempt-01``."""
        return self.task.path / self.name

    def has_begun(self) -> bool:
        """Return True once the first span is written: an attempt has its span before it has its folder."""
        try:
            return self.spans.stat().st_size > 0
        except FileNotFoundError:
            return self.path.exists()  # the folder of an attempt that an older version had begun

    @property
    def name(self) -> str:
        """``attempt-01``."""
        return f"attempt-{self.number:02d}"

    @property
    def relative(self) -> PurePosixPath:
        """The folder's path relative to the record's folder."""
        return PurePosixPath("tasks") / self.task.task_id / self.name

    @property
    def notebook(self) -> Path:
        """The executed notebook, saved after every cell."""
        return self.path / "notebook.ipynb"

    @property
    def html(self) -> Path:
        """The executed notebook as an HTML fragment."""
        return self.path / "notebook.html"

    @property
    def artifacts(self) -> Path:
        """The files that the notebook logged."""
        return self.path / "artifacts"

    def artifact(self, name: str) -> PurePosixPath:
        """Return the path of a logged file relative to the record's folder."""
        return self.relative / self.artifacts.name / name

    @property
    def output(self) -> Path:
        """The task's output while it is being made; renamed when the attempt has succeeded."""
        return self.path / "output"

    @property
    def kernel_log(self) -> Path:
        """The text that the kernel's process itself wrote to its standard streams."""
        return self.path / "kernel.log"

    @property
    def output_log(self) -> Path:
        """What the body has printed so far, written while it runs."""
        return self.path / "output.log"

    @property
    def progress_file(self) -> Path:
        """How far the body says that it is; removed at the attempt's end."""
        return self.path / "progress.json"

    @property
    def source(self) -> Path:
        """The text of what was executed: a function, a command, a class; a notebook holds its own."""
        return self.path / "source.txt"

    @property
    def spans(self) -> Path:
        """The span file of the process that runs the attempt."""
        return self._spans("jsonl")

    @property
    def notebook_spans(self) -> Path:
        """The span file of the notebook's kernel."""
        return self._spans("notebook.jsonl")

    def _spans(self, ending: str) -> Path:
        process = self.task.task_id.replace("/", ".")
        return self.task.run.spans / f"{process}.{self.name}.{ending}"
