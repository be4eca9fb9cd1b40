"""An attempt claims, records and publishes, whatever its body is."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from nightbook.execution.attempt import AttemptFailedError, Job, Progress, make_attempt
from nightbook.execution.body import BodyError
from nightbook.execution.notebook.body import NotebookBody
from nightbook.execution.publication import PublicationError, is_published
from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Attempt, Outcome
from nightbook.record.format.reported_progress import ReportedProgress
from nightbook.record.read.reader import read_run
from tests.support.attempts import ScriptBody, captured_output, declared_job
from tests.support.recording import RUN_ID


def recorded(job: Job) -> list[Attempt]:
    return list(read_run(job.folder.run.path).task("work").attempts)


def ignore(_: Progress) -> None:
    pass


def test_a_body_without_cells_is_recorded_and_its_output_published(tmp_path: Path) -> None:
    job = declared_job(tmp_path, ScriptBody("import pathlib; pathlib.Path('made').touch(); print('done')"))
    progress: list[Progress] = []

    make_attempt(job, progress.append)

    (attempt,) = recorded(job)
    folder = job.folder.attempt(1)
    assert (attempt.outcome, attempt.cell_count, attempt.error) == (Outcome.SUCCESS, 0, None)
    assert (job.folder.output / "made").is_file()
    assert captured_output(folder).read_text() == "done\n"
    assert progress == [Progress(folder, 0, 0, "")]


def test_what_the_body_logs_belongs_to_the_attempt(tmp_path: Path) -> None:
    job = declared_job(tmp_path, ScriptBody("import nightbook; nightbook.log_metric('loss', 0.5)"))

    make_attempt(job, ignore)

    assert recorded(job)[0].metrics == {"loss": 0.5}


def test_what_the_body_reports_is_progress_and_no_part_of_the_record(tmp_path: Path) -> None:
    """The script waits until its first report has been seen."""
    code = (
        "import nightbook, pathlib, time\nnightbook.progress(37, 100, 'epoch 3')\n"
        "while not pathlib.Path('go').exists(): time.sleep(0.02)\nnightbook.progress(100, 100)"
    )
    job = declared_job(tmp_path, ScriptBody(code))
    folder = job.folder.attempt(1)
    seen: list[Progress] = []

    def on_progress(progress: Progress) -> None:
        seen.append(progress)
        if progress.reported:
            (folder.output / "go").touch()

    make_attempt(job, on_progress)

    assert seen[:2] == [
        Progress(folder, 0, 0, ""),
        Progress(folder, 0, 0, "", ReportedProgress(37, 100, "epoch 3")),
    ]
    assert seen[1].percentage == 37
    assert [path.name for path in folder.path.iterdir() if "progress" in path.name] == []


@pytest.mark.promise("An output is published whole, after its attempt has succeeded, or not at all.")
def test_a_failed_attempt_is_recorded_and_publishes_nothing(tmp_path: Path) -> None:
    job = declared_job(tmp_path, ScriptBody("import sys; sys.exit(3)"))

    for number in (1, 2):
        with pytest.raises(
            AttemptFailedError, match=f"attempt {number} of work ended in failure: ExitCode: 3"
        ):
            make_attempt(job, ignore)

    assert [attempt.outcome for attempt in recorded(job)] == [Outcome.FAILURE, Outcome.FAILURE]
    assert not job.folder.output.exists()


def test_a_body_that_cannot_be_prepared_is_a_recorded_failure(tmp_path: Path) -> None:
    job = declared_job(tmp_path, ScriptBody(""))

    with pytest.raises(BodyError):
        make_attempt(job, ignore)

    (attempt,) = recorded(job)
    assert attempt.error is not None
    assert attempt.error.last_line == "BodyError: there is no script"


def test_a_complete_task_is_not_attempted_again(tmp_path: Path) -> None:
    job = declared_job(tmp_path, ScriptBody("pass"))

    make_attempt(job, ignore)
    make_attempt(job, ignore)

    assert [attempt.outcome for attempt in recorded(job)] == [Outcome.SUCCESS]


def test_a_folder_in_the_outputs_place_is_no_result(tmp_path: Path) -> None:
    """It was made by hand, or by the notebook of another task."""
    job = declared_job(tmp_path, ScriptBody("import pathlib; pathlib.Path('mine').touch()"))
    job.folder.output.mkdir(parents=True)
    (job.folder.output / "theirs").touch()

    make_attempt(job, ignore)

    assert [file.name for file in job.folder.output.iterdir()] == ["mine"]
    assert (job.folder.attempt(1).path / "misplaced-output" / "theirs").exists()


def test_a_body_that_makes_the_published_folder_itself_fails_and_can_be_made_again(tmp_path: Path) -> None:
    code = (
        "import pathlib\nhere = pathlib.Path.cwd()\n"
        "if here.parent.name == 'attempt-01': (here.parent.parent / 'output').mkdir()"
    )
    job = declared_job(tmp_path, ScriptBody(code))

    with pytest.raises(PublicationError, match="write to output_dir"):
        make_attempt(job, ignore)
    assert not is_published(job.folder)
    make_attempt(job, ignore)

    failed, succeeded = recorded(job)
    assert failed.error is not None
    assert failed.error.type == "PublicationError"
    assert succeeded.outcome is Outcome.SUCCESS
    assert is_published(job.folder)


@pytest.mark.parametrize("timeout_s", [5e9, 1e17, 1e300])
def test_an_attempt_may_have_more_time_than_the_system_can_count(tmp_path: Path, timeout_s: float) -> None:
    job = declared_job(tmp_path, ScriptBody("pass"), timeout_s=timeout_s)

    make_attempt(job, ignore)

    assert [attempt.outcome for attempt in recorded(job)] == [Outcome.SUCCESS]


def test_an_exception_that_nobody_expects_is_in_the_record(tmp_path: Path) -> None:
    def fail(_: Progress) -> None:
        raise ZeroDivisionError("of the machinery")

    job = declared_job(tmp_path, ScriptBody("pass"))

    with pytest.raises(ZeroDivisionError):
        make_attempt(job, fail)

    (attempt,) = recorded(job)
    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error is not None
    assert attempt.error.last_line == "ZeroDivisionError: of the machinery"
    assert "in fail" in attempt.error.traceback


def test_an_attempt_whose_folder_cannot_be_written_is_in_the_record(tmp_path: Path) -> None:
    """A file stands in its place: root, as whom tests may run, may write everywhere."""
    job = declared_job(tmp_path, ScriptBody("pass"))
    job.folder.path.mkdir(parents=True)
    job.folder.attempt(1).path.touch()
    job.folder.attempt(1).spans.touch()  # empty: it has not begun

    with pytest.raises(NotADirectoryError):
        make_attempt(job, ignore)

    (attempt,) = recorded(job)
    assert attempt.error is not None
    assert attempt.error.type == "NotADirectoryError"


def test_an_attempt_of_an_undeclared_run_is_refused(tmp_path: Path) -> None:
    job = Job(RunFolder(tmp_path / RUN_ID).task("work"), ScriptBody(""), timeout_s=1, num_cpus=1)

    with pytest.raises(RecordError, match="has not been declared"):
        make_attempt(job, ignore)


def test_a_job_can_be_shipped_to_another_machine(tmp_path: Path) -> None:
    body = NotebookBody(tmp_path / "work.py", {"size": 1}, {"made": [tmp_path]}, {"A": "b"}, 1000)
    job = declared_job(tmp_path, body)

    assert pickle.loads(pickle.dumps(job)) == job


def test_attempts_know_no_notebook(tmp_path: Path) -> None:
    code = "import sys, nightbook.execution.engines.local; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}

    assert loaded & {"nbformat", "nbclient", "jupyter_client", "jupytext", "luigi"} == set()
