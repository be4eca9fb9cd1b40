import shutil
import socket
from pathlib import Path

import pytest

from project import REPOSITORY, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copy(REPOSITORY / "luigi.cfg", tmp_path)
    return Project(tmp_path)


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
