"""The specification is complete: it has every key of a record, and a meaning for each."""

import inspect
import re
from dataclasses import is_dataclass
from typing import get_args

import nightbook
from nightbook.record.format import schema
from nightbook.record.format.attributes import Attribute
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.record.format.schema import Kind
from nightbook.record.write.attempt_recorder import record_attempt
from tests.support.recording import ERROR, MAKE, TASKS, USE, recorded_invocation, run_attempt

SOURCE = inspect.getsource(schema)
CONSTANTS = {text for name, text in vars(schema).items() if name.isupper() and "." in str(text)}


def keys_of_classes() -> set[str]:
    return {
        found.key
        for part in vars(schema).values()
        if isinstance(part, type) and is_dataclass(part)
        for annotation in inspect.get_annotations(part).values()
        for found in get_args(annotation)
        if isinstance(found, Attribute)
    }


def keys_of_record(folder: RunFolder) -> set[str]:
    lines = [line for file in folder.spans.glob("*.jsonl") for line in file.read_text().splitlines()]
    return {key for line in lines for key in re.findall(r'"key":"([^"]+)"', line)}


def test_a_record_has_the_keys_of_the_specification_and_no_others(folder: RunFolder) -> None:
    def log() -> None:
        nightbook.log_metric("loss", 1, step=1)

    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR)
        run_attempt(folder, USE, log=log, ended_by="ended by exit() in cell 1")
        with record_attempt(folder.task(USE).attempt(2), cell_count=0, code={"use.py": "ab"}) as recorder:
            recorder.finish(Outcome.SUCCESS)

    assert keys_of_record(folder) == keys_of_classes() | CONSTANTS


def test_every_key_has_its_meaning_beside_it() -> None:
    lines = SOURCE.splitlines()
    keys = keys_of_classes() | CONSTANTS
    explained = {key for key in keys for line in lines if re.search(rf'"{re.escape(key)}".*  # \w', line)}

    assert keys - explained == set()


def test_every_kind_of_span_is_in_the_tree() -> None:
    tree = re.findall(r"^ {4}[│├└─ ]*(\w+) {4,}\S", schema.__doc__ or "", re.MULTILINE)

    assert sorted(tree) == sorted(Kind)
