"""Runs of pipelines of Luigi's own tasks, and what their records say."""

from nightbook.record.format.model import Outcome, Run
from tests.support.project import Project


def succeeds(project: Project, command: str = "nightbook") -> Run:
    done = project.run() if command == "nightbook" else project.luigi("--local-scheduler")
    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert run.problems == ()
    return run


def arrows(run: Run) -> dict[str, tuple[str, ...]]:
    return {task.task_id: task.depends_on for task in run.tasks}


def printed(project: Project, run: Run, task_id: str) -> str:
    attempt = run.task(task_id).attempts[-1]
    return (project.runs[-1] / attempt.folder / "output.log").read_text()
