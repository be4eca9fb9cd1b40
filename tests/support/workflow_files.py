"""The workflow files as GitHub reads them: triggers, jobs, permissions, and calls of one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LOCAL = "$/"
# Events that somebody without write access can cause.
FOREIGN_EVENTS = {
    "pull_request",
    "pull_request_target",
    "issue_comment",
    "issues",
    "fork",
    "watch",
    "discussion",
}


@dataclass(frozen=True)
class Workflow:
    """One workflow file."""

    repository: Path
    name: str
    content: dict[Any, Any]

    @property
    def events(self) -> set[str]:
        """What starts it."""
        on = self.content[True]  # YAML 1.1 reads the key `on` as a truth value
        return {on} if isinstance(on, str) else set(on)

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        """Its jobs."""
        jobs: dict[str, dict[str, Any]] = self.content["jobs"]
        return jobs

    def steps(self) -> Iterator[dict[str, Any]]:
        """The steps of all jobs."""
        for job in self.jobs.values():
            yield from job.get("steps", [])

    def uses(self) -> Iterator[str]:
        """All actions and workflows that it calls."""
        for job in self.jobs.values():
            yield from (part["uses"] for part in [job, *job.get("steps", [])] if "uses" in part)

    def calls(self) -> Iterator["Workflow"]:
        """The workflows of this repository that its jobs call."""
        for job in self.jobs.values():
            if job.get("uses", "").startswith((LOCAL, "./")):
                yield read_workflow(self.repository, job["uses"].partition("/")[2])

    def writes(self) -> set[str]:
        """The permissions to write that its jobs, and those of the workflows it calls, ask for.

        A job without permissions of its own has the workflow's; a workflow without any has the
        repository's default, which may be to write all.
        """
        found = {name for call in self.calls() for name in call.writes()}
        for job in self.jobs.values():
            permissions = job.get("permissions", self.content.get("permissions", "write-all"))
            if isinstance(permissions, str):
                found |= {permissions} if permissions == "write-all" else set()
            else:
                found |= {name for name, level in permissions.items() if level == "write"}
        return found


def read_workflow(repository: Path, path: str) -> Workflow:
    """The workflow file at a path."""
    return Workflow(repository, path, yaml.safe_load((repository / path).read_text()))


def read_workflows(repository: Path) -> list[Workflow]:
    """All workflow files of a repository."""
    files = sorted((repository / ".github" / "workflows").glob("*.y*ml"))
    return [read_workflow(repository, str(file.relative_to(repository))) for file in files]
