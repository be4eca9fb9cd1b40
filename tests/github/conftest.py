from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook.git import Git
from nightbook.github.client import GitHubClient
from nightbook.github.transport import Clock
from nightbook.record.format.layout import RunFolder
from tests.support.fake_github import REPOSITORY, TOKEN, FakeGitHub, serve
from tests.support.fake_repository import Repository
from tests.support.recording import record_night

RUN_ID = "20261123T031700Z-7f3a2c"
NOW = 1_795_403_820.0


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serve(FakeGitHub()) as served:
        yield served


@pytest.fixture
def waits() -> list[float]:
    """The waiting times so far, in seconds."""
    return []


@pytest.fixture
def client(github: FakeGitHub, waits: list[float]) -> GitHubClient:
    return GitHubClient(github.api_url, REPOSITORY, TOKEN, Clock(now=lambda: NOW, sleep=waits.append))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A record of one night."""
    return record_night(RunFolder(tmp_path / "recorded" / RUN_ID), 0.97).path


@pytest.fixture
def repository(tmp_path: Path, github: FakeGitHub) -> Repository:
    repository = Repository(tmp_path, github)
    Git(tmp_path)("init", "--quiet", "--bare", str(repository.remote))
    return repository
