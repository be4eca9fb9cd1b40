"""Parameters as variables, and texts with the names of hidden ones."""

from pathlib import Path

import pytest

from nightbook.execution.parameter_variables import parameter_variables, with_names


def test_a_string_stands_as_it_is_and_all_else_as_json() -> None:
    parameters = {"path": Path("a/b"), "name": 'é "x"', "sizes": [1, 2], "on": True}
    assert parameter_variables(parameters) == {
        "PARAM_PATH": "a/b",
        "PARAM_NAME": 'é "x"',
        "PARAM_SIZES": "[1, 2]",
        "PARAM_ON": "true",
    }


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ({}, "curl -u me:abcdef host"),
        ({"password": "abcdef"}, "curl -u me:$PARAM_PASSWORD host"),
        ({"part": "abc", "password": "abcdef"}, "curl -u me:$PARAM_PASSWORD host"),
        ({"password": ""}, "curl -u me:abcdef host"),
    ],
)
def test_a_value_in_a_text_is_replaced_by_the_name(hidden: dict[str, object], shown: str) -> None:
    assert with_names("curl -u me:abcdef host", hidden) == shown
