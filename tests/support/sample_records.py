"""Records for the site: successful nights, failures, a killed run, and hostile or damaged records."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import nightbook
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Error, Outcome
from tests.support.project import REPOSITORY
from tests.support.recording import (
    PROVENANCE,
    REQUEST,
    declared,
    execute_attempt,
    recorded_attempt,
    recorded_invocation,
)

FROZEN = REPOSITORY / "tests" / "record" / "records" / "v1" / "20261123T031700Z-7f3a2c"
FAILED = "20261118T031700Z-00000a"
KILLED = "20261119T031700Z-00000b"
HOSTILE = "20261120T031700Z-00000c"
DAMAGED = "20261121T031700Z-00000d"
NEWER = "20261122T031700Z-00000e"
READABLE_NIGHTS = [f"202611{day:02d}T031700Z-000001" for day in range(10, 18)]

MAKE, SMALL, LARGE, REPORT = "make", "train/size=600", "train/size=800", "report"
TASKS = [declared(MAKE), declared(SMALL, MAKE), declared(LARGE, MAKE), declared(REPORT, SMALL, LARGE)]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
# Its text does not hold what it would do: a title "owned" shows that it was done.
SCRIPT = '<script>document.title = "own" + "ed"</script>'
ATTACK = f"""{SCRIPT}<img src=x onerror="document.title = 'own' + 'ed'">"""
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{SCRIPT}<circle r="9"/></svg>'
NOTEBOOK_PAGE = (
    '<h1 id="title">A notebook</h1><style>td { color: red } body { min-height: 110vh }</style>'
    '<table style="width: 50%"><tr><td>1</td></tr></table>'
)
HOSTILE_PAGE = (
    f'{NOTEBOOK_PAGE}{ATTACK}<meta http-equiv="refresh" content="0;url=https://evil.example/">'
    '<form action="https://evil.example/"><input autofocus onfocus="parent.document.title = 1"></form>'
    '<a href="javascript:document.title=1">x</a><script>parent.document.title = "own" + "ed"</script>'
)
ONNX = {
    "inputs": [{"name": "X", "type": "float", "shape": [None, 64]}],
    "outputs": [{"name": "label", "type": "int64", "shape": ["n"]}],
    "opset": {"ai.onnx": 22},
    "producer": "tests 1",
}


@dataclass(frozen=True)
class Drawn:
    """A figure as Matplotlib's are, of these bytes."""

    content: bytes

    def savefig(self, file: BytesIO, **_: object) -> None:
        file.write(self.content)


def add_all(runs: Path) -> None:
    """Make all records in the folder ``runs``."""
    for number, run_id in enumerate(READABLE_NIGHTS):
        branch = "feature/ä <b>" if number % 4 == 3 else "main"
        add_night(RunFolder(runs / run_id), 0.9 + number / 100, branch)
    add_failed(RunFolder(runs / FAILED))
    add_killed(RunFolder(runs / KILLED))
    add_hostile(RunFolder(runs / HOSTILE))
    add_damaged(RunFolder(runs / DAMAGED))
    add_newer(RunFolder(runs / NEWER))
    shutil.copytree(FROZEN, runs / FROZEN.name)


def add_night(folder: RunFolder, accuracy: float, branch: str = "main") -> None:
    """A run that succeeds, with metrics, series, figures, a table and a model."""
    provenance = replace(PROVENANCE, branch=branch, pull_request="", dirty=False)
    with recorded_invocation(folder, TASKS, provenance=provenance):
        _attempt(folder, MAKE, log=_log_figures)
        for size, task_id in ((600, SMALL), (800, LARGE)):
            _attempt(folder, task_id, log=lambda size=size: _log_training(accuracy + size / 1e5))
        _attempt(folder, REPORT, log=lambda: nightbook.log_table({"a": [1, 2]}, "table.csv"))


def add_failed(folder: RunFolder) -> None:
    """A run of which a task fails twice, differently, and the last is never attempted."""
    timeout = Error(
        "TimeoutError", "the notebook was stopped after timeout_s = 600 seconds in cell 2 of 3", ""
    )
    error = Error("ValueError", "the labels\nare gone", "Traceback ...\nValueError: the labels\nare gone")
    provenance = replace(PROVENANCE, trigger="pull_request", branch="feature/ä <b>")
    with recorded_invocation(folder, TASKS, Outcome.FAILURE, provenance):
        _attempt(folder, MAKE)
        _attempt(folder, SMALL, 1, Outcome.TIMEOUT, timeout)
        _attempt(folder, SMALL, 2, Outcome.FAILURE, error)
        _write_notebook(folder.task(SMALL).attempt(2), "日本語 Größe 😀")
        _attempt(folder, LARGE, log=lambda: nightbook.log_metric("accuracy", float("nan")))


