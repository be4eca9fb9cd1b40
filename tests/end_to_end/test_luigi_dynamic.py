"""Requirements that `run()` yields, as in Luigi's example, in a pipeline and as a task alone."""

from nightbook.record.format.model import Outcome
from tests.support.luigi_runs import printed, succeeds
from tests.support.project import Project

DYNAMIC = """
    import random
    from pathlib import Path

    class Configuration(luigi.Task):
        seed = luigi.IntParameter()
        def output(self):
            return luigi.LocalTarget(f"config-{self.seed}.txt")
        def run(self):
            with self.output().open("w") as f:
                f.write("1,2")

    class Data(luigi.Task):
        magic_number = luigi.IntParameter()
        def output(self):
            return luigi.LocalTarget(f"data-{self.magic_number}.txt")
        def run(self):
            if self.magic_number == 2 and not Path("mended").exists():
                raise ValueError("broken data")
            with self.output().open("w") as f:
                f.write(str(self.magic_number))

    class Dynamic(luigi.Task):
        seed = luigi.IntParameter(default=1)
        def output(self):
            return luigi.LocalTarget(f"dynamic-{self.seed}.txt")
        def run(self):
            print("asks for the configuration")
            config = self.clone(Configuration)
            yield config
            print("asks for the data")
            with config.output().open() as f:
                data = [Data(magic_number=int(number)) for number in f.read().split(",")]
            yield data
            with self.output().open("w") as f:
                f.write("done")

    class Root(Pipeline):
        def requires(self):
            return Dynamic()
"""


def test_dynamic_requirements(project: Project) -> None:
    project.pipeline(DYNAMIC)
    (project.path / "mended").touch()

    run = succeeds(project)

    task = run.task("dynamic/seed=1")
    assert [attempt.outcome for attempt in task.attempts] == [Outcome.SUCCESS]
    assert printed(project, run, task.task_id).count("asks for the configuration") == 3
    assert task.depends_on == ("configuration/seed=1", "data/magic_number=1", "data/magic_number=2")
    assert all(one.outcome is Outcome.SUCCESS for one in run.tasks)


def test_dynamic_requirements_that_fail_are_resumed(project: Project) -> None:
    project.pipeline(DYNAMIC)
    done = project.run()
    assert done.returncode == 1
    assert project.record().task("data/magic_number=2").outcome is Outcome.FAILURE
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0

    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert run.task("dynamic/seed=1").outcome is Outcome.SUCCESS
    assert set(run.task("dynamic/seed=1").depends_on) == {
        "configuration/seed=1",
        "data/magic_number=1",
        "data/magic_number=2",
    }


def test_a_lone_task_is_a_pipeline(project: Project) -> None:
    project.pipeline(DYNAMIC)
    (project.path / "mended").touch()

    done = project.nightbook("run", "--pipeline", "pipe:Dynamic", "--set", "seed=3")

    assert done.returncode == 0, done.stderr
    assert project.record().pipeline == "dynamic"
    assert project.record().task("dynamic/seed=3").outcome is Outcome.SUCCESS


def test_a_lone_task_is_resumed(project: Project) -> None:
    project.pipeline(DYNAMIC)
    assert project.nightbook("run", "--pipeline", "pipe:Dynamic").returncode == 1
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0
    assert len(project.runs) == 1
