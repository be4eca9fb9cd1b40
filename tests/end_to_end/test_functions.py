"""Runs of functions and scripts by the command line, as far as they differ from notebooks."""

import json
import os
import signal
from pathlib import Path

import psutil
import pytest

from nightbook.record.format.model import Outcome, TaskKind
from tests.support.project import Project, ended, kill, processes_of, wait_for

PIPELINE = """
    import os, time
    from pathlib import Path
    import nightbook

    class Make(nightbook.FunctionTask):
        retry_count = 2
        timeout_s = 300
        size = luigi.IntParameter()

        def execute(self, inputs, output_dir):
            if self.size == 2 and nightbook.active_attempt().number == 1:
                raise ValueError("the first attempt")
            print("making", self.size)
            (output_dir / "data.txt").write_text("x" * self.size)
            nightbook.log_metric("size", self.size)

    class Join(nightbook.ScriptTask):
        timeout_s = 300

        @property
        def command(self):
            return ["sh", "-c", 'cat "$0"/*.txt "$1"/*.txt > "$OUTPUT_DIR/all.txt"; echo "$INPUTS"',
                    *(target.path for target in self.input())]

        def requires(self):
            return [self.clone(Make, size=size) for size in (1, 2)]

    class Check(nightbook.FunctionTask):
        timeout_s = 300

        def requires(self):
            return {"joined": self.clone(Join), "made": [self.clone(Make, size=1)]}

        def execute(self, inputs, output_dir):
            if Path("broken").exists():
                raise RuntimeError("broken")
            nightbook.log_metric("total", len((inputs["joined"] / "all.txt").read_text()))
            nightbook.log_metric("made", len(inputs["made"]))

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Check)]
"""

HANGS = """
    import os, time
    import nightbook

    class Work(nightbook.FunctionTask):
        timeout_s = 300

        def execute(self, inputs, output_dir):
            child = os.fork()
            print(os.getpid() if child else "child", os.getpid(), flush=True)
            time.sleep(300)

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Work)]
"""


def test_functions_and_scripts_are_run_retried_and_resumed(project: Project) -> None:
    project.pipeline(PIPELINE)
    (project.path / "broken").touch()

    failed = project.run("--workers", "2")

    assert failed.returncode == 1, failed.stderr
    assert "check failed in attempt 1 of 1: RuntimeError: broken" in failed.stdout
    assert "see tasks/check/attempt-01/output.log in the record" in failed.stdout

    (project.path / "broken").unlink()
    resumed = project.nightbook("resume")

    run = project.record()
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert {task.task_id: [a.outcome.value for a in task.attempts] for task in run.tasks} == {
        "make/size=1": ["success"],
        "make/size=2": ["failure", "success"],
        "join": ["success"],
        "check": ["failure", "success"],
    }
    assert run.problems == ()
    assert run.task("check").metrics == {"total": 3, "made": 1}
    assert (run.task("join").kind, run.task("check").kind) == (TaskKind.SCRIPT, TaskKind.FUNCTION)
    assert run.task("check").notebook == "pipe.py:Check"
    record = project.runs[-1]
    source = (record / run.task("check").attempts[0].source).read_text()
    assert source.startswith("class Check(nightbook.FunctionTask):")
    assert (record / run.task("make/size=1").attempts[0].output_log).read_text() == "making 1\n"
    shown = json.loads(project.nightbook("show", "--json").stdout)
    assert {task["notebook"] for task in shown["tasks"]} == {None}


def started_function(project: Project) -> tuple[Path, list[int]]:
    """Wait for the function; return its log and the ids of its two processes."""

    def logs() -> list[Path]:
        return [file for file in project.path.rglob("output.log") if len(file.read_text().split()) == 4]

    wait_for(lambda: bool(logs()), "the function and its child have printed", 60)
    words = logs()[0].read_text().split()
    return logs()[0], [int(word) for word in words if word.isdecimal()]


@pytest.mark.promise("A process that dies is one failed attempt, whose reason is told.")
def test_a_killed_function_is_a_failure_with_its_cause(project: Project) -> None:
    project.pipeline(HANGS)
    process = project.start("run", "--pipeline", "pipe:Root")
    log, _ = started_function(project)
    words = log.read_text().split()
    function = next(int(first) for first, second in zip(words, words[1:]) if first == second)  # noqa: RUF007, B905

    os.kill(function, signal.SIGKILL)

    assert ended(process).returncode == 1
    (attempt,) = project.record().task("work").attempts
    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error
    assert (
        attempt.error.message == "the function's process was killed by SIGKILL before the function returned"
    )


def test_no_process_of_a_function_survives_the_run(project: Project) -> None:
    project.pipeline(HANGS)
    process = project.start("run", "--pipeline", "pipe:Root")
    _, processes = started_function(project)

    kill(process)

    for each in set(processes):
        wait_for(lambda each=each: not is_alive(each), f"{each} ends", 30)
    wait_for(lambda: not processes_of(project.path), "all processes end", 30)


