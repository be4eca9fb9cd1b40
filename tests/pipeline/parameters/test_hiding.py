"""What Luigi itself writes of tasks with hidden parameters."""

from typing import Any

import luigi
import luigi.execution_summary
import pytest
from luigi.parameter import MissingParameterException, ParameterVisibility

from nightbook.pipeline.parameters.hiding import hide_values, without_values

hide_values()


class Named(luigi.Task):
    size = luigi.IntParameter(default=1)
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
    token = luigi.Parameter(default="", visibility=ParameterVisibility.HIDDEN)
    needed = luigi.Parameter(default="x")


class Strict(Named):
    needed = luigi.Parameter()


class Single(luigi.Task):
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)


def test_the_texts_of_a_task_have_public_values_only() -> None:
    task = Named(password="s3cr3t", token="t0k3n")
    assert str(task) == repr(task) == "Named(size=1, needed=x)"
    assert task.to_str_params() == {"size": "1", "needed": "x"}


def test_errors_and_warnings_name_no_value() -> None:
    with pytest.raises(MissingParameterException) as caught:
        Strict(password="s3cr3t", token="'")
    assert "s3cr3t" not in str(caught.value)
    assert "'password': <hidden>" in str(caught.value)
    number: Any = 4711
    with pytest.warns(UserWarning, match='"password" with value "<hidden>" is not of type string'):
        Named(password=number)
    with pytest.warns(UserWarning, match='"needed" with value "4711" is not of type string'):
        Named(password="s3cr3t", needed=number)


def test_luigis_summary_names_no_value() -> None:
    single = {Single(password=f"s3cr3t-{number}") for number in range(3)}
    groups = luigi.execution_summary._group_tasks_by_name_and_status({*single, Named(password="s3cr3t")})
    text = luigi.execution_summary._get_str(groups, False)
    assert "Named(size=1, needed=x)" in text
    assert "s3cr3t" not in text


def test_a_short_value_is_found_where_it_stands_alone() -> None:
    assert without_values("x='a' is wrong", ["a"]) == "x=<hidden> is wrong"
