"""Bad input: the message names the file and the mend, the exit code is 2, and nothing is half-written."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import REPOSITORY, Project, kill, wait_for


def refused(project: Project, *arguments: str) -> str:
    """The error that a command ends with, before it has written anything."""
    done = project.nightbook(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert project.runs == []
    return done.stderr


def refused_run(project: Project, *arguments: str) -> str:
    return refused(project, "run", "--pipeline", "pipe:Root", *arguments)


def test_a_missing_notebook(project: Project) -> None:
    project.single()

    error = refused_run(project)

    assert f"there is no notebook {project.path / 'notebooks' / 'work.py'}" in error
    assert "create it" in error


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %%\nprint(output_dir)\n", "has 0 code cells tagged 'parameters' and needs one for output_dir"),
        ('# %% tags=["parameters"]\nx = (\n', "is not valid Python"),
        ('# %% tags=["parameters"]\nx = 1\n', "sets x, which the task does not pass"),
        ('# %% tags=["parameters"]\n# %% tags=["parameters"]\n', "has 2 code cells"),
    ],
)
def test_a_notebook_with_a_wrong_parameters_cell(project: Project, text: str, message: str) -> None:
    project.single()
    project.notebook("work").write_text(text)

    assert message in refused_run(project)


def test_a_parameter_that_the_notebook_lacks(project: Project) -> None:
    project.single("size = luigi.IntParameter(default=1)")
    file = project.notebook("work")

    assert f"the parameters cell of {file} lacks size" in refused_run(project)


@pytest.mark.parametrize(
    ("execute", "message"),
    [
        (
            "async def execute(self, inputs, output_dir): ...",
            "Work.execute is a function that returns a coroutine",
        ),
        (
            "def execute(self, inputs, output_dir): yield",
            "Work.execute is a function that returns a generator",
        ),
        ("def execute(self): ...", "Work.execute cannot be called with inputs and output_dir"),
        ("def execute(self, *, inputs, output_dir): ...", "Work.execute cannot be called with inputs and"),
        ("execute = None", "Work.execute cannot be called with inputs and output_dir"),
        ("pass", "Work does nothing: define `def execute(self, inputs, output_dir):` in it"),
    ],
)
def test_a_function_that_could_not_run(project: Project, execute: str, message: str) -> None:
    project.pipeline(f"""
        import nightbook

        class Work(nightbook.FunctionTask):
            {execute}

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Work)]
    """)

    error = refused_run(project)

    assert message in error
    assert "def execute(self, inputs, output_dir):`" in error


def test_a_goal_that_is_unclear(project: Project) -> None:
    project.single()
    project.notebook("work")
    settings = project.path / "luigi.cfg"
    settings.write_text(settings.read_text().replace('"better": "lower"', '"better": "less"'))

    assert "luigi.cfg, section [nightbook]: metric 'log_loss'" in refused_run(project)


def test_a_notebook_that_is_no_text(project: Project) -> None:
    project.single()
    project.notebook("work").write_bytes(b"\xff\xfe\x00")

    assert "work.py cannot be read" in refused_run(project)


def test_a_broken_ipynb(project: Project) -> None:
    project.single('notebook = "work.ipynb"')
    (project.path / "notebooks").mkdir()
    (project.path / "notebooks" / "work.ipynb").write_text("{")

    assert "work.ipynb cannot be read" in refused_run(project)


def test_a_kernel_that_is_not_installed(project: Project) -> None:
    project.single()
    file = project.notebook("work")
    kernelspec = "#   kernelspec:\n#     display_name: F\n#     language: f\n#     name: fortran\n"
    file.write_text(f"# ---\n# jupyter:\n{kernelspec}# ---\n{file.read_text()}")

    assert f"{file} cannot be run: the kernel 'fortran' is not installed" in refused_run(project)


def test_a_requires_that_fails(project: Project) -> None:
    project.pipeline("""
        class Work(NotebookTask):
            size = luigi.IntParameter()

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Work)]
    """)

    error = refused_run(project)

    assert "Root.requires() fails with MissingParameterException" in error
    assert "requires the 'size' parameter to be set" in error


def test_tasks_in_a_circle(project: Project) -> None:
    project.pipeline("""
        class A(NotebookTask):
            def requires(self):
                return self.clone(B)

        class B(NotebookTask):
            def requires(self):
                return self.clone(A)

        class Root(Pipeline):
            def requires(self):
                return self.clone(A)
    """)

    assert "in a circle: A → B → A" in refused_run(project)


def test_two_tasks_with_one_id(project: Project) -> None:
    project.pipeline("""
        class Work(NotebookTask):
            hidden = luigi.Parameter(significant=False)

        class Other(Work):
            @property
            def task_name(self):
                return "work"

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Work, hidden="a"), self.clone(Other, hidden="b")]
    """)

    assert "two tasks have the id 'work'" in refused_run(project)


def test_a_pipeline_without_tasks(project: Project) -> None:
    project.pipeline("class Root(Pipeline):\n    pass\n")

    assert "has no tasks" in refused_run(project)


@pytest.mark.parametrize(
    ("entry_point", "message"),
    [
        ("nothing:Root", "there is no pipeline 'nothing:Root'"),
        ("pipe:Nothing", "there is no pipeline 'pipe:Nothing'"),
        ("pipe", "there is no pipeline 'pipe'"),
        ("pipe:luigi", "is no class of tasks"),
    ],
)
def test_a_pipeline_that_is_not_there(project: Project, entry_point: str, message: str) -> None:
    project.single()

    assert message in refused(project, "run", "--pipeline", entry_point)


def test_a_project_that_names_no_pipeline(project: Project) -> None:
    (project.path / "luigi.cfg").write_text("[nightbook]\n")

    assert "luigi.cfg names no pipeline: add `pipeline = MODULE:CLASS`" in refused(project, "run")


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("flavour=1", "flavour: there is no such parameter"),
        ("flavour", "--set takes NAME=VALUE, not 'flavour'"),
        ("run_id=x", "no run id"),
    ],
)
def test_a_wrong_pipeline_parameter(project: Project, assignment: str, message: str) -> None:
    project.single()
    project.notebook("work")

    assert message in refused_run(project, "--set", assignment)


def test_all_wrong_parameters_are_named_at_once(project: Project) -> None:
    project.pipeline("""
        from nightbook import EnvironmentParameter

        class Root(Pipeline):
            environment = EnvironmentParameter("RUN_ENVIRONMENT", ["dev", "ci"])
            size = luigi.IntParameter(default=1)
    """)

    error = refused_run(project, "--set", "environment=zzz", "--set", "size=big", "--set", "sise=2")

    assert error.count("\n") == 1
    assert "environment: 'zzz' is not one of dev, ci; size: invalid literal" in error
    assert "sise: there is no such parameter (is size meant?)" in error
    assert "the variable RUN_ENVIRONMENT: 'zzz' is not one of dev, ci" in (
        project.run(RUN_ENVIRONMENT="zzz").stderr
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = (\n", "pipe cannot be imported: SyntaxError: '(' was never closed (pipe.py, line 1)"),
        ("\nundefined\n", "NameError: name 'undefined' is not defined (pipe.py, line 2)"),
        ("raise SystemExit(5)\n", "pipe cannot be imported: SystemExit: 5 (pipe.py, line 1)"),
        ("import missing_package\n", "No module named 'missing_package' (pipe.py, line 1)"),
    ],
)
def test_a_module_that_cannot_be_imported(project: Project, source: str, message: str) -> None:
    (project.path / "pipe.py").write_text(source)

    assert message in refused_run(project)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("[worker]\nkeep_alive = maybe\n", "section [worker]: keep_alive cannot be 'maybe'"),
        ("[worker]\nkeep_alvie = true\n", "section [worker]: there is no option 'keep_alvie'"),
        ("[scheduler]\nretry-delay = soon\n", "section [scheduler]: retry-delay cannot be 'soon'"),
        ("[resources]\nnum_cpus = many\n", "section [resources]: num_cpus is a number"),
    ],
)
def test_a_wrong_value_in_a_section_of_luigis(project: Project, section: str, message: str) -> None:
    project.single()
    project.notebook("work")
    with (project.path / "luigi.cfg").open("a") as settings:
        settings.write(f"\n{section}")

    assert message in refused_run(project)


def test_a_runs_folder_that_cannot_be_made(project: Project) -> None:
    project.single()
    project.notebook("work")
    (project.path / "file").touch()

    error = refused_run(project, "--runs", "file/runs")

    assert f"cannot make the run record {project.path / 'file' / 'runs'}" in error
    assert "name another with --runs" in error


@pytest.mark.parametrize("command", ["resume", "show", "report"])
def test_an_unknown_run(project: Project, command: str) -> None:
    assert "there are no runs in" in refused(project, command)
    assert "there is no run 20261123T031700Z-000000" in refused(project, command, "20261123T031700Z-000000")
    assert "'../../etc' is no run id" in refused(project, command, "../../etc")
    assert "'' is no run id" in refused(project, command, "")


def test_a_list_without_runs(project: Project) -> None:
    done = project.nightbook("list")

    assert done.returncode == 0
    assert "no runs in" in done.stdout


def test_a_run_that_is_going_on_cannot_be_resumed(project: Project) -> None:
    project.single()
    project.notebook("work", 'import pathlib, time\npathlib.Path("begun").touch()\ntime.sleep(600)')
    process = project.start("run", "--pipeline", "pipe:Root")
    wait_for((project.path / "notebooks" / "begun").exists, "the notebook begins")

    done = project.nightbook("resume")
    listed = project.nightbook("list").stdout
    shown = project.nightbook("show").stdout
    kill(process)

    assert done.returncode == 2
    assert "is being executed by another process" in done.stderr
    assert "▶ running" in listed
    assert re.search(r"work +▶ running +1 +[1-9]", shown)
    assert "interrupted" not in shown


def test_two_runs_at_once_keep_out_of_each_others_way(project: Project) -> None:
    project.single()
    project.notebook("work", "import time\ntime.sleep(2)")

    both = [project.start("run", "--pipeline", "pipe:Root") for _ in range(2)]

    assert [process.wait(120) for process in both] == [0, 0]
    assert len(project.runs) == 2


@pytest.mark.promise("No name in a record leads out of its folder.")
def test_names_that_would_leave_the_attempts_folder(project: Project) -> None:
    project.single()
    project.notebook("work", 'nightbook.log_text("x", "../../escaped.txt")')

    assert project.run().returncode == 1
    error = project.record().task("work").attempts[0].error
    assert error is not None
    assert error.type == "ValueError"
    assert "'../../escaped.txt' cannot be the name of an artifact" in error.message
    assert list(project.path.rglob("escaped.txt")) == []


def test_a_notebook_deleted_while_the_run_goes_on(project: Project) -> None:
    project.chain("first", "second")
    project.notebook("first", 'import pathlib\npathlib.Path("second.py").unlink()')
    project.notebook("second")

    done = project.run()

    assert done.returncode == 1
    assert "second failed in attempt 1 of 1: NotebookSourceError: there is no notebook" in done.stdout
    assert project.record().task("second").outcome is Outcome.FAILURE


@pytest.mark.promise("A scheduler that does not answer, is paused or is lost is told.")
def test_an_unreachable_scheduler(project: Project, unused_tcp_port: int) -> None:
    project.single()
    project.notebook("work")

    done = project.run("--scheduler", f"http://127.0.0.1:{unused_tcp_port}")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"no scheduler answers at http://127.0.0.1:{unused_tcp_port}" in done.stderr


@pytest.mark.promise("An error of the system is one line that says what it is, and no traceback.")
def test_a_full_disk(project: Project, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a disk that is small enough to fill")
    try:
        project.single()
        project.notebook(
            "work",
            '(output_dir / "big").write_bytes(bytes(3_000_000))',
            parameters="output_dir = nightbook.scratch_dir()",
        )
        done = project.run("--runs", str(disk))
        spans = b"".join(file.read_bytes() for file in disk.glob("*/spans/*.jsonl"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)

    assert done.returncode in (1, 2)
    assert "No space left on device" in done.stdout + done.stderr
    assert spans.endswith(b"}\n")


def test_the_makefile_refuses_an_old_python(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for name in ("Makefile", "uv.lock", "pyproject.toml", "nightbook/pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((REPOSITORY / name).read_bytes())
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "setup.txt").touch()

    done = subprocess.run(
        ["make", "setup", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "is older than 3.11; name another" in done.stderr


def test_a_parameter_that_reaches_no_task_is_noted(project: Project) -> None:
    project.pipeline("""
        import nightbook

        class Work(nightbook.FunctionTask):
            def execute(self, inputs, output_dir):
                pass

        class Root(Pipeline):
            rate = luigi.FloatParameter(default=1)
            sizes = luigi.IntParameter(default=1)

            def requires(self):
                return [Work() for _ in range(self.sizes)]
    """)

    noted = project.run("--set", "rate=3", "--set", "sizes=2")
    silent = project.run("--set", "sizes=2")

    assert (noted.returncode, silent.returncode) == (0, 0)
    assert noted.stderr == "note: rate of Root reaches no task: its requires() does not use it\n"
    assert silent.stderr == ""
