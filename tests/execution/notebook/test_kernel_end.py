"""A kernel ends as a script ends: files are complete, and exit hooks have run, before anybody reads them."""

import gzip
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt

# What a last cell may leave behind; each writes `done` to the file `late`, if the kernel ends properly.
LEFT = {
    "an open file": "file = open('late', 'w'); file.write('done')",
    "an open file that only a cycle holds": (
        "class Cycle: pass\ncycle = Cycle(); cycle.self = cycle\n"
        "cycle.file = open('late', 'w'); cycle.file.write('done'); del cycle"
    ),
    "an open file of a module": (
        "import types, sys; module = types.ModuleType('own'); sys.modules['own'] = module\n"
        "module.file = open('late', 'w'); module.file.write('done'); del module"
    ),
    "a compressed file": "import gzip; file = gzip.open('late', 'wb'); file.write(b'done')",
    "an exit hook": "import atexit, pathlib\natexit.register(pathlib.Path('late').write_text, 'done')",
    "a finalizer": (
        "import weakref, pathlib\nclass Thing: pass\nthing = Thing()\n"
        "weakref.finalize(thing, pathlib.Path('late').write_text, 'done')"
    ),
    "a destructor": (
        "import pathlib\nclass Thing:\n    def __del__(self): pathlib.Path('late').write_text('done')\n"
        "thing = Thing()"
    ),
    "a generator": (
        "import pathlib\ndef numbers():\n    try:\n        yield 1\n    finally:\n"
        "        pathlib.Path('late').write_text('done')\nnumber = numbers(); next(number)"
    ),
    "a thread": (
        "import threading, time, pathlib\ndef work():\n    time.sleep(1)\n"
        "    pathlib.Path('late').write_text('done')\nthreading.Thread(target=work).start()"
    ),
    "a pool of threads": (
        "import time, pathlib\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "def work():\n    time.sleep(1)\n    pathlib.Path('late').write_text('done')\n"
        "pool = ThreadPoolExecutor(); pool.submit(work)"
    ),
    "a child process": (
        "import multiprocessing, time, pathlib\ndef work():\n    time.sleep(1)\n"
        "    pathlib.Path('late').write_text('done')\n"
        "multiprocessing.get_context('fork').Process(target=work).start()"
    ),
    "a handler of logging": (
        "import logging, logging.handlers\n"
        "target = logging.FileHandler('late'); target.terminator = ''\n"
        "handler = logging.handlers.MemoryHandler(100, target=target)\n"
        "logging.getLogger('own').addHandler(handler); logging.getLogger('own').error('done')"
    ),
    "an open file, beside a type that has no hash": (
        "class Kind(type):\n    def __eq__(self, other): return True\nclass Own(metaclass=Kind): pass\n"
        "own = Own(); file = open('late', 'w'); file.write('done')"
    ),
    "an open file, and warnings that are errors": (
        "import warnings; warnings.simplefilter('error'); file = open('late', 'w'); file.write('done')"
    ),
    "output of a C library": (
        "import ctypes\nlibrary = ctypes.CDLL(None)\nlibrary.fopen.restype = ctypes.c_void_p\n"
        "library.fputs.argtypes = [ctypes.c_char_p, ctypes.c_void_p]\n"
        "library.fputs(b'done', library.fopen(b'late', b'w'))"
    ),
}


@pytest.fixture
def attempt(tmp_path: Path, kernels: str) -> Attempt:  # noqa: ARG001 every test has both kinds of kernel
    return Attempt(tmp_path)


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_what_the_last_cell_leaves_is_completed(attempt: Attempt, source: str) -> None:
    result = attempt.run(source)

    assert result.outcome is Outcome.SUCCESS
    assert _late(attempt) == "done"
    assert "nightbook" not in attempt.texts()[0]


def test_files_are_completed_after_a_failure_too(attempt: Attempt) -> None:
    result = attempt.run("file = open('late', 'w'); file.write('done')", "1 / 0")

    assert result.outcome is Outcome.FAILURE
    assert _late(attempt) == "done"