def add_killed(folder: RunFolder) -> None:
    """A run that was killed in the middle of an attempt."""
    with recorded_invocation(folder, TASKS, outcome=None):
        _attempt(folder, MAKE)
        with recorded_attempt(folder.task(SMALL).attempt(1)):
            nightbook.log_metric("accuracy", 0.5)


def add_hostile(folder: RunFolder) -> None:
    """A run with a script in every text that can hold one, and too much of everything."""
    provenance = replace(
        PROVENANCE,
        **dict.fromkeys(("trigger", "actor", "revision", "branch", "pull_request", "python_version"), ATTACK),
        repository_url="javascript:alert(1)//https://evil.example",
        ci_run_url="javascript:alert(1)",
        packages=(ATTACK, "x" * 3000),
    )
    tasks = [
        replace(declared("x"), task_id=task_id, parameters={ATTACK: ATTACK}, notebook=ATTACK)
        for task_id in ("make", "x/index.html", "x/attempt-01", "index.html", "%2e%2e/%2e=a%2Fb", "x")
    ]
    request = replace(REQUEST, pipeline=ATTACK, parameters={ATTACK: ATTACK, "\u202e": "x" * 5000})
    error = Error(ATTACK, f"{ATTACK}\n{ATTACK}", ATTACK * 100)
    with recorded_invocation(folder, tasks, Outcome.FAILURE, provenance, request):
        _attempt(folder, "make", 1, Outcome.FAILURE, error, _log_attacks)
        for task in tasks[1:]:
            _attempt(folder, task.task_id, log=lambda: nightbook.log_metric("index.html", 1e300))
    (folder.task("make").attempt(1).html).write_text(HOSTILE_PAGE + "x" * 5_000_000)
    (folder.task("make").attempt(1).artifacts / "passwords.txt").symlink_to("/etc/passwd")


def add_damaged(folder: RunFolder) -> None:
    """A record that cannot be read at all."""
    folder.spans.mkdir(parents=True)
    (folder.spans / "run-01.jsonl").write_text(f"{ATTACK}\nnot JSON\n")


def add_newer(folder: RunFolder) -> None:
    """A record that a later version of this program wrote."""
    with recorded_invocation(folder, TASKS):
        pass
    for file in folder.spans.iterdir():
        version = '"nightbook.schema.version","value":{"intValue":"%d"}'
        text = file.read_text()
        assert version % 1 in text, text[:300]
        file.write_text(text.replace(version % 1, version % 99))


def _attempt(
    folder: RunFolder,
    task_id: str,
    number: int = 1,
    outcome: Outcome = Outcome.SUCCESS,
    error: Error | None = None,
    log: Callable[[], None] = lambda: None,
) -> None:
    attempt = folder.task(task_id).attempt(number)
    execute_attempt(attempt, outcome, error, log, cell_count=3)
    _write_notebook(attempt)


def _write_notebook(attempt: AttemptFolder, text: str = "A notebook about zebras.") -> None:
    attempt.path.mkdir(parents=True, exist_ok=True)
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [text]}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    attempt.notebook.write_text(json.dumps(notebook))
    attempt.html.write_text(NOTEBOOK_PAGE)


def _log_figures() -> None:
    for name, content in (("one.png", PIXEL), ("two.png", PIXEL), ("drawing.svg", SVG.encode())):
        nightbook.log_figure(Drawn(content), name)


def _log_training(accuracy: float) -> None:
    nightbook.log_metrics({"accuracy": accuracy, "Accuracy": accuracy / 2, "log_loss": 1 - accuracy})
    for step in range(5):
        nightbook.log_metric("loss", 1 / (step + 1) if step != 3 else float("nan"), step)
    nightbook.log_param("data_sha256", "ab" * 32)
    _log_file("model.onnx", b"onnx", ONNX)


def _log_attacks() -> None:
    for number in range(3000):
        nightbook.log_metric(f"metric {number}", number)
    for name in (
        "page.html",
        "page.xhtml",
        "script.js",
        "page.svg",
        "page.xml",
        "doc.pdf",
        "style.css",
        "noending",
        "page.html.csv",
        "page.SVG.v2.json",
    ):
        _log_file(name, SVG.encode())
    _log_file(
        "evil.onnx", b"onnx", {"inputs": [{"name": f"'\"{ATTACK}", "shape": [ATTACK]}], "opset": {ATTACK: 1}}
    )
    nightbook.log_value("value", {ATTACK: [ATTACK]})
    nightbook.log_param("param", ATTACK)


def _log_file(name: str, content: bytes, metadata: dict[str, object] | None = None) -> None:
    attempt = nightbook.active_attempt()
    assert attempt is not None
    source = attempt.folder.path.parent / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(content)
    nightbook.log_artifact(source, metadata=metadata)
    source.unlink()
