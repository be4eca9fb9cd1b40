"""The variables that limit the threads of numerical libraries."""

import os

import pytest

from nightbook.execution.processes.threads import num_threads, thread_variables


@pytest.mark.parametrize("count", [1, 16])
def test_the_number_is_read_back(count: int) -> None:
    assert num_threads(thread_variables(count)) == count


@pytest.mark.parametrize("value", ["2,1", "3", ""])
def test_variables_that_do_not_agree_have_no_number(value: str) -> None:
    assert num_threads({**thread_variables(1), "OMP_NUM_THREADS": value}) is None


def test_by_default_there_is_a_thread_for_each_processor() -> None:
    assert num_threads({}) == len(os.sched_getaffinity(0))
