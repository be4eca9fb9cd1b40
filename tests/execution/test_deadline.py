"""A deadline kills what it guards, and only then."""

import threading
import time

from nightbook.execution.deadline import Deadline


def test_it_kills_again_until_the_context_closes() -> None:
    twice = threading.Semaphore(0)
    with Deadline(0.01) as deadline:
        deadline.guard(twice.release)
        assert twice.acquire(timeout=10)
        assert twice.acquire(timeout=10)
        assert deadline.expired


def test_it_kills_nothing_before_the_time_is_over() -> None:
    killed = threading.Event()
    with Deadline(60) as deadline:
        deadline.guard(killed.set)
    time.sleep(0.05)

    assert not deadline.expired
    assert not killed.is_set()


def test_what_is_guarded_too_late_is_killed() -> None:
    killed = threading.Event()
    with Deadline(0) as deadline:
        time.sleep(0.05)
        deadline.guard(killed.set)

        assert killed.wait(10)
