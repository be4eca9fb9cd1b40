"""Notebooks as people have them, in whole runs: what a reader of the file sees is what runs."""

import nbformat
import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project

EXITING = """
    output_dir.joinpath("made").touch()
    exit()
"""


@pytest.mark.promise("A comment in a notebook is never a command.")
def test_a_comment_is_never_a_command(project: Project) -> None:
    project.single()
    file = project.notebook(
        "work", "# rm victim\n# !touch made", "# copy the frame first\nx = 1", parameters="# ls"
    )
    victim = file.parent / "victim"
    victim.touch()

    assert "line 6: `# !touch made` is a comment" in project.run().stderr

    file.write_text(file.read_text().replace("# !touch", "# touch"))
    assert project.run().returncode == 0
    assert victim.exists()


def test_a_notebook_without_a_parameters_cell(project: Project) -> None:
    project.single()
    project.notebook("work").write_text("# %%\nprint('hello')\n")

    assert project.run().returncode == 0


def test_an_exit_is_a_success_with_a_mark(project: Project) -> None:
    project.chain("work", "next", class_body="timeout_s = 300\nretry_count = 3")
    project.notebook("work", EXITING, "1 / 0", parameters="output_dir = None")
    project.notebook("next", 'assert (inputs["work"] / "made").exists()', parameters="inputs = {}")

    done = project.run()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "ended by exit() in cell 3; 1 cell did not run" in done.stdout
    (attempt,) = project.record().task("work").attempts
    assert attempt.outcome is Outcome.SUCCESS
    assert attempt.ended_by == "ended by exit() in cell 3; 1 cell did not run"


def test_an_exit_in_the_parameters_cell_with_a_status(project: Project) -> None:
    project.single()
    project.notebook("work", "1 / 0", parameters="import sys\nsys.exit(4)")

    assert project.run().returncode == 1
    attempt = project.record().task("work").attempts[0]
    assert attempt.error is not None
    assert "exit status 4 in cell 1 of 2" in attempt.error.message


def test_outputs_of_an_earlier_run_are_not_shown(project: Project) -> None:
    project.single('notebook = "work.ipynb"')
    stale = [nbformat.v4.new_output("stream", text="of last year")]
    cells = [nbformat.v4.new_code_cell(source, outputs=stale) for source in ("1 / 0", "print('after')")]
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "conda-env-xyz-py", "display_name": "X"}}
    )
    (project.path / "notebooks").mkdir()
    nbformat.write(notebook, project.path / "notebooks" / "work.ipynb")

    done = project.run()

    assert "the kernel 'conda-env-xyz-py' is not installed here: it runs as python3" in done.stderr
    attempt = project.record().task("work").attempts[0]
    assert "of last year" not in (project.runs[-1] / attempt.notebook).read_text()


def test_an_output_folder_that_no_cell_moves(project: Project) -> None:
    project.single()
    project.notebook("work").write_text(
        '# %%\nimport os\nos.chdir("/")\n\n# %% tags=["parameters"]\noutput_dir = None\n\n'
        '# %%\n(output_dir / "made").touch()\n'
    )

    assert project.run().returncode == 0
    attempt = project.record().task("work").attempts[0]
    assert (project.runs[-1] / "tasks" / "work" / "output" / "made").exists()
    assert str(project.path) not in (project.runs[-1] / attempt.notebook).read_text()


PARAMETERS = """
    import enum
    import datetime
    import pathlib

    class Colour(enum.Enum):
        RED = "red"

    class Work(NotebookTask):
        colour = luigi.EnumParameter(enum=Colour, default=Colour.RED)
        day = luigi.DateParameter(default=datetime.date(2026, 1, 2))
        most = luigi.FloatParameter(default=float("inf"))
        pair = luigi.TupleParameter(default=(1, (2, 3)))
        names = luigi.ListParameter(default=["a", ["b"]])
        place = luigi.PathParameter(default=pathlib.Path("data/x"))
        pause = luigi.TimeDeltaParameter(default=datetime.timedelta(minutes=5))
        month = luigi.DateIntervalParameter(default=luigi.date_interval.Month(2026, 2))

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Work)]
"""
NAMES = ("colour", "day", "most", "pair", "names", "place", "pause", "month")
ARRIVED = """
    import datetime, math
    assert (type(colour).__name__, colour.value) == ("Colour", "red")
    assert day == datetime.date(2026, 1, 2)
    assert most == math.inf
    assert pair == (1, (2, 3))
    assert names == ["a", ["b"]]
    assert (type(place).__name__, str(place)) == ("PosixPath", "data/x")
    assert pause == datetime.timedelta(minutes=5)
    assert [str(date) for date in month.dates()][0] == "2026-02-01"
    assert Path == "mine"
"""


def test_parameters_arrive_as_what_they_are(project: Project) -> None:
    project.pipeline(PARAMETERS)
    defaults = "\n".join(f"{name} = None" for name in NAMES)
    file = project.notebook("work", ARRIVED, parameters=defaults)
    file.write_text('# %%\nPath = "mine"\n\n' + file.read_text())

    done = project.run()

    assert done.returncode == 0, done.stdout
    parameters = project.record().tasks[0].parameters
    texts = [parameters[name] for name in ("day", "colour", "pause")]
    assert texts == ["2026-01-02", "RED", "0 w 0 d 0 h 5 m 0 s"]


def test_a_setting_passes_texts(project: Project) -> None:
    project.single("import datetime\nday = luigi.DateParameter(default=datetime.date(2026, 1, 2))")
    project.notebook("work", 'assert day == "2026-01-02"', parameters="day = None")
    settings = project.path / "luigi.cfg"
    settings.write_text(
        settings.read_text().replace("[nightbook]", "[nightbook]\nparameter_values = text", 1)
    )

    assert project.run().returncode == 0


@pytest.mark.parametrize(
    "name", ["job", "resources", "task_name", "retry_count", "priority", "task_id", "run", "kind"]
)
def test_a_parameter_with_a_name_of_the_tasks_own(project: Project, name: str) -> None:
    project.single(f"{name} = luigi.IntParameter(default=1)")
    project.notebook("work", parameters=f"{name} = 1")

    done = project.run()

    assert done.returncode == 2
    assert f"Work: no parameter can be called {name}" in done.stderr
    assert "Traceback" not in done.stderr
    assert project.runs == []


@pytest.mark.parametrize("name", ["inputs", "output_dir"])
def test_a_parameter_that_no_notebook_can_set(project: Project, name: str) -> None:
    project.single(f"{name} = luigi.IntParameter(default=1)")
    project.notebook("work")

    done = project.run()

    assert f"the parameter {name} cannot be set, its name is what a notebook is given" in done.stderr
    assert "paste" not in done.stderr, "the cell to paste would have that name, too"


def test_no_deadline(project: Project) -> None:
    project.single("timeout_s = None")
    project.notebook("work", "1 + 1")

    assert project.run().returncode == 0
    assert project.record().task("work").timeout_s == 0


@pytest.mark.parametrize(
    "bound", ['timeout_s = "2"', "timeout_s = -1", "num_cpus = 0.5", "timeout_s = float('inf')"]
)
def test_a_bound_that_is_none(project: Project, bound: str) -> None:
    project.single(bound)
    project.notebook("work")

    done = project.run()

    assert done.returncode == 2
    assert done.stderr.startswith("error: Work(): ")
