"""The folder of a pipeline's module is found without importing it."""

from pathlib import Path

import pytest

from nightbook.pipeline.code.entry_point import PipelineError, code_folder, load_class


@pytest.fixture
def project_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_broken_module_has_a_folder(project_folder: Path) -> None:
    (project_folder / "broken_flow").mkdir()
    (project_folder / "broken_flow" / "pipe.py").write_text("this is no Python")

    assert code_folder("broken_flow.pipe:Root") == project_folder / "broken_flow"


@pytest.mark.parametrize("entry_point", ["nothing_here:Root", "nothing_here.pipe:Root", ":Root", "Root"])
def test_a_module_that_does_not_exist(entry_point: str) -> None:
    for find in (code_folder, load_class):
        with pytest.raises(PipelineError, match=r"there is no pipeline .*: name one as MODULE:CLASS"):
            find(entry_point)


def test_a_class_is_loaded_from_the_working_folder(project_folder: Path) -> None:
    (project_folder / "loaded_flow.py").write_text("class Root:\n    pass\n")

    assert getattr(load_class("loaded_flow:Root"), "__name__", "") == "Root"
