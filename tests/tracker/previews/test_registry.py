"""The table of kinds: what a task's and a run's page show of it."""

from pathlib import Path, PurePosixPath

import pytest

from nightbook.record.format.model import Artifact, ArtifactType, Attempt, Outcome, Task
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.output.urls import RunPaths
from nightbook.tracker.previews.registry import KINDS, RunPageCollector, TaskPreviews, task_previews
from tests.support.built_site import Site
from tests.support.project import REPOSITORY
from tests.support.sample_records import HOSTILE, MAKE, PIXEL, READABLE_NIGHTS, REPORT, SMALL

TEMPLATES = REPOSITORY / "nightbook" / "tracker" / "theme" / "templates"
RUN = RunPaths("20261123T031700Z-7f3a2c")


def task(folder: Path, task_id: str, *contents: tuple[str, bytes]) -> Task:
    """A task whose attempt has logged those files."""
    inside = PurePosixPath("tasks", task_id, "attempt-01")
    artifacts = []
    for name, content in contents:
        type_ = ArtifactType.FIGURE if name.endswith(".png") else ArtifactType.FILE
        artifacts.append(Artifact(name, type_, "", len(content), "", inside / "artifacts" / name))
        (folder / inside / "artifacts").mkdir(parents=True, exist_ok=True)
        (folder / inside / "artifacts" / name).write_bytes(content)
    attempt = Attempt(1, Outcome.SUCCESS, 0, 1, 1, inside, artifacts=tuple(artifacts))
    return Task(task_id, task_id, {}, "t.py", 1, 1, 1, attempts=(attempt,))


def previews(folder: Path, of_task: Task) -> tuple[TaskPreviews, ...]:
    return task_previews(of_task, RecordFiles.of(folder, 10**6), RUN)


def test_each_kind_has_what_a_page_needs_of_it() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        text = (TEMPLATES / kind.template).read_text()
        assert "macro on_task_page(root, task, " in text
        assert ("macro on_run_page(root, task, " in text) == (kind.most_on_run_page > 0)


def test_a_tasks_previews_are_by_kind_and_what_shows_nothing_is_left_out(tmp_path: Path) -> None:
    found = previews(
        tmp_path,
        task(
            tmp_path,
            "work",
            ("a.csv", b"a\n"),
            ("m.onnx", b""),
            ("b.csv", b""),
            ("c.txt", b""),
            ("d.csv", b"d\n"),
        ),
    )

    assert [(each.kind.name, len(each.views)) for each in found] == [("models", 1), ("tables", 2)]
    assert previews(tmp_path, Task("none", "none", {}, "t.py", 1, 1, 1)) == ()


def test_a_runs_page_has_the_first_of_each_kind_and_counts_the_others(tmp_path: Path) -> None:
    collector = RunPageCollector()
    figures = [(f"{number}.png", PIXEL) for number in range(40)]
    for task_id in ("one", "two", "three"):
        collector.add(previews(tmp_path, task(tmp_path, task_id, *figures, ("m.onnx", b""))))
    collector.add(previews(tmp_path, task(tmp_path, "four", ("a.csv", b"a\n"))))
    (of_figures, of_tables) = collector.previews()

    assert of_figures.kind.name == "figures"
    assert [(each.task.task_id, len(each.views)) for each in of_figures.tasks] == [("one", 40), ("two", 20)]
    assert of_figures.left_out == 60
    assert (of_tables.kind.name, of_tables.left_out) == ("tables", 0)


def test_all_kinds_are_on_the_pages_of_a_built_site(sample: Site) -> None:
    run = f"runs/{READABLE_NIGHTS[0]}"

    assert 'aria-label="table.csv of report"' in sample.page(f"{run}/tasks/{REPORT}/index.html")
    assert 'alt="one.png of make"' in sample.page(f"{run}/tasks/{MAKE}/index.html")
    assert "Model <span" in sample.page(f"{run}/tasks/{SMALL}/index.html")
    page = sample.page(f"{run}/index.html")
    assert page.index('<a href="#figures">') < page.index('<a href="#tables">') < page.index('id="tables"')
    assert "Model <span" not in page


def test_a_table_of_a_hostile_run_is_text(sample: Site) -> None:
    page = sample.page(f"runs/{HOSTILE}/tasks/make/index.html")

    assert "page.html.csv" in page
    assert "&lt;svg xmlns=" in page[page.index('id="tables"') :]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_takes_no_artifact_of_another_name(kind: object) -> None:
    plain = Artifact("a.txt", ArtifactType.TEXT, "text/plain", 1, "", PurePosixPath("a.txt"))

    assert not next(each for each in KINDS if each is kind).matches(plain)
