"""kill -9 at each step between an attempt's claim and its end: the record tells the truth about it."""

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Attempt, Outcome, Run
from nightbook.record.read.attempt_ends import has_succeeded
from tests.faults.ends.failpoints import IN_KERNEL, STEPS
from tests.support.project import Project, processes_of, wait_for

PIPELINE = """
    from pathlib import Path
    import nightbook
    from nightbook import FunctionTask
    from tests.faults.ends.failpoints import arm

    arm(Path(__file__).with_name("stopped"), {victim!r})

    class Work(FunctionTask):
        step = luigi.Parameter()

        def execute(self, inputs, output_dir):
            nightbook.log_metric("length", len(self.step))
            (output_dir / "made").write_text(self.step)

    class Book(NotebookTask):
        step = luigi.Parameter()

    class Root(Pipeline):
        def requires(self):
            return [Work(step=step) for step in {steps!r}] + [Book(step=step) for step in {kernel!r}]
"""
_WITH_THE_RUN = (
    "ProcessDied: its process was killed together with the run, as the next invocation of the run has noticed"
)
_ENDED = "ended"  # all that the attempt had to do is done


def killed_at(project: Project, victim: str, steps: list[str], kernel: list[str]) -> list[str]:
    """Write the pipeline, and arm it; return the ids of its tasks."""
    project.pipeline(PIPELINE.format(victim=victim, steps=steps, kernel=kernel))
    project.notebook(
        "book",
        "nightbook.log_metric('length', len(step))",
        "(output_dir / 'made').write_text(step)",
        parameters="step = ''\nfrom pathlib import Path\noutput_dir = Path()",
    )
    (project.path / "stopped").mkdir()
    return [f"work/step={step}" for step in steps] + [f"book/step={step}" for step in kernel]


def check(project: Project, tasks: list[str]) -> Run:
    """Check what holds after each fault, and return the run: no number is skipped, no output is half done."""
    run = project.record()
    assert run.problems == ()
    for task in run.tasks:
        folder = RunFolder(project.runs[-1]).task(task.task_id)
        numbers = [attempt.number for attempt in task.attempts]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {one.name for one in folder.path.glob("attempt-*")} <= {f"attempt-{n:02d}" for n in numbers}
        assert has_succeeded(folder) == (task.outcome is Outcome.SUCCESS)
        if has_succeeded(folder):
            assert (folder.output / "made").read_text() == task.parameters["step"]
    assert [task.task_id for task in run.tasks] == tasks
    return run


def check_resumed(project: Project, tasks: list[str]) -> Run:
    """Resume, and check that the run has what an undisturbed one has."""
    resumed = project.nightbook("resume")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    run = check(project, tasks)
    assert run.outcome is Outcome.SUCCESS
    for task in run.tasks:
        assert task.metrics == {"length": len(str(task.parameters["step"]))}
    wait_for(lambda: processes_of(project.path) == [], "no process is left", timeout_s=2)
    return run


def last_error(attempt: Attempt) -> str:
    return attempt.error.last_line if attempt.error else ""


@pytest.mark.promise(
    "An attempt that could not say how it ended has the signal or exit code, and who noticed."
)
@pytest.mark.promise(
    "A kill at any step of an attempt leaves a record that is true"
    ", and a resumed run with the results of an undisturbed one."
)
def test_the_attempts_process_is_killed_at_each_step(project: Project) -> None:
    tasks = killed_at(project, "task", list(STEPS), list(IN_KERNEL))

    done = project.run("--workers", "4")

    assert done.returncode == 1, done.stdout + done.stderr
    run = check(project, tasks)
    assert run.outcome is Outcome.FAILURE
    for task in run.tasks:
        (attempt,) = task.attempts
        if task.parameters["step"] == _ENDED:
            assert (attempt.outcome, attempt.error) == (Outcome.SUCCESS, None)
            continue
        assert attempt.outcome is Outcome.INTERRUPTED
        said = "ProcessDied: the attempt's process was killed by SIGKILL, as the main process has noticed"
        assert last_error(attempt) == said
        assert done.stdout.count(f"{task.task_id}: attempt 1,") == 1
        assert f"interrupted: {task.task_id}: {said}" in done.stdout
    resumed = check_resumed(project, tasks)
    assert {len(task.attempts) for task in resumed.tasks if task.parameters["step"] != _ENDED} == {2}


@pytest.mark.promise(
    "A kill at any step of an attempt leaves a record that is true"
    ", and a resumed run with the results of an undisturbed one."
)
def test_the_main_process_is_killed_with_it(project: Project) -> None:
    steps = ["claimed", "published", _ENDED]
    tasks = killed_at(project, "main", steps, [])

    for count, _ in enumerate(steps, start=1):
        done = project.run("--workers", "1") if count == 1 else project.nightbook("resume", "--workers", "1")
        assert done.returncode == -9, done.stdout + done.stderr
        check(project, tasks)
        assert len(list((project.path / "stopped").iterdir())) == count
    run = check_resumed(project, tasks)

    for task in run.tasks:
        assert [last_error(attempt) for attempt in task.attempts[:-1]] in ([], [_WITH_THE_RUN])
