"""Hidden values outside of their process, and how they are found again."""

import luigi
import pytest
from luigi.parameter import ParameterVisibility

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.parameters.hidden_parameters import (
    PLACEHOLDER,
    MissingValueError,
    check_one_value_each,
    complete_texts,
    recorded_texts,
    variable_name,
)


class Hiding(luigi.Task):
    size = luigi.IntParameter(default=1)
    password = luigi.Parameter(default="nobody", visibility=ParameterVisibility.PRIVATE)
    user = luigi.Parameter(default="me", visibility=ParameterVisibility.HIDDEN)
    codes = luigi.ListParameter(default=[1], visibility=ParameterVisibility.HIDDEN)


class Needing(luigi.Task):
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)


RECORDED = {"size": "7", "password": PLACEHOLDER}


def test_a_placeholder_stands_for_what_is_not_the_default() -> None:
    assert recorded_texts(Hiding(size=2, password="of-placeholder")) == {
        "size": "2",
        "password": PLACEHOLDER,
    }
    assert recorded_texts(Hiding(size=2, codes=[1, 2])) == {"size": "2", "codes": PLACEHOLDER}
    assert recorded_texts(Hiding(size=2)) == {"size": "2"}


def test_the_process_that_made_the_task_can_make_it_again() -> None:
    task = Hiding(size=3, password="of-this-process")
    texts = complete_texts(Hiding, recorded_texts(task))
    assert Hiding.from_str_params(texts).password == "of-this-process"


@pytest.mark.parametrize("variable", ["password", "PASSWORD"])
def test_another_process_takes_the_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "of-the-variable")
    assert complete_texts(Hiding, RECORDED) == {"size": "7", "password": "of-the-variable"}
    assert complete_texts(Hiding, {"size": "7"}) == {"size": "7"}, "it has begun with the default"
    assert complete_texts(Needing, {}) == {"password": "of-the-variable"}


def test_without_a_variable_luigis_settings_count_and_the_default_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = (
        "Hiding needs its hidden parameter password, whose value is in no record: "
        "set the environment variable PASSWORD"
    )
    monkeypatch.delenv("PASSWORD", raising=False)
    with pytest.raises(MissingValueError) as caught:
        complete_texts(Hiding, RECORDED)
    assert str(caught.value) == message
    config = luigi.configuration.get_config()
    config.set("Hiding", "password", "of-the-settings")
    try:
        assert complete_texts(Hiding, RECORDED)["password"] == "of-the-settings"
    finally:
        config.remove_section("Hiding")


def test_what_each_machine_sets_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "root")
    with pytest.raises(MissingValueError, match=r"environment variable user$"):
        complete_texts(Hiding, {"user": PLACEHOLDER})
    assert variable_name("user") == "user"


def test_a_variable_cannot_hold_two_values() -> None:
    check_one_value_each([Hiding(password="one"), Needing(password="one"), Hiding()])
    with pytest.raises(PipelineError, match="password has different values in Hiding") as caught:
        check_one_value_each([Hiding(password="value-1"), Needing(password="value-2")])
    assert "value-" not in str(caught.value)
