"""How many attempts a task has: its own number, else luigi.cfg's, else one."""

import luigi


def attempt_limit(task: luigi.Task) -> int:
    """Return the task's ``retry_count``, or ``[scheduler] retry_count``, for which this project sets 1.

    Luigi's own default is 999,999,999: a task that fails would be tried for ever.
    """
    if task.retry_count is not None:
        return int(task.retry_count)
    return int(luigi.configuration.get_config().getint("scheduler", "retry_count", 1))


def retry_policy(task: luigi.Task) -> dict[str, object]:
    """Return what Luigi's scheduler is told of the task's retries; what is None is the scheduler's to say.

    The number of attempts is always sent: a luigid may have a default of its own.
    """
    return {
        "retry_count": attempt_limit(task),
        "disable_hard_timeout": task.disable_hard_timeout,
        "disable_window": task.disable_window,
    }