LEAVES_A_DAEMON = """
    import os, time
    from pathlib import Path
    import nightbook

    def leave_a_daemon():
        if not os.fork():
            os.setsid()
            if not os.fork():
                os.closerange(3, 100)
                Path("daemon.new").write_text(str(os.getpid()))
                Path("daemon.new").rename("daemon")
                {then}
            os._exit(0)
        while not Path("daemon").exists():
            time.sleep(0.01)

    class Function(nightbook.FunctionTask):
        timeout_s = 300

        def execute(self, inputs, output_dir):
            leave_a_daemon()
            {end}

    class Plain(luigi.Task):
        def output(self):
            return luigi.LocalTarget("plain")

        def run(self):
            leave_a_daemon()
            self.output().open("w").close()
            {end}

    class After(nightbook.FunctionTask):
        def requires(self):
            return Function()

        def execute(self, inputs, output_dir):
            try:
                os.kill(int(Path("daemon").read_text()), 0)
            except ProcessLookupError:
                print("the daemon is gone")
"""
SLEEPS = "time.sleep(3000)"


@pytest.mark.parametrize("task", ["Function", "Plain"])
def test_a_daemon_neither_holds_the_run_back_nor_outlives_it(project: Project, task: str) -> None:
    project.pipeline(LEAVES_A_DAEMON.format(then=SLEEPS, end="pass"))

    done = project.nightbook("run", "--pipeline", f"pipe:{task}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert not is_alive(int((project.path / "daemon").read_text()))


@pytest.mark.promise("No process that a run has started outlives it, however the run ends.")
@pytest.mark.parametrize("task", ["Function", "Plain"])
def test_a_daemon_does_not_outlive_a_run_that_is_killed(project: Project, task: str) -> None:
    project.pipeline(LEAVES_A_DAEMON.format(then=SLEEPS, end=SLEEPS))
    process = project.start("run", "--pipeline", f"pipe:{task}")
    wait_for((project.path / "daemon").exists, "the daemon is there")

    kill(process)

    daemon = int((project.path / "daemon").read_text())
    wait_for(lambda: not is_alive(daemon), "the daemon ends", 30)


def test_a_functions_daemon_ends_with_the_function(project: Project) -> None:
    project.pipeline(LEAVES_A_DAEMON.format(then=SLEEPS, end="pass"))

    assert project.nightbook("run", "--pipeline", "pipe:After").returncode == 0

    attempt = project.record().task("after").attempts[-1]
    assert (project.runs[-1] / attempt.output_log).read_text() == "the daemon is gone\n"


def is_alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


THREADS = """
    import os
    {at_the_start}
    import nightbook

    class Multiply(nightbook.FunctionTask):
        processors = luigi.IntParameter()
        num_cpus = property(lambda task: task.processors)

        def execute(self, inputs, output_dir):
            import numpy, threadpoolctl
            matrix = numpy.ones((1500, 1500))
            for _ in range(10):
                matrix @ matrix
            used = [self.ticks(thread) for thread in os.listdir("/proc/self/task")]
            nightbook.log_metric("busy", sum(ticks > max(used) / 4 for ticks in used))
            nightbook.log_metric("bound", max(one["num_threads"] for one in threadpoolctl.threadpool_info()))

        def ticks(self, thread):
            with open(f"/proc/self/task/{{thread}}/stat") as file:
                return int(file.read().rpartition(")")[2].split()[11])

    class Root(Pipeline):
        def requires(self):
            return [Multiply(processors=1), Multiply(processors=2)]
"""


@pytest.mark.parametrize("at_the_start", ["import numpy", ""])
def test_numerical_libraries_have_as_many_threads_as_the_function_may(
    project: Project, at_the_start: str
) -> None:
    """A library that the pipeline's module has loaded has read its variables long before."""
    project.pipeline(THREADS.format(at_the_start=at_the_start))

    done = project.run("--workers", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    assert run.task("multiply/processors=1").metrics == {"busy": 1, "bound": 1}
    assert run.task("multiply/processors=2").metrics["bound"] == 2


def test_the_job_of_a_function_is_sent_to_another_process(project: Project) -> None:
    """As an engine on other machines does it: what is pickled here is executed there."""
    project.pipeline(PIPELINE)
    project.path.joinpath("broken").touch()
    assert project.run().returncode == 1  # all but the last task is done
    (project.path / "broken").unlink()
    run_id = project.runs[-1].name
    send = (
        f"import pickle, pipe; from pathlib import Path; job = pipe.Check(run_id={run_id!r}).job; "
        "Path('job').write_bytes(pickle.dumps(job))"
    )
    receive = (
        "import pickle; from pathlib import Path; from nightbook.execution.attempt import make_attempt; "
        "make_attempt(pickle.loads(Path('job').read_bytes()), lambda _: None)"
    )
    for program in (send, receive):
        done = ended(project.start_python("-c", program))
        assert done.returncode == 0, done.stderr

    attempts = project.record().task("check").attempts
    assert [attempt.outcome for attempt in attempts] == [Outcome.FAILURE, Outcome.SUCCESS]
    assert attempts[-1].metrics == {"total": 3, "made": 1}
