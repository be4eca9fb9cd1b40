"""The words that a record has for outcomes, logged values and artifacts."""

from enum import StrEnum


class Outcome(StrEnum):
    """The end of a run, task or attempt."""

    SUCCESS = "success"
    FAILURE = "failure"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"
    NOT_RUN = "not run"  # tasks only: no attempt was made
    REMOVED = "no longer in the pipeline"  # tasks only, and in no span: see Task.removed

    @property
    def failed(self) -> bool:
        """True if an attempt with this outcome went wrong."""
        return self in (Outcome.FAILURE, Outcome.TIMEOUT, Outcome.INTERRUPTED)


class TaskKind(StrEnum):
    """What a task executes."""

    NOTEBOOK = "notebook"
    FUNCTION = "function"
    SCRIPT = "script"
    LUIGI = "luigi"  # a task of Luigi's with a run() of its own


class ValueType(StrEnum):
    """The function that logged a value."""

    PARAM = "param"
    METRIC = "metric"
    VALUE = "value"


class ArtifactType(StrEnum):
    """The kind of an artifact, for people."""

    FIGURE = "figure"
    IMAGE = "image"
    TABLE = "table"
    TEXT = "text"
    DATA = "data"
    FILE = "file"
