"""A notebook that replaces what the kernel itself uses still gets its answers, and its end."""

from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt

REPLACED = {
    "json.dumps": "import json; json.dumps = lambda value: 1 / 0",
    "json.loads": "import json; json.loads = lambda text: 1 / 0",
    "json.JSONEncoder": (
        "import json; json.JSONEncoder.encode = json.JSONEncoder.iterencode = lambda *args: 1 / 0\n"
        "json.JSONEncoder.default = lambda self, value: 1 / 0"
    ),
    "time.time": "import time; time.time = lambda: 0.0",
    "time.monotonic": "import time; time.monotonic = lambda: 0.0",
    "time.sleep": "import time; time.sleep = lambda seconds: 1 / 0",
    "os.write": "import os; os.write = lambda *args: 1 / 0",
    "threading.Thread.start": "import threading; threading.Thread.start = lambda thread: 1 / 0",
    "socket.socket": "import socket; socket.socket = None",
}


@pytest.fixture
def attempt(tmp_path: Path, kernels: str) -> Attempt:  # noqa: ARG001 every test has both kinds of kernel
    return Attempt(tmp_path)


@pytest.mark.parametrize("source", REPLACED.values(), ids=REPLACED)
def test_the_kernel_answers_and_ends(attempt: Attempt, source: str) -> None:
    result = attempt.run(
        f"file = open('late', 'w'); file.write('done')\n{source}", "display(42)\nprint('last')"
    )

    assert result.outcome is Outcome.SUCCESS
    assert attempt.texts() == ["", "last\n"]
    assert attempt.saved().cells[1].outputs[0].data["text/plain"] == "42"
    assert (attempt.folder.path / "late").read_text() == "done"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(
    "source", ["open('own', 'w'); sys.{0}.close()", "type('Own', (), {{'write': lambda self, text: 0}})()"]
)
def test_a_stream_that_cannot_be_flushed_is_taken_back(attempt: Attempt, stream: str, source: str) -> None:
    result = attempt.run(
        f"import sys; sys.{stream} = {source.format(stream)}", f"print('last', file=sys.{stream})"
    )

    assert result.outcome is Outcome.SUCCESS
    assert attempt.texts()[0].startswith(f"[nightbook: sys.{stream} cannot be flushed")
    assert attempt.texts()[1] == "last\n"


def test_a_stream_of_the_notebook_stays(attempt: Attempt) -> None:
    attempt.run("import sys; sys.stdout = open('own', 'w')", "print('mine')")

    assert (attempt.folder.path / "own").read_text() == "mine\n"
