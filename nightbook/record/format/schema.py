"""The run record, version 1: every span kind and attribute key. This module is the specification.

A record is a folder with OTLP/JSON lines in ``spans/*.jsonl``; each line is one
``ExportTraceServiceRequest`` (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
All spans of a run share one trace id, ``sha256(run_id)[:16]``. The kind of a span is its attribute
``nightbook.kind``; its name is for people. The tree, with the class of each span's attributes:

    run                          RunRequest, RESULT; one per invocation: `run`, then each `resume`
    ├── run_start                RunRequest; zero length, written at once
    ├── task_declared            TaskDeclaration; zero length, written at once, one per task
    └── task                     TaskDeclaration, TASK_RESULT; from its first attempt to its last
        └── attempt              AttemptStart, TASK_RESULT, Error, AttemptEnd; one call of the task's run()
            ├── attempt_start    AttemptStart; zero length, written at once
            ├── cell             Cell; one executed code cell
            ├── value            LoggedValue; zero length: a logged parameter, metric or JSON value
            └── artifact         Artifact; zero length: a logged file under the attempt's ``artifacts/``

The links of ``task_declared`` and ``task`` spans are the task's dependencies. ``run`` and ``task`` spans are
written when an invocation ends; readers derive them from the others when it was killed. An attempt without
its own span, which is written at its end, was *interrupted*. The resource of the spans of an invocation
(run, run_start, task_declared, task) has PIPELINE_NAME and the attributes of Provenance too.

Names follow OpenTelemetry's semantic conventions where one exists
(https://opentelemetry.io/docs/specs/semconv/cicd/cicd-spans/); ours start with ``nightbook.``. Times are
integer nanoseconds since the epoch, UTC; see nightbook/clock.py. Fields without a key are the span's own,
such as its start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Final

from nightbook.record.format.added_tasks import ADDED_TASKS, AddedTask
from nightbook.record.format.attributes import (
    ASCII_JSON_OBJECT,
    JSON,
    JSON_OBJECT,
    TEXT_OBJECT,
    TEXTS,
    Attribute,
    Form,
    check_type,
)
from nightbook.record.format.values import Json
from nightbook.record.format.vocabulary import ArtifactType, Outcome, TaskKind, ValueType

SCHEMA_VERSION: Final = 1
SCOPE: Final = "nightbook"  # of all spans: the instrumentation scope

# --- resource of every span ----------------------------------------------------------------------
SERVICE_NAME: Final = "service.name"  # always "nightbook"
VERSION: Final = "nightbook.schema.version"  # int: SCHEMA_VERSION
RUN_ID: Final = "cicd.pipeline.run.id"  # such as 20261123T031700Z-7f3a2c

# --- resource of an invocation's spans ------------------------------------------------------------
PIPELINE_NAME: Final = "cicd.pipeline.name"  # name of the root task's class, such as digits

# --- spans ----------------------------------------------------------------------------------------
KIND: Final = "nightbook.kind"  # every span: a Kind
RESULT: Final = "cicd.pipeline.result"  # run: an Outcome
TASK_RESULT: Final = "cicd.pipeline.task.run.result"  # task, attempt, cell: an Outcome
ERROR_TYPE: Final = "error.type"  # attempt: there if, and only if, it has an Error
_PARAMETERS: Final = "nightbook.parameters"  # run_start, run, task_declared, task: JSON object
_TASK_ID: Final = "nightbook.task.id"  # task_declared, task, attempt_start, attempt


class Kind(StrEnum):
    """The kind of a span: the value of ``KIND``."""

    RUN = "run"
    RUN_START = "run_start"
    TASK_DECLARED = "task_declared"
    TASK = "task"
    ATTEMPT = "attempt"
    ATTEMPT_START = "attempt_start"
    CELL = "cell"
    VALUE = "value"
    ARTIFACT = "artifact"


_FAILED: Final[Form[bool]] = Form(
    lambda failed: Outcome.FAILURE if failed else Outcome.SUCCESS,
    lambda key, value: Outcome(check_type(key, value, str)) is not Outcome.SUCCESS,
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an invocation comes from. An empty string means that it is not known."""

    trigger: Annotated[str, Attribute("nightbook.trigger")] = ""  # local, push, pull_request, schedule, ...
    actor: Annotated[str, Attribute("nightbook.actor")] = ""  # login on GitHub, or the author of the commit
    repository_url: Annotated[str, Attribute("vcs.repository.url.full")] = ""  # http(s) address
    revision: Annotated[str, Attribute("vcs.ref.head.revision")] = ""  # full hash of the commit
    branch: Annotated[str, Attribute("vcs.ref.head.name")] = ""  # or tag
    pull_request: Annotated[str, Attribute("vcs.change.id")] = ""  # its number
    dirty: Annotated[bool, Attribute("nightbook.vcs.dirty")] = False  # uncommitted changes
    ci_run_url: Annotated[str, Attribute("cicd.pipeline.run.url.full")] = ""  # page of the workflow run
    python_version: Annotated[str, Attribute("process.runtime.version")] = ""  # such as 3.11.7
    os_type: Annotated[str, Attribute("os.type")] = ""  # such as linux
    cpu_count: Annotated[int, Attribute("nightbook.cpu_count")] = 0  # of the machine; 0 if unknown
    lock_sha256: Annotated[str, Attribute("nightbook.lock.sha256")] = ""  # of uv.lock, lower-case hex
    packages: Annotated[tuple[str, ...], Attribute("nightbook.packages", TEXTS)] = ()  # of "name==version"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The request that started a run; ``resume`` repeats it."""

    pipeline: str  # PIPELINE_NAME of the resource
    entry_point: Annotated[str, Attribute("nightbook.entry_point")]  # module:Class of the root task
    notebooks: Annotated[str, Attribute("nightbook.notebooks")]  # folder of the notebooks, as given
    parameters: Annotated[Mapping[str, Json], Attribute(_PARAMETERS, ASCII_JSON_OBJECT)]  # of the root task
    added: Annotated[tuple[AddedTask, ...], Attribute("nightbook.added_tasks", ADDED_TASKS)] = ()  # by --into


