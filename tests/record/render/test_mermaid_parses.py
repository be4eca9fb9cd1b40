"""What the real Mermaid reads out of the diagrams: neither more nor less than is in the run."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nightbook.record.format.model import Run
from nightbook.record.render.mermaid import MAX_EDGES, dag_diagram, gantt_diagram
from nightbook.record.render.plain_text import one_line
from tests.support.sample_runs import make_large_run

MERMAID = Path(__file__).parent / "mermaid"

# Continuous integration has both: there, what is missing is a failure.
pytestmark = pytest.mark.skipif(
    not os.environ.get("CI") and (shutil.which("node") is None or not (MERMAID / "node_modules").is_dir()),
    reason="needs Node.js, and Mermaid: `npm ci --prefix tests/record/render/mermaid`",
)


@pytest.fixture(params=["success", "failed", "hostile"])
def run(request: pytest.FixtureRequest) -> Run:
    run: Run = request.getfixturevalue(f"{request.param}_run")
    return run


def test_the_dag_has_the_run_s_tasks_and_dependencies(run: Run, tmp_path: Path) -> None:
    [read] = _read(tmp_path, dag_diagram(run))
    assert read["config"] == {"flowchart": {"wrappingWidth": 400}}
    assert [node["classes"] for node in read["nodes"]] == [
        [task.outcome.replace(" ", "_")] for task in run.tasks
    ]
    for node, task in zip(read["nodes"], run.tasks, strict=True):
        assert _unbroken(node["label"]).startswith(_unbroken(one_line(task.name, 120)))
    ids = {task.task_id: f"n{number}" for number, task in enumerate(run.tasks)}
    assert read["edges"] == [[ids[need], ids[task.task_id]] for task in run.tasks for need in task.depends_on]
    assert (read["subgraphs"], read["links"]) == (0, 0)


def test_the_gantt_chart_has_the_run_s_attempts(run: Run, tmp_path: Path) -> None:
    [read] = _read(tmp_path, gantt_diagram(run))
    attempts = [attempt for task in run.tasks for attempt in task.attempts]
    assert set(read["config"]) == {"gantt", "themeVariables"}
    assert (read["title"], read["links"]) == ("", 0)
    assert (
        len(read["sections"]) == len(set(read["sections"])) == sum(bool(task.attempts) for task in run.tasks)
    )
    assert {bar["section"] for bar in read["bars"]} == set(read["sections"])
    assert sorted((bar["failed"], bar["start_ms"]) for bar in read["bars"]) == sorted(
        (attempt.outcome.failed, attempt.start_ns // 1_000_000) for attempt in attempts
    )
    assert all(bar["end_ms"] > bar["start_ms"] for bar in read["bars"])


def test_a_run_of_300_tasks_can_be_read(tmp_path: Path) -> None:
    run = make_large_run(300)
    dag, gantt = _read(tmp_path, dag_diagram(run), gantt_diagram(run))
    assert len(dag["nodes"]) == 300 + 1  # the one that tells how many edges are left out
    assert len(dag["edges"]) == MAX_EDGES
    assert (len(gantt["sections"]), len(gantt["bars"])) == (300, 300)


def test_the_largest_diagrams_can_be_read(tmp_path: Path) -> None:
    run = make_large_run(3000)
    dag, gantt = _read(tmp_path, dag_diagram(run), gantt_diagram(run))
    assert dag["nodes"][-1]["label"].endswith("more tasks left out")
    assert gantt["title"].endswith("more attempts left out")


def test_unreadable_text_is_an_error(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.mmd", tmp_path / "bad.mmd"
    good.write_text("flowchart LR\n  n0 --> n1\n", encoding="utf-8")
    bad.write_text('flowchart LR\n  n0["a"b"]\n', encoding="utf-8")
    done = _parse(good, bad)
    assert [result["ok"] for result in json.loads(done.stdout)] == [True, False]
    assert done.returncode == 1


def _read(folder: Path, *diagrams: str) -> list[dict[str, Any]]:
    files = [folder / f"{number}.mmd" for number in range(len(diagrams))]
    for file, diagram in zip(files, diagrams, strict=True):
        file.write_text(diagram, encoding="utf-8")
    done = _parse(*files)
    results: list[dict[str, Any]] = json.loads(done.stdout)
    assert [result.get("error") for result in results] == [None] * len(files)
    assert done.returncode == 0
    return results


def _parse(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "parse.mjs", *map(str, files)],
        cwd=MERMAID,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def _unbroken(label: str) -> str:
    """The label without its line breaks and without what keeps Mermaid from acting on it."""
    return re.sub(r"<br>|\s|\u2060", "", label)
