"""The processes of the engine ``local``."""

import json
import subprocess
import sys
from pathlib import Path

from nightbook.execution.attempt import Progress
from nightbook.execution.engines.local import LocalEngine
from tests.support.attempts import ScriptBody, declared_job
from tests.support.project import kill, processes_of, wait_for

WORKER = """
import sys, time
from pathlib import Path
from nightbook.execution.engines.local import LocalEngine
from tests.support.attempts import ScriptBody, declared_job
code = "import pathlib, time; pathlib.Path('begun').touch(); time.sleep(600)"
handle = LocalEngine().start(declared_job(Path(sys.argv[1]), ScriptBody(code)), print)
time.sleep(600)
"""


def test_an_attempt_dies_with_its_worker(tmp_path: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], text=True)
    wait_for(lambda: list(tmp_path.rglob("begun")) != [], "the script begins")
    assert processes_of(tmp_path)

    kill(worker)

    wait_for(lambda: processes_of(tmp_path) == [], "the attempt and its script end", timeout_s=10)


def test_progress_is_reported_from_the_attempts_process(tmp_path: Path) -> None:
    reported = tmp_path / "reported.json"

    def report(progress: Progress) -> None:
        reported.write_text(json.dumps([progress.folder.number, progress.cell_count]))

    handle = LocalEngine().start(declared_job(tmp_path / "runs", ScriptBody("1")), report)
    wait_for(lambda: handle.poll() is not None, "the attempt ends")

    assert json.loads(reported.read_text()) == [1, 0]


def test_an_attempt_that_cannot_report_its_progress_fails(tmp_path: Path) -> None:
    def report(_: Progress) -> None:
        raise SystemExit("no")

    handle = LocalEngine().start(declared_job(tmp_path, ScriptBody("1")), report)
    wait_for(lambda: handle.poll() is not None, "the attempt ends")

    ended = handle.poll()
    assert ended is not None
    assert ended.error is not None
    assert ended.error.last_line == "SystemExit: no"
