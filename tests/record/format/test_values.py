import json
import math
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from nightbook.record.format.model import Json
from nightbook.record.format.plain import MAX_JSON_DEPTH
from nightbook.record.format.values import (
    MAX_JSON_LENGTH,
    check_number,
    check_param,
    check_step,
    check_value,
    from_json,
    is_finite,
    to_json,
    to_strict_json,
)

HUGE = 10**400


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1),
        (0.5, 0.5),
        (-math.inf, -math.inf),
        (HUGE, HUGE),
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int8(-3), -3),
        (np.array(7), 7),
        (np.longdouble(0.5), 0.5),
        (Decimal("0.1"), 0.1),
        (Fraction(1, 4), 0.25),
        (2**53 + 1, 2**53 + 1),
    ],
)
def test_numbers_become_pythons_own(value: object, number: float) -> None:
    checked = check_number(value, "loss")

    assert checked == number
    assert type(checked) in (int, float)


@pytest.mark.parametrize(
    "value",
    [True, np.bool_(True), "1", None, [1], 1j, np.complex128(1), np.array([1.0]), np.str_("1"), pd.NA],
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"metric 'loss' must be a number, not .*; use log_value"):
        check_number(value, "loss")


@pytest.mark.parametrize("value", [np.zeros((3, 3)), pd.DataFrame({"x": range(9)}), "a\nb" * 99])
def test_the_refusal_is_one_line(value: object) -> None:
    for check in (lambda: check_number(value, "loss"), lambda: check_step(value)):
        with pytest.raises(TypeError) as raised:
            check()
        assert len(str(raised.value).splitlines()) == 1
        assert len(str(raised.value)) < 200


def test_a_step_is_an_integer() -> None:
    assert [check_step(step) for step in (0, -1, np.int64(3))] == [0, -1, 3]
    assert type(check_step(np.int64(3))) is int


@pytest.mark.parametrize("step", [True, 1.0, "1", np.float64(1), [1]])
def test_a_step_of_another_type_is_refused(step: object) -> None:
    with pytest.raises(TypeError, match="step of a metric must be an int, not"):
        check_step(step)


def test_a_step_that_no_span_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="must fit into 64 bits"):
        check_step(2**63)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        HUGE,
        -1.5,
        5e-324,
        math.inf,
        -math.inf,
        "",
        "text with \" ' \\ \n \0 \u2028 日本語 😀",
        [],
        {},
        {"a": [1, {"b": None}], "": [[True]]},
    ],
)
def test_a_value_comes_back_as_it_was(value: Json) -> None:
    read = from_json(to_json(check_value(value, "x")))

    assert read == value
    assert type(read) is type(value)


def test_nan_comes_back_as_nan() -> None:
    text = to_json(check_value({"loss": math.nan}, "x"))

    assert text == '{"loss": NaN}'
    read = from_json(text)
    assert isinstance(read, dict)
    assert isinstance(read["loss"], float)
    assert math.isnan(read["loss"])


def test_numpys_scalars_and_tuples_become_json() -> None:
    value = {
        "a": np.float32(0.5),
        "b": (np.int64(1), np.bool_(True)),
        "c": np.array(2),
        "d": np.float64("nan"),
    }

    assert to_json(check_value(value, "x")) == '{"a": 0.5, "b": [1, true], "c": 2, "d": NaN}'


def test_a_parameter_may_be_any_object_which_is_its_text() -> None:
    params = {"estimator": object(), "nan": math.nan, "scorer": max, "steps": [("a", b"x")], "kind": Decimal}

    assert to_json(check_param(params, "x")) == (
        '{"estimator": "<object object>", "nan": NaN, "scorer": "builtins.max", "steps": [["a", "b\'x\'"]], '
        '"kind": "decimal.Decimal"}'
    )


def test_other_programs_read_null_for_what_json_has_no_word_for() -> None:
    text = to_strict_json({"a": [math.nan, {"b": math.inf}], "c": -math.inf, "d": 0.5, "e": HUGE})

    assert json.loads(text, parse_constant=pytest.fail) == {
        "a": [None, {"b": None}],
        "c": None,
        "d": 0.5,
        "e": HUGE,
    }


def test_a_value_may_have_64_kib_and_no_more() -> None:
    longest = "x" * (MAX_JSON_LENGTH - 2)

    assert from_json(to_json(check_value(longest, "x"))) == longest
    with pytest.raises(ValueError, match=r"value 'x' has 65537 characters .* use log_dict or log_table"):
        check_value(longest + "x", "x")


def test_a_value_may_be_nested_so_deeply_and_no_more() -> None:
    deepest = nested(MAX_JSON_DEPTH)

    assert from_json(to_json(check_value(deepest, "x"))) == deepest
    with pytest.raises(ValueError, match="value 'x' is nested more than 100 levels deep, or holds itself"):
        check_value([deepest], "x")


def test_a_value_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append({"again": endless})

    with pytest.raises(ValueError, match="holds itself"):
        check_value(endless, "x")


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[" * MAX_JSON_LENGTH, "[" * 101 + "]" * 101, "9" * (sys.get_int_max_str_digits() + 1)],
)
def test_text_that_no_writer_made_is_an_error_of_the_value(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the message is Python's
        from_json(text)


@pytest.mark.parametrize("value", [0, 1.5, -3])
def test_finite_numbers_can_be_plotted(value: object) -> None:
    assert is_finite(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, HUGE, True, "1", None, [1]])
def test_all_else_cannot_be_plotted(value: object) -> None:
    assert not is_finite(value)


def test_json_text_is_what_every_reader_knows() -> None:
    assert json.loads(to_json(check_value({"größe": [1, 2.5, None]}, "x"))) == {"größe": [1, 2.5, None]}
