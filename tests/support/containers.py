"""A copy of the repository with a pipeline of its own, run by a real engine through Compose."""

import json
import os
import shutil
import socket
import subprocess
import textwrap
import urllib.request
import uuid
from dataclasses import dataclass

import pytest

from tests.support.project import Project

IMAGE = "nightbook-test"
ENTRY_POINT = "tasks.pipeline:Root"
# What is written after the images were built is mounted over what they hold.
OVERRIDE = """
x-mounts: &mounts
  volumes:
    - ./runs:/nightbook/runs
    - ./notebooks:/nightbook/notebooks
    - ./tasks/pipeline.py:/nightbook/tasks/pipeline.py:ro
services:
  pipeline: *mounts
  worker: *mounts
"""


def docker_problem() -> str:
    """Why there can be no containers here; empty if there can."""
    if shutil.which("docker") is None:
        return "Docker is not installed"
    done = subprocess.run(["docker", "info"], capture_output=True, text=True, check=False)
    if done.returncode:
        return "no Docker engine answers"
    done = subprocess.run(["docker", "compose", "version"], capture_output=True, text=True, check=False)
    return "Docker has no Compose" if done.returncode else ""


def skip_without_docker() -> None:
    """Skip the test where there is no engine. Continuous integration has one, or fails."""
    problem = docker_problem()
    if problem and os.environ.get("CI") == "true":
        pytest.fail(problem)
    if problem:
        pytest.skip(problem)


@dataclass(frozen=True)
class Containers(Project):
    """The copy in ``path``; all its containers bear the Compose project's ``name``."""

    name: str
    ports: dict[str, int]
    image: str = IMAGE

    def override(self) -> None:
        """Let Compose mount this copy's notebooks and pipeline."""
        (self.path / "docker-compose.override.yml").write_text(OVERRIDE)

    def pipeline(self, source: str) -> None:
        """Write the pipeline ``Root`` in the place of the repository's."""
        super().pipeline(textwrap.dedent(source))
        (self.path / "pipe.py").replace(self.path / "tasks" / "pipeline.py")

    def compose(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The ended ``docker compose ARGUMENTS``, with both streams in ``stdout``."""
        process = self.start_compose(*arguments, **environment)
        output, _ = process.communicate(timeout=600)
        return subprocess.CompletedProcess(process.args, process.returncode, output)

    def start_compose(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start ``docker compose ARGUMENTS``."""
        return subprocess.Popen(
            ["docker", "compose", "--progress", "plain", *arguments],
            cwd=self.path,
            env=os.environ | self._compose_variables() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def up_pipeline(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """The ended run, as `docker compose up pipeline` makes it."""
        return self.compose("up", "pipeline", "--exit-code-from", "pipeline", **environment)

    def containers(self, service: str) -> list[str]:
        """The short ids of a service's running containers; the same as their host names."""
        done = self.compose("ps", "--quiet", service)
        assert done.returncode == 0, done.stdout
        return [line[:12] for line in done.stdout.splitlines()]

    def wait(self, service: str, timeout_s: int = 180) -> int:
        """The exit code of a service's container, once it has ended."""
        (container,) = self.compose("ps", "--all", "--quiet", service).stdout.split()
        done = docker("wait", container, timeout_s=timeout_s)
        return int(done.stdout)

    def published(self, service: str) -> list[str]:
        """Where a running service can be reached."""
        return self.compose("ps", "--format", "{{.Ports}}", service).stdout.strip().split(", ")

    def get(self, service: str, path: str) -> str:
        """What the service answers on this machine."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[service]}{path}", timeout=10) as answer:
            text: str = answer.read().decode()
        return text

    def started(self) -> list[dict[str, str]]:
        """What the notebooks wrote when they started: ``task``, ``attempt`` and the container's ``host``."""
        return [json.loads(line) for line in (self.path / "runs" / "started").read_text().splitlines()]

    def clean_up(self) -> None:
        """Remove all containers and networks."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "2")

    def _compose_variables(self) -> dict[str, str]:
        ports = {f"{service.upper()}_PORT": str(port) for service, port in self.ports.items()}
        return {
            "COMPOSE_PROJECT_NAME": self.name,
            "IMAGE": self.image,
            "FAILURES": "off",
            "PULL_POLICY": "missing",
            **ports,
        }


def docker(*arguments: str, timeout_s: int = 180) -> subprocess.CompletedProcess[str]:
    """The ended ``docker ARGUMENTS``."""
    return subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, check=False, timeout=timeout_s
    )


def unused_ports() -> dict[str, int]:
    """A port of this machine for each service that is published."""
    listeners = {service: socket.socket() for service in ("scheduler", "site", "notebook")}
    for listener in listeners.values():
        listener.bind(("127.0.0.1", 0))
    ports: dict[str, int] = {service: listener.getsockname()[1] for service, listener in listeners.items()}
    for listener in listeners.values():
        listener.close()
    return ports


def new_name() -> str:
    """A name for a Compose project that no other test has."""
    return f"nightbook-test-{uuid.uuid4().hex[:8]}"
