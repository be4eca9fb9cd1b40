"""The workflow files as GitHub reads them: triggers, inputs, jobs, permissions, and calls of one another."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

LOCAL = "$/"
# Events that a person without write access can cause.
FOREIGN_EVENTS = {
    "pull_request",
    "pull_request_target",
    "issue_comment",
    "issues",
    "fork",
    "watch",
    "discussion",
}
_INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


@dataclass(frozen=True)
class Workflow:
    """One workflow file."""

    repository: Path
    name: str
    content: dict[Any, Any]

    @property
    def events(self) -> set[str]:
        """The events that start it."""
        on = self.content[True]  # YAML 1.1 reads the key `on` as a truth value
        return {on} if isinstance(on, str) else set(on)

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        """Its jobs."""
        jobs: dict[str, dict[str, Any]] = self.content["jobs"]
        return jobs

    @property
    def inputs(self) -> dict[str, Any]:
        """The defaults of the inputs that a caller may set."""
        on = self.content[True]
        call = on.get("workflow_call") if isinstance(on, dict) else None
        return {name: declared["default"] for name, declared in (call or {}).get("inputs", {}).items()}

    def called_with(self, values: Mapping[str, Any]) -> "Workflow":
        """Return the workflow with these inputs, and the defaults of all others, in place."""
        unknown = values.keys() - self.inputs.keys()
        assert not unknown, f"{self.name} has no inputs {unknown}"
        return replace(self, content=_filled(self.content, {**self.inputs, **values}))

    def steps(self) -> Iterator[dict[str, Any]]:
        """The steps of all jobs."""
        for job in self.jobs.values():
            yield from job.get("steps", [])

    def uses(self) -> Iterator[str]:
        """The actions and workflows that it calls."""
        for job in self.jobs.values():
            yield from (part["uses"] for part in [job, *job.get("steps", [])] if "uses" in part)

    def calls(self) -> Iterator["Workflow"]:
        """The workflows of this repository that its jobs call, with the inputs of the call."""
        for job in self.jobs.values():
            if job.get("uses", "").startswith((LOCAL, "./")):
                called = read_workflow(self.repository, job["uses"].partition("/")[2])
                yield called.called_with(job.get("with", {}))

    def writes(self) -> set[str]:
        """The write permissions of its jobs, and of the jobs of all workflows that it calls.

        A job without permissions has those of its workflow. A workflow without permissions has the default of
        the repository, which may allow to write everything.
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
    """Return the workflow file at a path."""
    return Workflow(repository, path, yaml.safe_load((repository / path).read_text()))


def read_workflows(repository: Path) -> list[Workflow]:
    """Return all workflow files of a repository."""
    files = sorted((repository / ".github" / "workflows").glob("*.y*ml"))
    return [read_workflow(repository, str(file.relative_to(repository))) for file in files]


def _filled(part: Any, inputs: Mapping[str, Any]) -> Any:
    """Return a part of the file in which each ``${{ inputs.NAME }}`` that is a whole value is replaced."""
    if isinstance(part, dict):
        return {name: _filled(value, inputs) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, inputs) for value in part]
    found = _INPUT.fullmatch(part) if isinstance(part, str) else None
    return inputs[found[1]] if found else part
