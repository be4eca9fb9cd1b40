from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import pytest

from nightbook.record.format.attributes import (
    JSON_OBJECT,
    TEXTS,
    Attribute,
    from_attributes,
    to_attributes,
)
from nightbook.record.format.schema import Provenance
from nightbook.record.format.values import Json
from nightbook.record.format.vocabulary import Outcome
from tests.support.recording import PROVENANCE


@dataclass(frozen=True, slots=True)
class Machine(Provenance):
    """A provenance with one more field: the line below is all that writer and reader need."""

    gpu_count: Annotated[int, Attribute("nightbook.gpu_count")] = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A field of each form."""

    text: Annotated[str, Attribute("x.text")]
    real: Annotated[float, Attribute("x.real")]
    outcome: Annotated[Outcome, Attribute("x.outcome")]
    step: Annotated[int | None, Attribute("x.step")]
    own: int
    facts: Annotated[Mapping[str, Json], Attribute("x.facts", JSON_OBJECT)]
    names: Annotated[tuple[str, ...], Attribute("x.names", TEXTS)] = ()
    note: Annotated[str, Attribute("x.note")] = "none"
    flag: Annotated[bool, Attribute("x.flag")] = False


PART = Part("", 0.5, Outcome.TIMEOUT, 3, 7, {"a": [None]}, ("b",), "c", flag=True)


def test_a_new_field_is_written_and_read_by_its_one_line() -> None:
    machine = from_attributes(Machine, {**to_attributes(PROVENANCE), "nightbook.gpu_count": 2})

    assert (machine.gpu_count, machine.branch) == (2, PROVENANCE.branch)
    assert to_attributes(machine) == {**to_attributes(PROVENANCE), "nightbook.gpu_count": 2}
    assert from_attributes(Machine, to_attributes(replace(machine, gpu_count=0))).gpu_count == 0
    assert from_attributes(Machine, to_attributes(PROVENANCE)).gpu_count == 0, "an older record has none"


def test_every_form_is_read_as_it_was_written() -> None:
    assert from_attributes(Part, to_attributes(PART), own=7) == PART
    assert to_attributes(PART) == {
        "x.text": "",
        "x.real": 0.5,
        "x.outcome": "timeout",
        "x.step": 3,
        "x.facts": '{"a": [null]}',
        "x.names": ("b",),
        "x.note": "c",
        "x.flag": True,
    }


def test_an_optional_field_is_left_out_where_it_is_empty_and_then_has_its_default() -> None:
    attributes = to_attributes(replace(PART, step=None, note="", names=(), flag=False))

    assert attributes.keys().isdisjoint({"x.step", "x.note"})
    assert (attributes["x.names"], attributes["x.flag"]) == ((), False)
    assert from_attributes(Part, attributes, own=7).step is None
    assert from_attributes(Part, attributes, own=7).note == "none"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("x.text", None, "the attribute x.text is None, not of type str"),
        ("x.text", 1, "the attribute x.text is 1, not of type str"),
        ("x.real", True, "the attribute x.real is True, not of type float"),
        ("x.step", "3", "the attribute x.step is '3', not of type int"),
        ("x.flag", 1, "the attribute x.flag is 1, not of type bool"),
        ("x.outcome", "great", "'great' is not a valid Outcome"),
        ("x.facts", "[1]", r"'\[1\]' is not a JSON object"),
    ],
)
def test_an_attribute_that_is_wrong_is_an_error_that_names_it(key: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_attributes(Part, {**to_attributes(PART), key: value}, own=7)


def test_a_required_attribute_that_is_missing_is_an_error() -> None:
    attributes = to_attributes(PART)
    del attributes["x.text"]

    with pytest.raises(ValueError, match=r"the attribute x\.text is None, not of type str"):
        from_attributes(Part, attributes, own=7)


def test_a_whole_number_is_read_as_a_float_where_a_float_is_wanted() -> None:
    read = from_attributes(Part, {**to_attributes(PART), "x.real": 600}, own=7)

    assert (read.real, type(read.real)) == (600.0, float)
