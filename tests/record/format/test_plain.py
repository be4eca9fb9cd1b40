"""What notebooks hold, as JSON."""

from collections import Counter, OrderedDict, deque, namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import numpy as np
import pandas as pd
import pytest

from nightbook.record.format.plain import describe, to_plain

Pair = namedtuple("Pair", ["a", "b"])  # noqa: PYI024 what older notebooks have


class Mode(Enum):
    FAST = "fast"
    PAIR = (1, 2)


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    YES = "yes"


@dataclass(frozen=True)
class Settings:
    path: Path
    mode: Mode


class Tensor:
    """A tensor as PyTorch's are: without ``to_dict``, with ``item`` and ``tolist``."""

    def __init__(self, data: list[float] | float) -> None:
        self.data, self.shape = data, (len(data),) if isinstance(data, list) else ()

    def item(self) -> float:
        assert isinstance(self.data, float)
        return self.data

    def tolist(self) -> object:
        return self.data


FRAME = pd.DataFrame({"x": [1, 2], "at": [pd.Timestamp("2026-11-23"), pd.NaT]}, index=["a", "b"])


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.longdouble(0.5), 0.5),
        (np.arange(4).reshape(2, 2), [[0, 1], [2, 3]]),
        (np.array(["2026-11-23"], "datetime64[ns]"), ["2026-11-23T00:00:00.000000000"]),
        (np.datetime64("2026-11-23"), "2026-11-23"),
        (np.datetime64("NaT"), None),
        (np.timedelta64(5, "D"), "5 days"),
        (Tensor(0.5), 0.5),
        (Tensor([0.5, 1.0]), [0.5, 1.0]),
        (pd.NA, None),
        (pd.NaT, None),
        (pd.Timestamp("2026-11-23 03:17"), "2026-11-23T03:17:00"),
        (pd.Timedelta(seconds=1), "0 days 00:00:01"),
        (pd.Series([1, pd.NA], index=["a", "b"], dtype="Int64"), {"a": 1, "b": None}),
        (pd.Series(["x", "x", "y"]).value_counts(), {"x": 2, "y": 1}),
        (FRAME, {"x": {"a": 1, "b": 2}, "at": {"a": "2026-11-23T00:00:00", "b": None}}),
        (pd.Index([1, 2]), [1, 2]),
        (pd.Categorical(["x", "y"]), ["x", "y"]),
        (Decimal("0.1"), "0.1"),
        (Fraction(1, 3), "1/3"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, 3, 17, tzinfo=UTC), "2026-11-23T03:17:00+00:00"),
        (time(3, 17), "03:17:00"),
        (timedelta(seconds=1), "0:00:01"),
        (Path("a") / "b", "a/b"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([Mode.FAST, Mode.PAIR, Level.LOW, Word.YES], ["fast", [1, 2], 1, "yes"]),
        (Settings(Path("x"), Mode.FAST), {"path": "x", "mode": "fast"}),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({1, "a"}, ["a", 1]),
        ((range(2), deque([1]), {"a": 1}.keys(), {"a": 1}.values()), [[0, 1], [1], ["a"], [1]]),
        (Pair(1, None), [1, None]),
        (OrderedDict(a=MappingProxyType({"b": 1})), {"a": {"b": 1}}),
        (Counter(np.array([7, 7, 8])), {"7": 2, "8": 1}),
        (
            {1: 1, 0.5: 2, None: 3, False: 4, date(2026, 1, 1): 5, Mode.FAST: 6},
            {"1": 1, "0.5": 2, "null": 3, "false": 4, "2026-01-01": 5, "fast": 6},
        ),
        (2**53 + 1, 2**53 + 1),
    ],
)
def test_what_has_an_equivalent_in_json_becomes_it(value: object, plain: object) -> None:
    found = to_plain(value, "x")

    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (b"x", "bytes"),
        (object(), "object"),
        (1j, "complex"),
        (np.complex128(1), "complex"),
        (pd.DataFrame, "type"),
        ([{"deep": [open]}], "builtin_function_or_method"),
        ((item for item in [1]), "generator"),
    ],
)
def test_what_has_none_is_refused_with_a_way_out(value: object, type_name: str) -> None:
    with pytest.raises(
        TypeError, match=rf"value 'x' holds a {type_name}, which is not JSON: .* str\(value\)"
    ):
        to_plain(value, "x")
    assert isinstance(to_plain(value, "x", describe), str | list)


@pytest.mark.parametrize("key", [("a",), b"a", object()])
def test_keys_that_are_no_scalars_are_refused(key: object) -> None:
    with pytest.raises(TypeError, match="the keys of a JSON object are strings"):
        to_plain({"a": {key: 1}}, "x")


@pytest.mark.parametrize("value", [{1: "a", "1": "b"}, pd.Series([1, 2], index=["a", "a"])])
def test_nothing_is_lost_where_keys_are_equal(value: object) -> None:
    with pytest.raises(ValueError, match=r"two keys of the same text|index with equal entries"):
        to_plain(value, "x")


def test_an_objects_text_is_the_same_in_each_run() -> None:
    assert describe(lambda: 0, "x").endswith("test_an_objects_text_is_the_same_in_each_run.<locals>.<lambda>")
    assert describe([object()], "x") == "[<object object>]"
