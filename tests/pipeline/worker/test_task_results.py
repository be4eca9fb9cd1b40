"""Results are noticed at once, wherever they come from."""

import multiprocessing
import os
import queue
import threading
import time
from dataclasses import dataclass
from multiprocessing import connection

import pytest

from nightbook.pipeline.worker.task_results import TaskResult, TaskResults


def result(name: str) -> TaskResult:
    return name, "DONE", "", [], []


@dataclass
class Source:
    """Has its result once its pipe, which it does not empty, can be read; without a pipe, at once."""

    name: str
    sentinel: int | None = None
    taken: bool = False

    def result(self) -> TaskResult | None:
        ready = self.sentinel is None or connection.wait([self.sentinel], 0)
        if self.taken or not ready:
            return None
        self.taken = True
        return result(self.name)


def test_without_any_result_it_waits_for_so_long() -> None:
    start = time.monotonic()
    with pytest.raises(queue.Empty):
        TaskResults(multiprocessing.Queue(), list).get(timeout=0.05)

    assert time.monotonic() - start >= 0.05


def test_a_process_of_luigi_ends_the_waiting() -> None:
    processes = multiprocessing.get_context("fork").Queue()
    results = TaskResults(processes, list)
    multiprocessing.get_context("fork").Process(target=processes.put, args=(result("plain"),)).start()

    assert results.get(timeout=60) == result("plain")


def test_handles_that_share_a_sentinel_end_the_waiting() -> None:
    reader, writer = os.pipe()
    sources = [Source("one", reader), Source("two", reader)]
    results = TaskResults(multiprocessing.Queue(), lambda: sources)
    threading.Timer(0.05, lambda: os.write(writer, b"x")).start()

    assert [results.get(timeout=60), results.get(timeout=60)] == [result("one"), result("two")]


def test_a_result_without_a_sentinel_needs_no_waiting() -> None:
    source = Source("polled")

    assert TaskResults(multiprocessing.Queue(), lambda: [source]).get(timeout=1e6) == result("polled")


def test_what_was_put_comes_first() -> None:
    results = TaskResults(multiprocessing.Queue(), lambda: [Source("later")])
    results.put(result("own"))

    assert results.get(timeout=1e6) == result("own")
