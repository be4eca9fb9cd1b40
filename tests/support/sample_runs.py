"""Runs made by hand: one that succeeded, one that did not, a hostile one and a large one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from nightbook.record.format.model import (
    Attempt,
    Error,
    Json,
    LoggedValue,
    Outcome,
    Provenance,
    Run,
    Task,
    ValueType,
)
from nightbook.record.format.units import NS_PER_MS
from tests.support.hostile_strings import MARKUP as HOSTILE
from tests.support.recording import PROVENANCE, RUN_ID

START_NS = 1_795_403_820_000_000_000  # 2026-11-23 03:17:00 UTC
MS = NS_PER_MS
_COMMITTED = replace(PROVENANCE, dirty=False, repository_url=f"{PROVENANCE.repository_url}.git")
ALL_HOSTILE = " ".join(HOSTILE)


def make_success_run() -> Run:
    ingest = _task("ingest", attempts=[_attempt(1, 40, 1240, metrics={"rows": 1797})])
    split = _task("split-data", {"seed": 1}, [ingest], attempts=[_attempt(1, 1300, 1640)])
    first_try = _attempt(1, 1700, 2900, Outcome.FAILURE, error=Error("OSError", "disk full\nagain", "..."))
    small = _task(
        "train-model",
        {"nr_train_images": 600, "seed": 1},
        [split],
        attempts=[
            first_try,
            _attempt(2, 2950, 5950, metrics={"accuracy": 0.95, "log_loss": 0.21, "epochs": 12}),
        ],
    )
    large = _task(
        "train-model",
        {"nr_train_images": 1200, "seed": 1},
        [split],
        attempts=[
            _attempt(
                1,
                1700,
                9710,
                metrics={"accuracy": 0.9733333333, "log_loss": float("nan"), "epochs": 40, "l2": 1e-6},
            )
        ],
    )
    report = _task("report", {}, [small, large], attempts=[_attempt(1, 9800, 9800, metrics={"models": 2})])
    return _run([ingest, split, small, large, report], Outcome.SUCCESS, 9850)


def make_failed_run() -> Run:
    slow = Error("DeadlineError", "the notebook ran for 60 s, and timeout_s is 60", "...")
    ingest = _task("ingest", attempts=[_attempt(1, 0, 2000)])
    train = _task(
        "train-model",
        {"depth": 3},
        [ingest],
        attempts=[
            _attempt(1, 2100, 62_100, Outcome.TIMEOUT, error=slow),
            _attempt(2, 62_200, 122_200, Outcome.TIMEOUT, error=slow),
        ],
    )
    explore = _task("explore", {}, [ingest], attempts=[_attempt(1, 2100, 30_000, Outcome.INTERRUPTED)])
    check = _task(
        "check-data",
        {},
        [ingest],
        attempts=[_attempt(1, 2100, 2450, Outcome.FAILURE, error=Error("KeyError", "'label'", "..."))],
    )
    report = _task("report", {}, [train, explore, check])
    return _run(
        [ingest, train, explore, check, report],
        Outcome.FAILURE,
        122_300,
        invocations=2,
        problems=("spans/run-01.jsonl ends in the middle of a line, which is left out",),
    )


def make_hostile_run() -> Run:
    names = dict.fromkeys([*HOSTILE, ALL_HOSTILE])
    attempts = [
        _attempt(1, 0, 0, Outcome.FAILURE, error=Error(name, name, name), metrics={name: float("inf")})
        for name in names
    ]
    tasks = [
        _task(name, {name: [name, None], "text": name}, attempts=[attempt], task_id=f"task {name}")
        for name, attempt in zip(names, attempts, strict=True)
    ]
    provenance = Provenance(
        trigger=ALL_HOSTILE,
        repository_url="javascript:alert(1)//",
        revision=ALL_HOSTILE,
        branch=ALL_HOSTILE,
        pull_request=ALL_HOSTILE,
        ci_run_url='https://evil.example/"><script>)](x)|&lt; *_`\n',
    )
    return _run(
        [tasks[0], *(replace(task, depends_on=(tasks[0].task_id,)) for task in tasks[1:])],
        Outcome.FAILURE,
        1,
        run_id=ALL_HOSTILE,
        pipeline=ALL_HOSTILE,
        provenance=provenance,
        problems=HOSTILE,
    )


def make_large_run(count: int) -> Run:
    """A run of so many tasks, each of which needs the four before it; every tenth one failed."""
    tasks: list[Task] = []
    for number in range(count):
        outcome = Outcome.SUCCESS if number % 10 else Outcome.FAILURE
        attempt = _attempt(1, 100 * number, 100 * number + 90, outcome, metrics={"score": number / 7})
        tasks.append(_task("work", {"number": number, "note": "n" * 100}, tasks[-4:], [attempt]))
    return _run(tasks, Outcome.FAILURE, 100 * count)


def make_gated_run(metrics: Mapping[str, Mapping[str, float]]) -> Run:
    """A successful run on main of tasks without parameters, each with these metrics."""
    tasks = [
        _task(name, attempts=[_attempt(1, 0, 1000, metrics=numbers)], task_id=name)
        for name, numbers in metrics.items()
    ]
    run = _run(tasks, Outcome.SUCCESS, 1000, provenance=Provenance(trigger="schedule", branch="main"))
    return replace(run, parameters={"run_id": run.run_id, "environment": "ci"})


def _attempt(
    number: int,
    start_ms: int,
    end_ms: int,
    outcome: Outcome = Outcome.SUCCESS,
    *,
    error: Error | None = None,
    metrics: Mapping[str, float] | None = None,
) -> Attempt:
    end_ns = START_NS + end_ms * MS
    return Attempt(
        number=number,
        outcome=outcome,
        start_ns=START_NS + start_ms * MS,
        end_ns=end_ns,
        cell_count=3,
        folder=PurePosixPath(f"tasks/x/attempt-{number:02d}"),
        values=tuple(
            LoggedValue(name, ValueType.METRIC, value, step=None, time_ns=end_ns)
            for name, value in (metrics or {}).items()
        ),
        error=error,
    )


def _task(
    name: str,
    parameters: Mapping[str, Json] | None = None,
    needs: list[Task] | None = None,
    attempts: list[Attempt] | tuple[Attempt, ...] = (),
    task_id: str = "",
) -> Task:
    return Task(
        task_id=task_id or f"{name} {parameters}",
        name=name,
        parameters=parameters or {},
        notebook=f"{name}.py",
        retry_count=3,
        timeout_s=60,
        num_cpus=1,
        depends_on=tuple(needed.task_id for needed in needs or []),
        attempts=tuple(attempts),
    )


def _run(
    tasks: list[Task],
    outcome: Outcome,
    for_ms: int,
    *,
    run_id: str = RUN_ID,
    pipeline: str = "digits",
    provenance: Provenance = _COMMITTED,
    invocations: int = 1,
    problems: tuple[str, ...] = (),
) -> Run:
    return Run(
        run_id=run_id,
        trace_id="0" * 32,
        schema_version=1,
        pipeline=pipeline,
        entry_point="tasks.pipeline:Root",
        notebooks="notebooks",
        parameters={},
        provenance=provenance,
        outcome=outcome,
        start_ns=START_NS,
        end_ns=START_NS + for_ms * MS,
        tasks=tuple(tasks),
        invocations=invocations,
        problems=problems,
    )
