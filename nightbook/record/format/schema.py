"""The run record, version 1: every span kind and attribute key. This module is the specification.

A record is a folder with OTLP/JSON lines in ``spans/*.jsonl``; each line is one
``ExportTraceServiceRequest`` (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
All spans of a run share one trace id, ``sha256(run_id)[:16]``. The kind of a span is its attribute
``nightbook.kind``; its name is for people. The tree:

    run                          one per invocation: `run`, then each `resume`
    ├── run_start                zero length, written at once: what was asked for, and from where
    ├── task_declared            zero length, written at once, one per task; links: dependencies
    └── task                     from its first attempt to its last; links: dependencies
        └── attempt              one call of the task's run()
            ├── attempt_start    zero length, written at once: an attempt without end is *interrupted*
            ├── cell             one executed code cell
            ├── value            zero length: a logged parameter, metric or JSON value
            └── artifact         zero length: a logged file under the attempt's ``artifacts/``

``run`` and ``task`` spans are written when an invocation ends; readers derive them from the others
when it was killed. Names follow OpenTelemetry's semantic conventions where one exists
(https://opentelemetry.io/docs/specs/semconv/cicd/cicd-spans/); ours start with ``nightbook.``.
"""

from enum import StrEnum
from typing import Final

SCHEMA_VERSION: Final = 1
SCOPE: Final = "nightbook"


class Kind(StrEnum):
    """What a span stands for: the value of ``KIND``."""

    RUN = "run"
    RUN_START = "run_start"
    TASK_DECLARED = "task_declared"
    TASK = "task"
    ATTEMPT = "attempt"
    ATTEMPT_START = "attempt_start"
    CELL = "cell"
    VALUE = "value"
    ARTIFACT = "artifact"


# --- resource: on every span -------------------------------------------------------------------
SERVICE_NAME: Final = "service.name"  # always "nightbook"
VERSION: Final = "nightbook.schema.version"  # int: SCHEMA_VERSION
RUN_ID: Final = "cicd.pipeline.run.id"

# --- resource: on the spans of an invocation (run, run_start, task_declared, task) ----------------
PIPELINE_NAME: Final = "cicd.pipeline.name"
CI_RUN_URL: Final = "cicd.pipeline.run.url.full"
TRIGGER: Final = "nightbook.trigger"  # local, push, pull_request, schedule, ...
ACTOR: Final = "nightbook.actor"
REPOSITORY_URL: Final = "vcs.repository.url.full"
REVISION: Final = "vcs.ref.head.revision"
BRANCH: Final = "vcs.ref.head.name"
PULL_REQUEST: Final = "vcs.change.id"
DIRTY: Final = "nightbook.vcs.dirty"  # bool: uncommitted changes
PYTHON_VERSION: Final = "process.runtime.version"
PACKAGES: Final = "nightbook.packages"  # string array of "name==version"
LOCK_SHA256: Final = "nightbook.lock.sha256"
OS_TYPE: Final = "os.type"
CPU_COUNT: Final = "nightbook.cpu_count"

# --- every span ----------------------------------------------------------------------------------
KIND: Final = "nightbook.kind"

# --- run_start, run --------------------------------------------------------------------------------
ENTRY_POINT: Final = "nightbook.entry_point"  # "module:Class" of the root task
NOTEBOOKS: Final = "nightbook.notebooks"  # folder of the notebooks, as given
PARAMETERS: Final = "nightbook.parameters"  # JSON object; also on task_declared and task
RESULT: Final = "cicd.pipeline.result"  # run: an Outcome

# --- task_declared, task ---------------------------------------------------------------------------
TASK_NAME: Final = "cicd.pipeline.task.name"
TASK_ID: Final = "nightbook.task.id"  # also on attempt and attempt_start
NOTEBOOK: Final = "nightbook.notebook"  # source file, relative to NOTEBOOKS
RETRY_COUNT: Final = "nightbook.retry_count"  # total attempts
TIMEOUT_S: Final = "nightbook.timeout_s"
NUM_CPUS: Final = "nightbook.num_cpus"

# --- attempt_start, attempt; task_result also on task -----------------------------------------------
ATTEMPT: Final = "nightbook.attempt"  # int, from 1
CELL_COUNT: Final = "nightbook.cell.count"  # code cells that will be executed
TASK_RESULT: Final = "cicd.pipeline.task.run.result"  # an Outcome
ERROR_TYPE: Final = "error.type"
ERROR_MESSAGE: Final = "exception.message"
ERROR_TRACEBACK: Final = "exception.stacktrace"

# --- cell ------------------------------------------------------------------------------------------
CELL: Final = "nightbook.cell.index"  # int, from 1

# --- value -------------------------------------------------------------------------------------------
VALUE_NAME: Final = "nightbook.value.name"
VALUE_TYPE: Final = "nightbook.value.type"  # param, metric or value
VALUE_JSON: Final = "nightbook.value.json"  # JSON text; NaN, Infinity and -Infinity are allowed
VALUE_STEP: Final = "nightbook.value.step"  # int, only where one was given

# --- artifact ------------------------------------------------------------------------------------------
ARTIFACT_NAME: Final = "nightbook.artifact.name"  # file name under the attempt's artifacts/
ARTIFACT_TYPE: Final = "nightbook.artifact.type"  # figure, image, table, text, data or file
MEDIA_TYPE: Final = "nightbook.artifact.media_type"
SIZE_BYTES: Final = "nightbook.artifact.size_bytes"
SHA256: Final = "nightbook.artifact.sha256"  # lower-case hex
METADATA: Final = "nightbook.artifact.metadata"  # JSON object, as VALUE_JSON