@pytest.mark.promise("What a notebook prints is kept, also by threads, by programs, and at its very end.")
def test_what_is_printed_at_the_end_is_stored(attempt: Attempt) -> None:
    attempt.run("import atexit; atexit.register(print, 'from a hook')", "print('last')")

    assert attempt.texts()[1] == "last\nfrom a hook\n"


def test_all_of_much_that_an_exit_hook_prints_is_stored(attempt: Attempt) -> None:
    """The kernel must not end before ZeroMQ has sent what waits in its queue."""
    attempt.max_output_bytes = 10_000_000

    attempt.run(
        "import atexit\ndef flood():\n    for number in range(3_000): print(f'{number:01000}')\n"
        "atexit.register(flood)"
    )

    assert attempt.texts()[0] == "".join(f"{number:01000}\n" for number in range(3_000))


def test_exit_hooks_print_after_ipykernel_has_closed_the_pipes_of_ended_threads(attempt: Attempt) -> None:
    """It does so every 10 s, and Python says of the main thread that it has ended when exit hooks run."""
    attempt.run(
        "import atexit, asyncio\nthread = get_ipython().kernel.iopub_thread\n"
        "atexit.register(print, 'after')\natexit.register(lambda: asyncio.run(thread._event_pipe_gc()))",
        "print('last')",
    )

    assert attempt.texts()[1] == "last\nafter\n"


def test_what_c_code_has_in_its_buffers_is_stored(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel captures no file descriptors
    attempt.run("import ctypes\nfor n in range(100): ctypes.CDLL(None).printf(b'%d\\n', n)")

    assert attempt.texts()[0].splitlines() == [str(number) for number in range(100)]


def test_a_descriptor_that_the_notebook_has_replaced_is_left_alone(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # as above
    result = attempt.run(
        "import os\nos.dup2(os.open('late', os.O_CREAT | os.O_WRONLY), 1)\nos.write(1, b'done')"
    )

    assert result.outcome is Outcome.SUCCESS
    assert _late(attempt) == "done"


def test_temporary_files_are_removed(attempt: Attempt) -> None:
    attempt.run("import tempfile; folder = tempfile.TemporaryDirectory(dir='.', prefix='temporary')")

    assert list(attempt.folder.path.glob("temporary*")) == []


def test_a_kernel_that_does_not_end_is_killed_with_a_notice(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nightbook.execution.notebook.kernel_session.GRACE_S", 1.0)
    result = attempt.run("import threading, time; threading.Thread(target=time.sleep, args=(1000,)).start()")

    assert result.outcome is Outcome.SUCCESS
    assert "[nightbook: the kernel was killed, because it had not ended" in attempt.texts()[0]


def test_a_fork_that_goes_on_ends_with_its_cell(attempt: Attempt) -> None:
    result = attempt.run(
        "import os, time\nchild = os.fork()\nif child: time.sleep(1)\nprint('parent' if child else 'child')",
        "print(os.waitpid(child, 0)[1])",
    )

    assert result.outcome is Outcome.SUCCESS
    assert sorted(attempt.texts()[0].splitlines()) == ["child", "parent"]
    assert attempt.texts()[1] == "0\n"


@pytest.mark.promise("A question that nobody can answer fails at once.")
@pytest.mark.parametrize(
    ("source", "mend"),
    [
        ("input('name?')", "Make it a parameter of the task"),
        ("import getpass; getpass.getpass()", "Make it a parameter of the task"),
        ("breakpoint()", "Remove it"),
        ("import pdb; pdb.set_trace()\n1", "nobody can answer"),
    ],
)
def test_a_question_fails_at_once_and_names_the_mend(attempt: Attempt, source: str, mend: str) -> None:
    result = attempt.run(source)

    assert result.outcome is Outcome.FAILURE
    assert result.error is not None
    assert mend in result.error.traceback


def _late(attempt: Attempt) -> str:
    data = (attempt.folder.path / "late").read_bytes()
    return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode()
