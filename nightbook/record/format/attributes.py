"""Fields of dataclasses as attributes of spans: the writer and the reader iterate one table.

A field becomes an attribute by its annotation, and keeps its type and default for everybody else::

    @dataclass(frozen=True, slots=True)
    class Provenance:
        branch: Annotated[str, Attribute("vcs.ref.head.name")] = ""

A field that has a default or may be None is optional: it is left out of the span where it is None or an
empty string, and a span without it is read as the default or None. All others are required.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeAlias, TypeVar, get_args, get_origin

from nightbook.record.format.errors import RecordError
from nightbook.record.format.values import MAX_JSON_LENGTH, Json, check_json, from_json, to_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

AttributeValue: TypeAlias = str | bool | int | float | tuple[str, ...]
_T = TypeVar("_T")
_Part = TypeVar("_Part", bound="DataclassInstance")
_Basic = TypeVar("_Basic", str, bool, int, float)


@dataclass(frozen=True, slots=True)
class Form(Generic[_T]):
    """How a field's value stands in a span: ``decode`` gets the key too, and raises ValueError."""

    encode: Callable[[_T], AttributeValue]
    decode: Callable[[str, object], _T]


@dataclass(frozen=True, slots=True)
class Attribute:
    """The key of a field in a span; without a form, the field is a str, bool, int, float or StrEnum."""

    key: str
    form: Form[Any] | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One field of the table; ``nullable`` fields have no other default than None."""

    field: str
    key: str
    form: Form[Any]
    required: bool
    nullable: bool


def to_attributes(part: "DataclassInstance") -> dict[str, AttributeValue]:
    """Return the attributes of a span for a dataclass object, in the order of its fields."""
    found = {}
    for row in _rows(type(part)):
        value = getattr(part, row.field)
        if row.required or (value is not None and value != ""):
            found[row.key] = row.form.encode(value)
    return found


def from_attributes(cls: type[_Part], attributes: Mapping[str, object], **others: object) -> _Part:
    """Return the dataclass object that a span's attributes describe; ``others`` are its other fields.

    Raise ValueError if an attribute is missing or of another type.
    """
    for row in _rows(cls):
        if row.required or row.key in attributes:
            others[row.field] = row.form.decode(row.key, attributes.get(row.key))
        elif row.nullable:
            others[row.field] = None
    return cls(**others)


def check_type(key: str, value: object, kind: type[_Basic]) -> _Basic:
    """Return the attribute's value if it is of that type, an int as float; raise ValueError if not."""
    if kind is float and type(value) is int:
        return kind(value)
    if type(value) is not kind:
        raise ValueError(f"the attribute {key} is {value!r:.100}, not of type {kind.__name__}")
    return value


def parse_object(text: str) -> dict[str, Json]:
    """Return the JSON object of a text; raise ValueError if it is something else."""
    value = from_json(text)
    if not isinstance(value, dict):
        raise ValueError(f"{text!r:.100} is not a JSON object")
    return value


def _encode_parameters(value: Mapping[str, Json]) -> str:
    """Return what ``parse_object`` can read; raise RecordError if it could not."""
    try:
        return json.dumps(check_json(dict(value), "it"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"the parameters {', '.join(value):.200} cannot be recorded: {error}") from error


def _check_length(key: str, value: object) -> str:
    """Return the text of a logged value, which the logger has bounded, too."""
    text = check_type(key, value, str)
    if len(text) > MAX_JSON_LENGTH:
        raise ValueError(
            f"the attribute {key} has {len(text)} characters of JSON, not {MAX_JSON_LENGTH} at most"
        )
    return text


JSON: Form[Json] = Form(to_json, lambda key, value: from_json(_check_length(key, value)))
JSON_OBJECT: Form[Mapping[str, Json]] = Form(
    lambda value: to_json(dict(value)), lambda key, value: parse_object(_check_length(key, value))
)
ASCII_JSON_OBJECT: Form[Mapping[str, Json]] = Form(
    _encode_parameters, lambda key, value: parse_object(check_type(key, value, str))
)
TEXTS: Form[tuple[str, ...]] = Form(
    tuple, lambda _, value: tuple(map(str, value)) if isinstance(value, tuple) else ()
)
TEXT_OBJECT: Form[Mapping[str, str]] = Form(
    lambda value: to_json(dict(value)),
    lambda key, value: {
        name: check_type(key, text, str) for name, text in parse_object(check_type(key, value, str)).items()
    },
)


@cache
def _rows(cls: "type[DataclassInstance]") -> tuple[_Row, ...]:
    """Return the table of a dataclass; it is made when the first object is written or read."""
    return tuple(
        _row(field, attribute)
        for field in fields(cls)
        if get_origin(field.type) is Annotated
        for attribute in get_args(field.type)[1:]
        if isinstance(attribute, Attribute)
    )


def _row(field: Field[Any], attribute: Attribute) -> _Row:
    declared = get_args(field.type)[0]
    has_default = field.default is not MISSING or field.default_factory is not MISSING
    nullable = NoneType in get_args(declared) and not has_default
    form = attribute.form or _form_of(next(iter(get_args(declared)), declared))
    return _Row(field.name, attribute.key, form, required=not (has_default or nullable), nullable=nullable)


def _form_of(kind: Any) -> Form[Any]:
    if issubclass(kind, StrEnum):
        return Form(str, lambda key, value: kind(check_type(key, value, str)))
    return Form(lambda value: value, lambda key, value: check_type(key, value, kind))
