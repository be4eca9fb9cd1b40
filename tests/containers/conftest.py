"""Images built once, and a copy of the repository with them for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.containers import (
    ENTRY_POINT,
    IMAGE,
    Containers,
    docker,
    new_name,
    skip_without_docker,
    unused_ports,
)
from tests.support.project import copy_repository


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Containers:
    """The repository with a pipeline of one task in the place of the demo, and both images of it."""
    skip_without_docker()
    built = Containers(tmp_path_factory.mktemp("built"), "nightbook-test", unused_ports())
    copy_repository(built.path, without=("notebooks/", "tests/demo/"))
    settings = built.path / "luigi.cfg"
    lines = [
        f"pipeline = {ENTRY_POINT}" if line.startswith("pipeline = ") else line
        for line in settings.read_text().splitlines()
    ]
    settings.write_text("\n".join(lines))
    built.single()
    built.notebook("work", 'nightbook.log_metric("done", 1)')
    for target, image in (("pipeline", IMAGE), ("development", f"{IMAGE}-development")):
        done = docker("build", "--target", target, "--tag", image, str(built.path), timeout_s=1200)
        assert done.returncode == 0, done.stderr[-3000:]
    return built


@pytest.fixture
def containers(built: Containers, tmp_path: Path) -> Iterator[Containers]:
    """A copy of its own for a test; its containers and networks are removed in the end."""
    shutil.copytree(built.path, tmp_path / "copy")
    containers = Containers(tmp_path / "copy", new_name(), unused_ports())
    yield containers
    containers.clean_up()
