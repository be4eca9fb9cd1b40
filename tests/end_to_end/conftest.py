"""What several tests of whole runs need."""

from collections.abc import Iterator

import pytest

from tests.support.luigid import Scheduler
from tests.support.project import Project


@pytest.fixture
def luigid(project: Project, unused_tcp_port: int) -> Iterator[Scheduler]:
    """A running ``nightbook scheduler``."""
    luigid = Scheduler(project, unused_tcp_port)
    luigid.start()
    yield luigid
    luigid.kill()
