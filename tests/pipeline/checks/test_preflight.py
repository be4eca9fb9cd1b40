"""What cannot work is said before a run, each problem on a line with the way out."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import luigi
import pytest
from luigi.mock import MockTarget

from nightbook.pipeline.checks.preflight import check_tasks
from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.settings import settings


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder without settings."""
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


class Sound(luigi.Task):
    task_namespace = "preflight"

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("sound.txt")


class Data(luigi.ExternalTask):
    task_namespace = "preflight"

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("data.csv")


NUMBERS = count()


def task(**values: Any) -> luigi.Task:
    """A task of a class of its own, which has these values."""
    made: luigi.Task = type(f"Odd{next(NUMBERS)}", (Sound,), values)()
    return made


def problems(*tasks: luigi.Task, workers: int = 2) -> list[str]:
    try:
        check_tasks(tasks, workers=workers)
    except PipelineError as error:
        return str(error).splitlines()
    return []


def test_sound_tasks_have_no_problems() -> None:
    Path("data.csv").touch()

    assert problems(Sound(), Data(), task(resources={"num_cpus": 2}, retry_count=3)) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"retry_count": 0}, "retry_count is 0, and is a number of attempts: set an integer from 1 on"),
        ({"retry_count": True}, "retry_count is True, and is a number of attempts"),
        ({"resources": {"num_cpus": 0}}, "it needs 0 of the resource num_cpus: set an integer from 1 on"),
        ({"resources": {"num_cpus": 3}}, "there are 2: lower num_cpus, or run with --workers 3"),
        ({"resources": {"gpu": 2}}, "and there are 1: give gpu = 2 in [resources] of luigi.cfg"),
        ({"resources": {"gpu": 0.5}}, "it needs 0.5 of the resource gpu: set an integer from 0 on"),
        ({"worker_timeout": 5}, "worker_timeout is 5, with which Luigi ends a task in the middle"),
        ({"output": lambda _: MockTarget("x")}, "its output is a MockTarget, which is in memory"),
        ({"batchable": True}, "it has a batch_method"),
    ],
)
def test_a_value_that_cannot_work_is_named_with_its_task(values: dict[str, Any], problem: str) -> None:
    [line] = problems(task(**values))

    assert line.startswith("preflight.Odd")
    assert problem in line


def test_missing_data_is_named_unless_luigi_is_to_wait_for_it() -> None:
    [line] = problems(Data())
    assert "data.csv does not exist: provide it, or correct Data.output()" in line

    config = luigi.configuration.get_config()
    if not config.has_section("worker"):
        config.add_section("worker")
    config.set("worker", "retry_external_tasks", "true")
    try:
        assert problems(Data()) == []
    finally:
        config.remove_option("worker", "retry_external_tasks")


@pytest.mark.promise("What cannot work is named before the run, all of it at once.")
def test_all_problems_are_named_at_once_and_each_once() -> None:
    odd = task(retry_count=0, worker_timeout=5)

    assert len(problems(odd, odd, Data())) == 3


def test_two_classes_of_one_name_are_told_apart_by_nobody() -> None:
    first, _ = (type("Twin", (Sound,), {"retry_count": number})() for number in (1, 2))

    [line] = problems(first)

    assert "there are two classes preflight.Twin" in line
