"""How long each step takes from a push to the page: ``make step-times``.

The commands are those of the workflows, in a fresh clone of the last commit, with a Docker engine, a git
remote on this machine, and the tests' GitHub. What GitHub itself takes (to find a runner, to upload, to
deploy) is not in it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.fake_github import REPOSITORY, REPOSITORY_ID, TOKEN, FakeGitHub, serve, zip_of_record
from tests.support.workflow_files import read_workflow

_ROOT = Path(__file__).parents[1]
_RUN_ID = 7


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner's checkout, and the variables that its steps see."""

    checkout: Path
    environment: Mapping[str, str]

    def steps(self, workflow: str, job: str) -> Iterator[tuple[str, float]]:
        """Run the job's commands; each with its name and seconds. SystemExit at the first that fails."""
        file = read_workflow(self.checkout, f".github/workflows/{workflow}.yml")
        content = file.called_with({}).jobs[job]
        for step in content["steps"]:
            if "run" in step:
                own = {name: str(value) for name, value in content.get("env", {}).items()}
                yield f"{workflow}: {step['name']} (`{step['run']}`)", self.seconds(step["run"].split(), own)

    def seconds(self, command: list[str], own: Mapping[str, str] | None = None) -> float:
        """The wall time of one command."""
        start = time.perf_counter()
        environment = {**self.environment, **(own or {})}
        done = subprocess.run(command, cwd=self.checkout, env=environment, stdout=sys.stderr, check=False)
        if done.returncode:
            raise SystemExit(f"{command} ended with exit code {done.returncode}")
        return time.perf_counter() - start


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checks", action="store_true", help="time the checks and tests, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nightbook-steps-") as folder, serve(FakeGitHub()) as github:
        for name, seconds in _from_push_to_page(Path(folder), github, checks=options.checks):
            print(f"| {name} | {seconds:.1f} s |", flush=True)


def _from_push_to_page(folder: Path, github: FakeGitHub, *, checks: bool) -> Iterator[tuple[str, float]]:
    remote = folder / f"{REPOSITORY}.git"
    subprocess.run(["git", "init", "--quiet", "--bare", remote], check=True)
    runner = Runner(folder / "checkout", _variables(folder, github))
    subprocess.run(["git", "clone", "--quiet", _ROOT, runner.checkout], check=True)
    cold = ["docker", "build", "--quiet", "--no-cache", "--target", "pipeline", "."]
    yield "the image from nothing, its base being there", runner.seconds(cold)
    yield from runner.steps("_pipeline", "pipeline")
    (record,) = (runner.checkout / "build" / "record").iterdir()
    github.add_artifact(zip_of_record(record), run_id=_RUN_ID, conclusion=None)
    shutil.rmtree(runner.checkout)  # another job has another runner
    subprocess.run(["git", "clone", "--quiet", _ROOT, runner.checkout], check=True)
    yield from runner.steps("_publish", "build")
    if checks:
        yield from runner.steps("_checks", "check")
        yield from runner.steps("_checks", "test")


def _variables(folder: Path, github: FakeGitHub) -> dict[str, str]:
    own = {
        "GITHUB_API_URL": github.api_url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REPOSITORY_ID": str(REPOSITORY_ID),
        "GITHUB_RUN_ID": str(_RUN_ID),
        "GITHUB_SERVER_URL": f"file://{folder}",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_TOKEN": TOKEN,
    }
    return {**os.environ, **own}


if __name__ == "__main__":
    main()
