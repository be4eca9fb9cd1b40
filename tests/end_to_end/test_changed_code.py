"""A run that is resumed after its code has changed."""

import pytest

from nightbook.record.format.model import Outcome, Run
from tests.support.project import Project

PIPELINE = """
    import shutil
    from nightbook import FunctionTask, ScriptTask

    class Make(NotebookTask):
        timeout_s = 300

    class Use(NotebookTask):
        timeout_s = 300

        def requires(self):
            return self.clone(Make)

    class Other(NotebookTask):
        timeout_s = 300

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Use), self.clone(Other)]
"""


@pytest.fixture
def changed(project: Project) -> Project:
    """A project whose run has succeeded: ``use`` needs ``make``, ``other`` needs nothing."""
    project.pipeline(PIPELINE)
    project.notebook("make", "import shared_code, numbers\nnightbook.log_metric('made', shared_code.VALUE)")
    project.notebook("use", "1")
    project.notebook("other", "1")
    (project.path / "notebooks" / "shared_code.py").write_text("from part.values import VALUE\n")
    (project.path / "notebooks" / "part").mkdir()
    (project.path / "notebooks" / "part" / "__init__.py").touch()
    (project.path / "notebooks" / "part" / "values.py").write_text("VALUE = 1\n")
    done = project.run()
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def attempts(run: Run) -> dict[str, int]:
    """How many attempts each task has; all of them are successes."""
    assert all(attempt.outcome is Outcome.SUCCESS for task in run.tasks for attempt in task.attempts)
    return {task.task_id: len(task.attempts) for task in run.tasks}


def test_nothing_is_stale_while_the_code_is_the_same(changed: Project) -> None:
    (changed.path / "unrelated.py").write_text("1\n")

    resumed = changed.nightbook("resume")

    assert resumed.returncode == 0, resumed.stderr
    assert "stale" not in resumed.stdout


@pytest.mark.promise("A resumed run names the results that other code has made, and leaves them.")
def test_what_other_code_has_made_is_named_and_stays(changed: Project) -> None:
    run_id = changed.runs[-1].name
    for file in ("notebooks/make.py", "notebooks/shared_code.py", "notebooks/part/values.py"):
        source = changed.path / file
        before = source.read_text()
        source.write_text(f"{before}\n# changed\n")

        resumed = changed.nightbook("resume")

        source.write_text(before)
        assert resumed.returncode == 0, resumed.stderr
        assert f"stale: make ({file} changed since), and all that follows: use\n" in resumed.stdout
        assert f"resume {run_id} --rerun stale`" in resumed.stdout
        assert attempts(changed.record()) == {"make": 1, "use": 1, "other": 1}


@pytest.mark.promise("Making results again keeps the old ones in the record.")
def test_stale_results_are_made_again_and_nothing_old_is_lost(changed: Project) -> None:
    (changed.path / "notebooks" / "part" / "values.py").write_text("VALUE = 2\n")

    resumed = changed.nightbook("resume", changed.runs[-1].name, "--rerun", "stale")

    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    run = changed.record()
    assert attempts(run) == {"make": 2, "use": 2, "other": 1}
    assert [attempt.metrics for attempt in run.task("make").attempts] == [{"made": 1}, {"made": 2}]
    assert (changed.runs[-1] / "tasks" / "make" / "attempt-01" / "output").is_dir()
    assert (changed.runs[-1] / "tasks" / "make" / "output").is_dir()
    again = changed.nightbook("resume")
    assert "stale" not in again.stdout


def test_what_follows_a_task_that_failed_when_it_was_made_again_is_no_success_with_old_values(
    changed: Project,
) -> None:
    (changed.path / "notebooks" / "part" / "values.py").write_text("raise ValueError('new')\n")

    resumed = changed.nightbook("resume", "--rerun", "stale")

    assert resumed.returncode == 1
    assert "not run: use, waits for make" in resumed.stdout + resumed.stderr
    use = changed.record().task("use")
    assert (use.outcome, use.metrics, len(use.attempts)) == (Outcome.NOT_RUN, {}, 1)
    shown = changed.nightbook("show").stdout
    assert [line.split()[1:4] for line in shown.splitlines() if line.startswith("use ")] == [
        ["○", "not", "run"]
    ]
    assert changed.record().task("other").outcome is Outcome.SUCCESS


def test_a_task_that_is_named_is_run_again_with_all_that_follows(changed: Project) -> None:
    refused = changed.nightbook("resume", "--rerun", "fit")
    assert refused.returncode == 2
    assert (
        "error: there is no task 'fit' to run again: name stale, or one of make, use, other" in refused.stderr
    )
    assert attempts(changed.record()) == {"make": 1, "use": 1, "other": 1}

    assert changed.nightbook("resume", "--rerun", "use").returncode == 0
    assert attempts(changed.record()) == {"make": 1, "use": 2, "other": 1}

    assert changed.nightbook("resume", "--rerun", "make", "--rerun", "other").returncode == 0
    assert attempts(changed.record()) == {"make": 2, "use": 3, "other": 2}


