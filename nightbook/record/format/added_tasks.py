"""The tasks that were added to a run after its start, as an attribute of its spans."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nightbook.record.format.attributes import Form
from nightbook.record.format.values import from_json, to_json


@dataclass(frozen=True, slots=True)
class AddedTask:
    """The root of an addition: all that it needs belongs to the run, too."""

    entry_point: str  # module:Class
    parameters: Mapping[str, str]  # texts, as a command line has them


def _decode(key: str, value: object) -> tuple[AddedTask, ...]:
    if not isinstance(value, tuple):
        raise ValueError(f"the attribute {key} is {value!r:.100}, not a list")
    return tuple(_decode_one(key, text) for text in value)


def _decode_one(key: str, text: object) -> AddedTask:
    match from_json(str(text)):
        case [str(entry_point), dict(texts)] if all(isinstance(one, str) for one in texts.values()):
            return AddedTask(entry_point, {name: str(one) for name, one in texts.items()})
    raise ValueError(f"the attribute {key} has {text!r:.100}, not [entry point, parameters]")


ADDED_TASKS: Final[Form[tuple[AddedTask, ...]]] = Form(
    lambda tasks: tuple(to_json([task.entry_point, dict(task.parameters)]) for task in tasks), _decode
)
