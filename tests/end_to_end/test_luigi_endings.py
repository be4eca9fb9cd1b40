"""A run with tasks of Luigi's own ends, however they end: nothing is tried or waits for ever."""

import signal

import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project, ended, processes_of, wait_for

TRIES = """
    from pathlib import Path

    TRIES = Path(__file__).with_name("tries")

    class Fails(luigi.Task):
        {body}
        def output(self):
            return luigi.LocalTarget(str(TRIES.with_name("never")))
        def run(self):
            with TRIES.open("a") as file:
                file.write("x")
            raise ValueError("always")

    class Root(Pipeline):
        def requires(self):
            return Fails()
"""


def tries(project: Project) -> int:
    return len((project.path / "tries").read_text())


@pytest.mark.parametrize(
    ("body", "config", "expected"),
    [("", "", 1), ("retry_count = 3", "", 3), ("", "[scheduler]\nretry_count = 2\n", 2)],
)
def test_a_task_that_fails_has_so_many_attempts(
    project: Project, body: str, config: str, expected: int
) -> None:
    project.pipeline(TRIES.format(body=body))
    with (project.path / "luigi.cfg").open("a") as file:
        file.write(f"\n{config}")

    assert project.run().returncode == 1

    assert tries(project) == expected


def test_under_luigis_own_command_too(project: Project) -> None:
    project.pipeline(TRIES.format(body=""))

    assert project.luigi("--local-scheduler").returncode != 0

    assert tries(project) == 1


def test_data_that_vanishes_is_not_waited_for(project: Project) -> None:
    project.pipeline("""
        import os

        class Data(luigi.ExternalTask):
            def output(self):
                return luigi.LocalTarget("data.csv")

        class Thief(luigi.Task):
            def output(self):
                return luigi.LocalTarget("stolen.csv")
            def run(self):
                os.rename("data.csv", "stolen.csv")

        class Uses(luigi.Task):
            def requires(self):
                return [Data(), Thief()]
            def run(self):
                pass

        class Root(Pipeline):
            def requires(self):
                return Uses()
    """)
    (project.path / "data.csv").touch()

    done = project.run()

    assert done.returncode == 1
    assert "Unfulfilled dependency at run time: Data__99914b932b (data.csv)" in done.stdout


@pytest.mark.promise("A failed run names every task that failed, and what was not run because of it.")
def test_every_failure_is_named_and_what_waits_for_it(project: Project) -> None:
    project.pipeline("""
        class Clean(luigi.Task):
            def run(self):
                raise ValueError("no rows")

        class Work(NotebookTask):
            pass

        class Load(NotebookTask):
            def requires(self):
                return Clean()

        class Root(Pipeline):
            def requires(self):
                return [Work(), Load()]
    """)
    project.notebook("work", "1", "1 / 0")
    project.notebook("load", "1")

    done = project.run()

    assert done.returncode == 1
    assert "clean failed in attempt 1 of 1: ValueError: no rows" in done.stdout
    line = 1 + (project.path / "pipe.py").read_text().splitlines().index(
        '        raise ValueError("no rows")'
    )
    assert f"  at {project.path / 'pipe.py'}, line {line}" in done.stdout
    assert '  |     raise ValueError("no rows")' in done.stdout
    assert "work failed in attempt 1 of 1: ZeroDivisionError: division by zero" in done.stdout
    assert "  at work.py, cell 3, line 1" in done.stdout
    assert "not run: load, waits for clean" in done.stdout


@pytest.mark.promise("The first signal ends a run, and its record says that it was interrupted.")
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("handler", ["SIG_DFL", "SIG_IGN"])
def test_a_signal_ends_the_run_the_first_time(project: Project, signal_number: int, handler: str) -> None:
    project.pipeline(f"""
        import signal, time
        from pathlib import Path

        class Sleeps(luigi.Task):
            def run(self):
                signal.signal(signal.SIGTERM, signal.{handler})
                Path("begun").touch()
                time.sleep(600)

        class Root(Pipeline):
            def requires(self):
                return Sleeps()
    """)
    process = project.start("run", "--pipeline", "pipe:Root")
    wait_for((project.path / "begun").exists, "the task has begun")

    process.send_signal(signal_number)

    assert ended(process).returncode == 130
    wait_for(lambda: not processes_of(project.path), "no process is left", timeout_s=30)


