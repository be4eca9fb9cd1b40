"""Luigi's scheduler as a server that keeps its state and history beside the run records."""

import errno
from collections.abc import Sequence
from pathlib import Path

import luigi
import luigi.server
from luigi.scheduler import Scheduler

from nightbook.pipeline.luigi_settings import set_luigi_defaults
from nightbook.pipeline.scheduling.own_pages import OwnPagesOnly
from nightbook.record.format.errors import NightbookError


class SchedulerServerError(NightbookError):
    """A scheduler that cannot be served."""


def serve(*, address: str, port: int, runs: Path, hosts: Sequence[str] = ()) -> None:
    """Serve Luigi's scheduler and its pages until the process is stopped.

    It has no authentication: nobody else should be able to reach the address. It is called by the names that
    are usual, and by ``hosts``; what a page of another site asks is refused. The history needs SQLAlchemy 1
    (https://github.com/spotify/luigi/issues/3227).
    """
    folder = runs / ".luigid"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "history.db").touch()
    except OSError as error:
        raise SchedulerServerError(
            f"the scheduler cannot write to {folder} ({error.strerror}): "
            "make it writable, or name another folder with --runs"
        ) from error
    state = folder / "state.pickle"
    set_luigi_defaults()
    config = luigi.configuration.get_config()
    config.set("scheduler", "state_path", str(state))
    config.set("scheduler", "record_task_history", "true")
    # A task that is done may be run again at once: Luigi would take it for done for ten seconds more.
    config.set("scheduler", "stable_done_cooldown_secs", "0")
    config.set("task_history", "db_connection", f"sqlite:///{folder / 'history.db'}")
    scheduler = Scheduler()
    scheduler.load()
    # The state is written when the server stops in order. After a kill an older state must not be loaded:
    # its running tasks have ended, and their run would wait for them forever.
    state.unlink(missing_ok=True)
    application = luigi.server.app
    luigi.server.app = lambda served: OwnPagesOnly(application(served), (address, *hosts))
    try:
        luigi.server.run(api_port=port, address=address, scheduler=scheduler)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        scheduler.dump()
        raise SchedulerServerError(
            f"port {port} of {address} is in use: stop what listens there (another scheduler?), "
            "or name another port with --port"
        ) from error