KINDS = """
    from nightbook import FunctionTask, ScriptTask
    import own_code

    class Function(FunctionTask):
        def execute(self, inputs, output_dir):
            (output_dir / "made.txt").write_text("made")

    class Script(ScriptTask):
        command = ["sh", "make.sh"]

    class Plain(luigi.Task):
        def output(self):
            return luigi.LocalTarget("plain.txt")

        def run(self):
            with self.output().open("w") as file:
                file.write("made")

    class After(luigi.Task):
        def requires(self):
            return Plain()

        def output(self):
            return luigi.LocalTarget("after.txt")

        def run(self):
            self.output().open("w").close()

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Function), self.clone(Script), After()]
"""


OWN_CODE = "VALUE = 1\n"
SCRIPT = "echo made > $OUTPUT_DIR/made.txt\n"


@pytest.fixture
def kinds(project: Project) -> Project:
    """A run of a function, a script and two tasks of Luigi's own, which has succeeded."""
    project.pipeline(KINDS)
    (project.path / "own_code.py").write_text(OWN_CODE)
    (project.path / "make.sh").write_text(SCRIPT)
    done = project.run()
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def test_what_each_kind_of_task_depends_on(kinds: Project) -> None:
    """A script on its file and its command, the others on the modules of their classes."""
    script, own_code = kinds.path / "make.sh", kinds.path / "own_code.py"
    script.write_text(SCRIPT + "echo more\n")
    assert "stale: script (make.sh changed since)\n" in kinds.nightbook("resume").stdout
    script.write_text(SCRIPT)

    own_code.write_text("VALUE = 2\n")
    said = kinds.nightbook("resume").stdout
    for task in ("function", "plain", "after"):
        assert f"{task} (own_code.py changed since)" in said
    assert "script (" not in said
    own_code.write_text(OWN_CODE)

    kinds.pipeline(KINDS.replace('["sh", "make.sh"]', '["sh", "-x", "make.sh"]'))
    assert "script (its command changed since)" in kinds.nightbook("resume").stdout


def test_the_targets_of_luigis_own_tasks_are_made_again(kinds: Project) -> None:
    (kinds.path / "own_code.py").write_text("VALUE = 2\n")
    (kinds.path / "plain.txt").write_text("made by the old code")

    resumed = kinds.nightbook("resume", "--rerun", "stale")

    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert attempts(kinds.record()) == {"function": 2, "script": 1, "plain": 2, "after": 2}
    assert (kinds.path / "plain.txt").read_text() == "made"
    kept = kinds.runs[-1] / "tasks" / "plain" / "attempt-01" / "targets" / "plain.txt"
    assert kept.read_text() == "made by the old code"


LOSES = """
    class Good(NotebookTask):
        timeout_s = 300

    class Bad(NotebookTask):
        timeout_s = 300
        size = luigi.IntParameter(default=1)

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Good), self.clone(Bad)]
"""


@pytest.fixture
def failed(project: Project) -> Project:
    """A run in which ``good`` has succeeded and ``bad`` has failed."""
    project.pipeline(LOSES)
    project.notebook("good", "nightbook.log_metric('kept', 1)")
    project.notebook(
        "bad", "nightbook.log_metric('lost', 1)\nraise ValueError('always')", parameters="size = 0"
    )
    assert project.run().returncode == 1
    return project


@pytest.mark.parametrize("change", ["is removed", "has another parameter"])
def test_a_failed_task_that_is_no_longer_in_the_pipeline_decides_nothing(
    failed: Project, change: str
) -> None:
    if change == "is removed":
        failed.pipeline(LOSES.replace(", self.clone(Bad)]", "]"))
    else:
        failed.pipeline(LOSES.replace("default=1", "default=2"))
        failed.notebook("bad", "1", parameters="size = 0")

    resumed = failed.nightbook("resume")
    shown = failed.nightbook("show")

    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    run = failed.record()
    assert run.outcome is Outcome.SUCCESS
    assert run.task("bad/size=1").outcome is Outcome.REMOVED
    assert len(run.task("bad/size=1").attempts) == 1
    assert run.headline_metrics([]) == ["kept"]
    assert "– no longer in the pipeline" in shown.stdout  # noqa: RUF001 a dash, and no minus
    assert "failed in attempt" not in resumed.stdout
    summary = (failed.runs[-1] / "report" / "summary.md").read_text()
    assert "Failed attempts" not in summary
    assert "no_longer_in_the_pipeline" in (failed.runs[-1] / "report" / "dag.mmd").read_text()


def test_a_task_that_comes_back_counts_again(failed: Project) -> None:
    failed.pipeline(LOSES.replace(", self.clone(Bad)]", "]"))
    assert failed.nightbook("resume").returncode == 0

    failed.pipeline(LOSES)
    resumed = failed.nightbook("resume")

    assert resumed.returncode == 1
    assert failed.record().task("bad/size=1").outcome is Outcome.FAILURE
    assert len(failed.record().task("bad/size=1").attempts) == 2
