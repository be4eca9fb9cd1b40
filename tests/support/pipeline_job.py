"""The job of _pipeline.yml as GitHub runs it: each step by its condition, its commands with the real make."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightbook.git import Git
from tests.support.project import REPOSITORY, TIMEOUT_S, configured, copy_repository
from tests.support.workflow_files import read_workflow

# The default, and the only condition in the workflow. A new one has to be added here first.
_IF_ALL_WENT_WELL = ""
_IF_THE_RUN_BEGAN = "${{ !cancelled() && steps.run.outcome != 'skipped' }}"


@dataclass
class Job:
    """A checkout on a runner. ``instead`` maps the command of a step to the one that replaces it."""

    folder: Path
    instead: dict[str, list[str]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    output: str = ""

    @property
    def checkout(self) -> Path:
        """The folder of the code."""
        return self.folder / "checkout"

    @property
    def summary(self) -> str:
        """The text on the page of the job."""
        return (self.folder / "summary.md").read_text()

    def prepare(self, notebook: str) -> None:
        """Make a checkout with a pipeline of one notebook, and an empty remote beside it."""
        copy_repository(self.checkout, without=("notebooks/", "tests/"))
        (self.checkout / "notebooks").mkdir()
        (self.checkout / "notebooks" / "work.py").write_text(
            f'# %% tags=["parameters"]\nimport nightbook\n# %%\n{notebook}\n'
        )
        (self.checkout / "tasks" / "pipeline.py").write_text(
            '"""One notebook."""\n\nfrom nightbook.pipeline.tasks.notebook_task import NotebookTask\n'
            "from nightbook.pipeline.graph.root_task import Pipeline\n\n\n"
            "class Work(NotebookTask):\n    timeout_s = 60\n\n\n"
            "class Root(Pipeline):\n    def requires(self):\n        return [self.clone(Work)]\n"
        )
        config = self.checkout / "luigi.cfg"
        config.write_text(configured(config.read_text(), pipeline="tasks.pipeline:Root"))
        remote = self.folder / "octo" / "nightly.git"
        Git(self.folder)("init", "--quiet", "--bare", str(remote))

    def run(self) -> None:
        """Run the steps in order, as far as they have commands, and keep the outcome of each."""
        job = read_workflow(REPOSITORY, ".github/workflows/_pipeline.yml").called_with({}).jobs["pipeline"]
        for step in job["steps"]:
            name = step.get("id") or step.get("name") or step["uses"].partition("@")[0]
            self.outcomes[name] = self._outcome(step, job["env"]) if self._is_due(step) else "skipped"

    def _is_due(self, step: dict[str, Any]) -> bool:
        condition = step.get("if", _IF_ALL_WENT_WELL)
        assert condition in (_IF_ALL_WENT_WELL, _IF_THE_RUN_BEGAN), condition
        if condition == _IF_THE_RUN_BEGAN:
            return self.outcomes["run"] != "skipped"
        return "failure" not in self.outcomes.values()

    def _outcome(self, step: dict[str, Any], environment: dict[str, str]) -> str:
        if "run" not in step:
            return "success"
        venv = Path(sys.prefix)
        make = ["make", f"VENV={venv}", f"--assume-old={venv / '.ready'}"]
        done = subprocess.run(
            self.instead.get(step["run"]) or [*make, *step["run"].split()[1:]],
            cwd=self.checkout,
            env={
                **os.environ,
                **environment,
                "GITHUB_REPOSITORY": "octo/nightly",
                "GITHUB_SERVER_URL": f"file://{self.folder}",
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        self.output += done.stdout
        return "failure" if done.returncode else "success"
