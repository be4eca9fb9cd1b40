import compileall
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook import settings
from nightbook.execution.warm_kernels.client import set_warm_address, wait_until_warm, warm_address
from nightbook.execution.warm_kernels.process import warm_process
from nightbook.execution.warm_kernels.protocol import Preload
from tests.support.project import REPOSITORY, Project


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kernels",
        choices=["warm", "fresh"],
        default="warm",
        help="which kernels whole runs have; tests of single notebooks have both",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let Ctrl-C reach what the tests start: a shell that runs us in the background has it ignored.

    Compile the package once: with PYTHONDONTWRITEBYTECODE, each of the many processes would do it.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):  # one of pytest-xdist's workers has it
        compileall.compile_dir(REPOSITORY / "nightbook", quiet=2)


@pytest.fixture
def project(tmp_path: Path, pytestconfig: pytest.Config) -> Project:
    config = (REPOSITORY / "luigi.cfg").read_text(encoding="utf-8")
    if pytestconfig.getoption("--kernels") == "fresh":
        config = config.replace("warm = true", "warm = false")
    (tmp_path / "luigi.cfg").write_text(config, encoding="utf-8")
    return Project(tmp_path)


@pytest.fixture(autouse=True)
def _folders_of_luigi_cfg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test find the folders that one before it gave a command in this process, as in ``--runs``."""
    monkeypatch.setattr(settings, "_overrides", {})
    settings.settings.cache_clear()


@pytest.fixture(scope="session")
def warm_kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a warm process."""
    with warm_process() as warm:
        if warm is None:
            pytest.skip("kernels are not forked on this platform")
        modules = ["matplotlib.pyplot", "numpy", "pandas", "sklearn.svm", "sklearn.datasets"]
        warm.preload(Preload(modules, str(tmp_path_factory.getbasetemp())))
        address = warm_address()
        wait_until_warm()
        set_warm_address(None)
        yield address or ""


@pytest.fixture(params=["fresh", "warm"])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test with fresh kernels, and with forked ones; return which."""
    if request.param == "warm":
        set_warm_address(request.getfixturevalue("warm_kernels"))
    yield request.param
    set_warm_address(None)


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
