"""Added tasks as an attribute: read as written, and refused where they are something else."""

import pytest

from nightbook.record.format.added_tasks import ADDED_TASKS, AddedTask


def test_they_are_read_as_written() -> None:
    tasks = (AddedTask("pipe:Train", {"size": "3", "name": "é=,"}), AddedTask("pipe:Load", {}))

    assert ADDED_TASKS.decode("key", ADDED_TASKS.encode(tasks)) == tasks


@pytest.mark.parametrize(
    "value", ["text", ("no JSON",), (1,), ('["pipe:Train"]',), ('["pipe:Train", {"size": 3}]',), ("[1, {}]",)]
)
def test_what_is_something_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"the attribute key|Expecting value"):
        ADDED_TASKS.decode("key", value)
