"""Engines are found by their names."""

import pytest

from nightbook.execution.engines.local import LocalEngine
from nightbook.execution.engines.registry import EngineError, find_engine
from tests.support.project import Project


def test_an_engine_is_found_by_its_name() -> None:
    assert isinstance(find_engine("local"), LocalEngine)


def test_an_unknown_engine_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(EngineError, match=r"there is no engine 'moon': set \[engine\] name .* to local"):
        find_engine("moon")


def test_a_run_with_an_unknown_engine_does_not_start(project: Project) -> None:
    project.single()
    project.notebook("work", "1")
    with (project.path / "luigi.cfg").open("a") as config:
        config.write("\n[engine]\nname = moon\n")

    done = project.run()

    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no engine 'moon'")
    assert project.runs == []
