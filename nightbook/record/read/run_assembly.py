"""The spans of a record put together into a run, as they come."""

from dataclasses import replace

from nightbook.record.format import schema
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import invocation_span_id, task_span_id, trace_id_of
from nightbook.record.format.model import Attempt, Run, Task
from nightbook.record.format.schema import AttemptStart, Kind
from nightbook.record.format.visible_text import visible_line
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.read.attempt_assembly import AttemptAssembly, InterruptedInvocation
from nightbook.record.read.current_tasks import find_current
from nightbook.record.read.otlp import Span
from nightbook.record.read.outdated import find_outdated
from nightbook.record.read.span_parsing import parse_attempt_start, parse_outcome, parse_run, parse_task


class RunAssembly:
    """Takes the spans of a record one by one, the start of an attempt before its parts.

    ``invocations`` is the number of span files of invocations: one that was killed at once has a file and
    no run_start. ``problems`` are those that were found in the files.
    """

    def __init__(self, run_id: str, invocations: int, problems: list[str]) -> None:
        self._run_id = run_id
        self._trace_id = trace_id_of(run_id)
        self._invocations = invocations
        self._numbers = {
            f"{invocation_span_id(self._trace_id, number):016x}": number
            for number in range(1, invocations + 1)
        }
        self._problems = problems
        self._starts: dict[str, Run] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._interrupted: list[InterruptedInvocation] = []
        self._tasks: dict[str, tuple[Task, tuple[str, ...]]] = {}
        self._declared: dict[str, list[str]] = {}
        self._attempts: dict[str, AttemptAssembly] = {}
        self._last_ns = 0

    def add(self, file: str, span: Span) -> None:
        """Add a span, or a problem if it does not follow the schema.

        Raise RecordError if a newer version wrote the span.
        """
        try:
            self._check_version(span)
            if span.trace_id != f"{self._trace_id:032x}":
                raise ValueError(f"it belongs to the trace {span.trace_id!r:.40}, not to this run's")
            self._add(span)
            self._last_ns = max(self._last_ns, span.end_ns)
        except ValueError as error:
            self._problems.append(f"spans/{visible_line(file)} has a span that is left out: {error!s:.300}")

    def run(self) -> Run:
        """Return the run; raise RecordError if no span says what was run."""
        if not self._starts:
            raise RecordError(
                f"the record of run {self._run_id} does not say what was run: it has no run_start span"
            )
        starts = list(self._starts.values())
        tasks = self._assembled_tasks()
        return replace(
            starts[-1],
            outcome=self._outcome(tasks),
            start_ns=starts[0].start_ns,
            end_ns=self._last_ns,
            tasks=tasks,
            invocations=len(self._starts),
            problems=tuple(self._problems),
        )

    def _check_version(self, span: Span) -> None:
        version = span.get_resource(schema.VERSION, 0)
        if version > schema.SCHEMA_VERSION:
            raise RecordError(
                f"the record of run {self._run_id} has schema version {version}, and this program reads "
                f"versions up to {schema.SCHEMA_VERSION}: update it"
            )

    def _add(self, span: Span) -> None:
        match Kind(span.get(schema.KIND, str)):
            case Kind.RUN_START:
                self._starts[span.parent_id] = parse_run(span, self._run_id)
            case Kind.RUN:
                self._outcomes[span.span_id] = outcome = parse_outcome(span, schema.RESULT)
                if outcome is Outcome.INTERRUPTED:
                    number = self._numbers.get(span.span_id, 0)
                    self._interrupted.append(InterruptedInvocation(number, span.start_ns, span.end_ns))
            case Kind.TASK_DECLARED:
                task = parse_task(span)
                self._tasks[task.task_id] = (task, span.links)
                self._declared.setdefault(span.parent_id, []).append(task.task_id)
            case Kind.ATTEMPT_START:
                start = parse_attempt_start(span, AttemptStart)
                self._attempts[span.parent_id] = AttemptAssembly(start, span.end_ns)
            case Kind.ATTEMPT:
                self._attempt(span.span_id).end(span)
            case Kind.CELL | Kind.VALUE | Kind.ARTIFACT as kind:
                self._attempt(span.parent_id).add(kind, span)
            case Kind.TASK:
                pass  # for other readers of OTLP; ours derives it from the attempts

    def _attempt(self, span_id: str) -> AttemptAssembly:
        if span_id not in self._attempts:
            raise ValueError(f"it belongs to the attempt {span_id!r:.20}, of which nothing else is known")
        return self._attempts[span_id]

    def _assembled_tasks(self) -> tuple[Task, ...]:
        attempts = self._attempts_by_task()
        task_ids = {
            f"{task_span_id(self._trace_id, invocation, task_id):016x}": task_id
            for task_id in self._tasks
            for invocation in range(1, self._invocations + 1)
        }
        tasks = [
            replace(
                task,
                depends_on=tuple(task_ids[link] for link in links if link in task_ids),
                attempts=tuple(sorted(attempts[task.task_id], key=lambda attempt: attempt.number)),
            )
            for task, links in self._tasks.values()
        ]
        by_id = {task.task_id: task for task in tasks}
        current, outdated = find_current(self._starts, self._declared, by_id), find_outdated(by_id)
        return tuple(
            replace(task, removed=task.task_id not in current, outdated=task.task_id in outdated)
            for task in tasks
        )

    def _attempts_by_task(self) -> dict[str, list[Attempt]]:
        attempts: dict[str, list[Attempt]] = {task_id: [] for task_id in self._tasks}
        for parts in self._attempts.values():
            task_id = parts.start.task_id
            if task_id in attempts:
                attempts[task_id].append(parts.attempt(self._interrupted))
            else:
                self._problems.append(
                    f"an attempt of a task that was not declared is left out: {task_id!r:.100}"
                )
        return attempts

    def _outcome(self, tasks: tuple[Task, ...]) -> Outcome:
        last = list(self._starts)[-1]
        if last in self._outcomes:
            return self._outcomes[last]
        current = [task for task in tasks if not task.removed]
        succeeded = current and all(task.outcome is Outcome.SUCCESS for task in current)
        return Outcome.SUCCESS if succeeded else Outcome.INTERRUPTED
