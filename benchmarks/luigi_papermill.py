"""What one writes first: a Luigi task for each notebook that has papermill execute it."""

import json
import os
from pathlib import Path

import luigi
import papermill

FOLDER = Path(os.environ["BENCH_FOLDER"])


class Notebook(luigi.Task):
    """One step of ``steps.json``."""

    name = luigi.Parameter()

    @property
    def step(self) -> dict[str, str]:
        """What is said of it."""
        plan = json.loads((FOLDER / "steps.json").read_text(encoding="utf-8"))
        found: dict[str, str] = next(step for step in plan["steps"] if step["name"] == self.name)
        return found

    def requires(self) -> list[luigi.Task]:
        """The steps before."""
        return [Notebook(name=name) for name in self.step["after"]]

    def output(self) -> luigi.LocalTarget:
        """The executed notebook."""
        return luigi.LocalTarget(str(FOLDER / f"{self.name}.ipynb"))

    def run(self) -> None:
        """Execute it."""
        Path(self.step["output_dir"]).mkdir(parents=True, exist_ok=True)
        part = f"{self.output().path}.part.ipynb"
        papermill.execute_notebook(
            self.step["notebook"], part, cwd=os.environ["BENCH_NOTEBOOKS"], progress_bar=False
        )
        Path(part).rename(self.output().path)


class All(luigi.WrapperTask):
    """All steps."""

    def requires(self) -> list[luigi.Task]:
        """Every step."""
        plan = json.loads((FOLDER / "steps.json").read_text(encoding="utf-8"))
        return [Notebook(name=step["name"]) for step in plan["steps"]]
