"""What settings give to the bodies of all kinds of tasks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook import FunctionTask, ScriptTask
from nightbook.settings import settings


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder with settings of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "luigi.cfg").write_text(
        '[nightbook]\nmax_output_bytes = 1234\n[kernel]\nenvironment = {"MOOD": "good"}\n'
    )
    settings.cache_clear()
    yield
    settings.cache_clear()


class Clean(FunctionTask):
    task_namespace = "bodies"

    def execute(self, inputs: object, output_dir: Path) -> None:
        pass


class Sort(ScriptTask):
    task_namespace = "bodies"
    command = "sort"


@pytest.mark.parametrize("kind", [Clean, Sort])
def test_a_kernels_variables_and_the_bound_of_output_hold_for_each_body(
    kind: type[FunctionTask | ScriptTask],
) -> None:
    body = kind().body

    assert body.environment == {"MOOD": "good"}
    assert body.max_output_bytes == 1234