@dataclass(frozen=True, slots=True)
class TaskDeclaration:
    """One notebook, function or script with one set of parameters, as the pipeline declares it."""

    task_id: Annotated[str, Attribute(_TASK_ID)]  # its folder below tasks/
    name: Annotated[str, Attribute("cicd.pipeline.task.name")]  # such as clean-data
    parameters: Annotated[Mapping[str, Json], Attribute(_PARAMETERS, ASCII_JSON_OBJECT)]  # of the task
    notebook: Annotated[str, Attribute("nightbook.notebook")]  # its source file, below RunRequest.notebooks
    retry_count: Annotated[int, Attribute("nightbook.retry_count")]  # attempts in total
    timeout_s: Annotated[float, Attribute("nightbook.timeout_s")]  # of each attempt; 0: no deadline
    num_cpus: Annotated[int, Attribute("nightbook.num_cpus")]  # that an attempt occupies
    kind: Annotated[TaskKind, Attribute("nightbook.task.kind")] = TaskKind.NOTEBOOK  # what it executes


@dataclass(frozen=True, slots=True)
class AttemptStart:
    """The beginning of an attempt."""

    task_id: Annotated[str, Attribute(_TASK_ID)]  # as TaskDeclaration.task_id
    number: Annotated[int, Attribute("nightbook.attempt")]  # from 1
    cell_count: Annotated[int, Attribute("nightbook.cell.count")]  # code cells that will be executed
    start_ns: int
    invocation: Annotated[int, Attribute("nightbook.invocation")] = 0  # of the run, from 1; 0 if unknown
    code: Annotated[
        Mapping[str, str] | None,
        Attribute("nightbook.code", TEXT_OBJECT),  # own files by path, each with its SHA-256; None if unknown
    ] = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """What is known of an attempt at its end, besides its result and error."""

    ended_by: Annotated[str, Attribute("nightbook.ended_by")] = ""  # why not all cells ran, in words


@dataclass(frozen=True, slots=True)
class Error:
    """Why an attempt did not succeed."""

    type: Annotated[str, Attribute(ERROR_TYPE)]  # class of the exception, such as ValueError
    message: Annotated[str, Attribute("exception.message")]  # may have several lines
    traceback: Annotated[str, Attribute("exception.stacktrace")]  # plain text, without terminal colours

    @property
    def last_line(self) -> str:
        """The line a person reads first: ``Type: first line of the message``."""
        first = self.message.strip().split("\n", 1)[0]
        return f"{self.type}: {first}" if first else self.type


@dataclass(frozen=True, slots=True)
class Cell:
    """One executed code cell."""

    index: Annotated[int, Attribute("nightbook.cell.index")]  # among the code cells, from 1
    start_ns: int
    end_ns: int
    failed: Annotated[bool, Attribute(TASK_RESULT, _FAILED)]  # an Outcome other than success


@dataclass(frozen=True, slots=True)
class LoggedValue:
    """One named value."""

    name: Annotated[str, Attribute("nightbook.value.name")]  # see names.check_value_name
    type: Annotated[ValueType, Attribute("nightbook.value.type")]  # param, metric or value
    value: Annotated[Json, Attribute("nightbook.value.json", JSON)]  # NaN, Infinity, -Infinity are allowed
    step: Annotated[int | None, Attribute("nightbook.value.step")]  # orders a series; only if one was given
    time_ns: int


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file logged by an attempt."""

    name: Annotated[str, Attribute("nightbook.artifact.name")]  # file name under the attempt's artifacts/
    type: Annotated[ArtifactType, Attribute("nightbook.artifact.type")]  # figure, image, table, text, ...
    media_type: Annotated[str, Attribute("nightbook.artifact.media_type")]  # such as image/png
    size_bytes: Annotated[int, Attribute("nightbook.artifact.size_bytes")]  # of the file
    sha256: Annotated[str, Attribute("nightbook.artifact.sha256")]  # lower-case hex
    path: PurePosixPath  # relative to the record's folder
    metadata: Annotated[
        Mapping[str, Json],
        Attribute("nightbook.artifact.metadata", JSON_OBJECT),  # facts, such as a model's inputs and outputs
    ] = field(default_factory=dict)
