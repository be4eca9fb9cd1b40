"""Luigi's examples with configuration, dates, ranges and inherited parameters."""

from tests.support.luigi_runs import arrows, succeeds
from tests.support.project import Project


def test_config_parameters_and_dates(project: Project) -> None:
    """As in top_artists: a configuration class, and a task for each day of an interval."""
    with (project.path / "luigi.cfg").open("a") as file:
        file.write("\n[TopConfig]\nlimit = 2\n")
    project.pipeline("""
        import datetime

        class TopConfig(luigi.Config):
            limit = luigi.IntParameter(default=10)

        class Streams(luigi.Task):
            date = luigi.DateParameter()
            def run(self):
                with self.output().open("w") as output:
                    for number in range(5):
                        output.write(f"artist-{number}\\n")
            def output(self):
                return luigi.LocalTarget(self.date.strftime("streams_%Y_%m_%d.tsv"))

        class Top(luigi.Task):
            date_interval = luigi.DateIntervalParameter()
            def requires(self):
                return [Streams(date) for date in self.date_interval]
            def output(self):
                return luigi.LocalTarget(f"top_{self.date_interval}.tsv")
            def run(self):
                lines = [line for f in self.input() for line in f.open("r")]
                with self.output().open("w") as output:
                    output.writelines(lines[: TopConfig().limit])

        class Root(Pipeline):
            def requires(self):
                days = luigi.date_interval.Custom.parse("2026-11-20-2026-11-22")
                return Top(date_interval=days)
    """)

    run = succeeds(project)

    assert len((project.path / "top_2026-11-20-2026-11-22.tsv").read_text().splitlines()) == 2
    top = run.task("top/date_interval=2026-11-20-2026-11-22")
    assert top.depends_on == ("streams/date=2026-11-20", "streams/date=2026-11-21")


def test_range_daily(project: Project) -> None:
    project.pipeline("""
        import datetime
        from luigi.tools.range import RangeDaily

        class Day(luigi.Task):
            date = luigi.DateParameter()
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"day-{self.date}")

        class Root(Pipeline):
            def requires(self):
                day = datetime.date(2026, 11, 20)
                return RangeDaily(of=Day, start=day, stop=day + datetime.timedelta(days=2))
    """)

    run = succeeds(project)

    assert {"day/date=2026-11-20", "day/date=2026-11-21"} <= {task.task_id for task in run.tasks}


def test_requires_and_inherits(project: Project) -> None:
    project.pipeline("""
        from luigi.util import inherits, requires

        class A(luigi.Task):
            n = luigi.IntParameter(default=1)
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"a-{self.n}")

        @requires(A)
        class B(luigi.Task):
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"b-{self.n}")

        @inherits(B)
        class C(NotebookTask):
            def requires(self):
                return self.clone(B)

        class Root(Pipeline):
            def requires(self):
                return C(n=2)
    """)
    project.notebook("c", "assert inputs.name == 'b-2'", parameters="n = 0\ninputs = None")

    assert arrows(succeeds(project)) == {"a/n=2": (), "b/n=2": ("a/n=2",), "c/n=2": ("b/n=2",)}
