"""What a body is given: the outputs of what its task requires, in the same structure."""

from pathlib import Path
from typing import Any

import luigi
import pytest

from nightbook.pipeline.tasks.inputs import find_inputs


class Made(luigi.Task):
    task_namespace = "inputs"
    name = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"made/{self.name}")


class Twice(luigi.Task):
    task_namespace = "inputs"

    def output(self) -> dict[str, luigi.LocalTarget]:
        return {"train": luigi.LocalTarget("train.csv"), "test": luigi.LocalTarget("test.csv")}


class Both(luigi.WrapperTask):
    task_namespace = "inputs"

    def requires(self) -> dict[str, Made]:
        return {"a": Made("a"), "b": Made("b")}


class Row(luigi.Target):
    def exists(self) -> bool:
        return False


class Url(Row):
    url = "s3://bucket/key"


class Elsewhere(luigi.Task):
    task_namespace = "inputs"
    target: luigi.Target = Url()

    def output(self) -> luigi.Target:
        return self.target


class Nowhere(Elsewhere):
    target = Row()


def requiring(required: Any) -> luigi.Task:
    class Asks(luigi.Task):
        task_namespace = "inputs"

        def requires(self) -> Any:
            return required

    return Asks()


@pytest.mark.parametrize(
    ("required", "inputs"),
    [
        ([], None),
        ({}, None),
        (Made("a"), Path("made/a")),
        ([Made("a"), Made("b")], [Path("made/a"), Path("made/b")]),
        ({1: Made("a"), "more": [Made("b")]}, {"1": Path("made/a"), "more": [Path("made/b")]}),
        (Twice(), {"train": Path("train.csv"), "test": Path("test.csv")}),
        (Both(), {"a": Path("made/a"), "b": Path("made/b")}),
        ([Both()], [{"a": Path("made/a"), "b": Path("made/b")}]),
        (Elsewhere(), "s3://bucket/key"),
    ],
)
def test_inputs_are_structured_like_the_requirements(required: Any, inputs: Any) -> None:
    assert find_inputs(requiring(required)) == inputs


def test_a_target_without_a_place_is_named_with_the_way_out() -> None:
    with pytest.raises(
        ValueError, match=r"Nowhere.*has the output Row, which has neither a path nor a URL: let"
    ):
        find_inputs(requiring(Nowhere()))
