"""The traceback of a task's exception begins where its author's code begins."""

from collections.abc import Callable
from functools import partial

import luigi
import pytest
from luigi.task import flatten
from luigi.task_register import Register

from nightbook.pipeline.checks.yielded_tasks import checked_run
from nightbook.pipeline.graph.graph import KnownTasks
from nightbook.pipeline.recording.user_traceback import describe_users_exception


class Broken:
    def __iter__(self) -> object:
        raise ValueError("mine")


def own_run() -> None:
    flatten(Broken())


def frames(call: Callable[[], object]) -> list[str]:
    """The functions in the traceback of what the call raises, as if this test had not made the call."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 whichever it is
        call()
    assert raised.value.__traceback__ is not None
    described = describe_users_exception(raised.value.with_traceback(raised.value.__traceback__.tb_next))
    return [line.split()[-1] for line in described.traceback.splitlines() if line.startswith("  File")]


def test_it_begins_with_the_users_first_frame_and_keeps_what_follows() -> None:
    call = partial(checked_run, luigi.Task(), own_run, KnownTasks((), {}))

    assert frames(call) == ["own_run", "flatten", "__iter__"]


def test_it_stays_whole_if_no_frame_is_the_users() -> None:
    assert frames(partial(Register.get_task_cls, "nowhere")) == ["get_task_cls"]