def test_a_signal_before_the_record_is_begun_is_told_in_a_line(project: Project) -> None:
    project.pipeline("""
        import os, signal

        class Quick(luigi.Task):
            def output(self):
                os.kill(os.getpid(), signal.SIGINT)

        class Root(Pipeline):
            def requires(self):
                return Quick()
    """)

    done = project.run()

    assert (done.returncode, done.stderr) == (130, "interrupted\n")
    assert project.runs == []


@pytest.mark.promise("The first signal ends a run, and its record says that it was interrupted.")
def test_a_signal_between_attempts_ends_the_run_the_first_time(project: Project) -> None:
    project.pipeline(TRIES.format(body="retry_count = 1_000_000"))
    process = project.start("run", "--pipeline", "pipe:Root")
    wait_for(lambda: (project.path / "tries").exists() and tries(project) > 3, "some attempts were made")

    process.send_signal(signal.SIGINT)

    assert ended(process).returncode == 130


LATE = """
    import nightbook

    class Plain(luigi.Task):
        def output(self):
            return luigi.LocalTarget("plain")
        def run(self):
            self.output().open("w").close()
        def on_success(self):
            open("mended").close()

    class Function(nightbook.FunctionTask):
        def execute(self, inputs, output_dir):
            pass
        def on_success(self):
            open("mended").close()

    class After(nightbook.FunctionTask):
        def requires(self):
            return Function()
        def execute(self, inputs, output_dir):
            pass
"""


@pytest.mark.parametrize(
    ("root", "failed"), [("Plain", "plain"), ("Function", "function"), ("After", "function")]
)
def test_a_task_that_fails_after_run_fails_the_run(project: Project, root: str, failed: str) -> None:
    project.pipeline(LATE)

    done = project.nightbook("run", "--pipeline", f"pipe:{root}")

    assert done.returncode == 1
    assert f"{failed} failed in attempt" in done.stdout
    assert "FileNotFoundError: [Errno 2] No such file or directory: 'mended'" in done.stdout
    (project.path / "mended").touch()

    resumed = project.nightbook("resume")

    assert resumed.returncode == 0, resumed.stdout
    assert project.record().task(failed).outcome is Outcome.SUCCESS


DONE = """
    import nightbook

    class Function(nightbook.FunctionTask):
        def execute(self, inputs, output_dir):
            pass

    class Elsewhere(Function):
        def output(self):
            return luigi.LocalTarget("nowhere")

    class Incomplete(Function):
        def complete(self):
            return False

    class Idle(Function):
        def run(self):
            pass

    class Writes(nightbook.FunctionTask):
        def output(self):
            return luigi.LocalTarget("elsewhere")
        def execute(self, inputs, output_dir):
            self.output().open("w").close()

    class Complete(nightbook.FunctionTask):
        def complete(self):
            return True
        def execute(self, inputs, output_dir):
            open("never").close()

    class Root(Pipeline):
        def requires(self):
            return [Elsewhere(), Incomplete(), Idle(), Writes(), Complete()]
"""


def test_a_functions_task_is_done_when_its_own_output_says_so(project: Project) -> None:
    project.pipeline(DONE)

    done = project.run()

    assert done.returncode == 1, done.stdout
    said = {
        "elsewhere": "output nowhere does not exist after the task has run",
        "incomplete": "complete() is still returning false",
        "idle": "idle/output does not exist",
    }
    for name, message in said.items():
        _, failed, after = done.stdout.partition(f"\n{name} failed in attempt 1 of 1: ")
        assert failed, done.stdout
        assert message in after.partition("\n")[0]
    assert {task.task_id: task.outcome for task in project.record().tasks} == {
        **dict.fromkeys(said, Outcome.FAILURE),
        "writes": Outcome.SUCCESS,
        "complete": Outcome.SUCCESS,
    }
