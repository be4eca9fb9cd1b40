"""Luigi's scheduler as a server that keeps its state and its history beside the run records."""

from pathlib import Path

import luigi
import luigi.server


def serve(*, address: str, port: int, runs: Path) -> None:
    """Serve Luigi's scheduler and its pages until the process is stopped.

    It has no authentication: let nobody else reach the address. The history needs SQLAlchemy 1
    (https://github.com/spotify/luigi/issues/3227).
    """
    folder = runs / ".luigid"
    folder.mkdir(parents=True, exist_ok=True)
    config = luigi.configuration.get_config()
    config.set("scheduler", "state_path", str(folder / "state.pickle"))
    config.set("scheduler", "record_task_history", "true")
    if not config.has_section("task_history"):
        config.add_section("task_history")
    config.set("task_history", "db_connection", f"sqlite:///{folder / 'history.db'}")
    luigi.server.run(api_port=port, address=address)
