"""The documents for programs: JSON that every reader takes."""

import json
import math
from dataclasses import dataclass

import pytest

from nightbook.record.render.json_document import json_document


@dataclass(frozen=True, slots=True)
class Point:
    step: int
    value: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    points: tuple[Point, ...]


def test_numbers_that_json_does_not_have_are_strings() -> None:
    text = json_document(a=[math.nan, math.inf, -math.inf, 1, "NaN"], b=({"c": 0.5},))

    assert json.loads(text, parse_constant=pytest.fail) == {
        "version": 1,
        "a": ["NaN", "Infinity", "-Infinity", 1, "NaN"],
        "b": [{"c": 0.5}],
    }


def test_whole_numbers_that_a_reader_would_round_are_strings() -> None:
    text = json_document(a=[2**53 - 1, 2**53 + 1, -(2**63), True, 1e300])

    assert json.loads(text)["a"] == [
        9007199254740991,
        "9007199254740993",
        "-9223372036854775808",
        True,
        1e300,
    ]


def test_a_dataclass_gives_its_fields_in_order_and_those_inside_are_objects() -> None:
    line = Line("ä", (Point(1, 0.5), Point(2, math.nan, "gone")))

    assert json_document(line, last=True) == (
        '{"version":1,"name":"ä","points":[{"step":1,"value":0.5,"error":null},'
        '{"step":2,"value":"NaN","error":"gone"}],"last":true}'
    )


def test_an_object_that_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError):
        json_document(a=object())
