"""Any record of the model can be written, read and shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nightbook
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Error, Outcome, Provenance, TaskKind
from nightbook.record.format.names import check_value_name
from nightbook.record.format.schema import RunRequest
from nightbook.record.format.visible_text import encodable
from nightbook.record.read.reader import read_run
from tests.faults.records.test_mutations import show
from tests.support.hostile_strings import ALL
from tests.support.recording import RUN_ID, declared, execute_attempt, recorded_invocation

texts = st.sampled_from([text for text in ALL if len(text) < 6000]) | st.text(st.characters(), max_size=40)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats()
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts.filter(lambda text: len(text) < 5000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts.filter(lambda text: len(text) < 5000), json_values, max_size=3)


def _is_name(text: str) -> bool:
    try:
        return bool(check_value_name(text, "a value"))
    except ValueError:
        return False


names = st.text(min_size=1, max_size=30).filter(_is_name)
provenances = st.builds(
    Provenance,
    **dict.fromkeys(("trigger", "actor", "repository_url", "revision", "branch", "pull_request"), texts),
    ci_run_url=texts,
    dirty=st.booleans(),
    cpu_count=st.integers(0, 2**31),
    packages=st.lists(texts, max_size=3).map(tuple),
)
errors = st.builds(Error, type=texts, message=texts, traceback=texts)
declarations = st.fixed_dictionaries(
    {
        "parameters": objects,
        "notebook": texts,
        "retry_count": st.integers(-(2**63), 2**63 - 1),
        "timeout_s": st.floats(),
        "num_cpus": st.integers(0, 2**31),
        "kind": st.sampled_from(TaskKind),
    }
)


def same(value: Any) -> str:
    """The value in a form that can be compared: NaN is itself, halves of surrogate pairs are spelled."""
    return encodable(repr(value)).replace("\\\\ud", "\\ud").replace("\\\\", "\\")


@pytest.mark.promise("Whatever can be recorded can be read and shown.")
@settings(max_examples=settings.default.max_examples // 2)
@given(
    provenance=provenances,
    request=st.builds(RunRequest, texts, texts, texts, objects),
    declaration=declarations,
    error=errors,
    outcome=st.sampled_from([Outcome.SUCCESS, Outcome.FAILURE, Outcome.TIMEOUT]),
    logged=st.tuples(
        st.dictionaries(names, json_values, max_size=3), st.dictionaries(names, numbers, max_size=3)
    ),
    ended_by=texts,
)
def test_any_record_of_the_model_can_be_written_read_and_shown(
    tmp_path_factory: pytest.TempPathFactory,
    provenance: Provenance,
    request: RunRequest,
    declaration: Mapping[str, Any],
    error: Error,
    outcome: Outcome,
    logged: tuple[Mapping[str, Any], Mapping[str, float]],
    ended_by: str,
) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("any") / RUN_ID)
    values, metrics = logged

    def log() -> None:
        for name, value in values.items():
            nightbook.log_value(name, value)
        nightbook.log_metrics(metrics)

    task = replace(declared("make"), **declaration)
    with recorded_invocation(folder, [task], outcome, provenance, request):
        execute_attempt(folder.task("make").attempt(1), outcome, error, log, ended_by=ended_by)
    run = read_run(folder.path)

    assert run.problems == ()
    [attempt] = run.task("make").attempts
    assert {value.name: same(value.value) for value in attempt.values if value.name not in metrics} == {
        name: same(value) for name, value in values.items() if name not in metrics
    }
    assert same(attempt.metrics) == same(dict(metrics))
    assert same((run.provenance, run.parameters)) == same((provenance, request.parameters))
    assert same(attempt.error) == same(error)
    show(run, folder.path)
