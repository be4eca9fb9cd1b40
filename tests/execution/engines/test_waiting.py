"""Five hundred attempts that wait for an engine are one worker process."""

import psutil

from nightbook.record.format.model import Outcome
from tests.execution.engines.waiting_engine import CAPACITY, RELEASED
from tests.support.project import Project, wait_for

PIPELINE = f"""
    from nightbook.execution.engines.registry import ENGINES
    from nightbook.pipeline.tasks.attempt_task import AttemptTask
    from tests.execution.engines.waiting_engine import FileBody, WaitingEngine

    ENGINES["waiting"] = WaitingEngine

    class Work(AttemptTask):
        number = luigi.IntParameter()
        body_source = "no file"

        @property
        def body(self):
            return FileBody(str(self.number))

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Work, number=number) for number in range({CAPACITY})]
"""


def test_many_waiting_attempts_are_no_processes_and_no_threads(project: Project) -> None:
    project.pipeline(PIPELINE)
    with (project.path / "luigi.cfg").open("a") as config:
        config.write("\n[engine]\nname = waiting\n")
    run = project.start("run", "--pipeline", "pipe:Root", "--workers", "1")
    wait_for(lambda: bool(project.runs), "the run begins")
    log = project.runs[0] / "luigi.log"
    wait_for(lambda: log.exists() and log.read_text().count(" running ") == CAPACITY, "all attempts wait")

    main = psutil.Process(run.pid)
    processes, threads = len(main.children(recursive=True)), main.num_threads()
    (project.path / RELEASED).touch()
    output, errors = run.communicate(timeout=300)

    assert run.returncode == 0, output[-2000:] + errors
    assert processes < 10
    assert threads < 10
    recorded = project.record()
    assert recorded.outcome is Outcome.SUCCESS
    assert [[attempt.outcome for attempt in task.attempts] for task in recorded.tasks] == [
        [Outcome.SUCCESS]
    ] * CAPACITY
    for task in recorded.tasks:
        made = project.runs[0] / "tasks" / task.task_id / "output" / "text"
        assert made.read_text() == str(task.parameters["number"])
