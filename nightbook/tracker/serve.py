"""The tracker on this machine, built again when a run or the site changes.

A page appears when its attempt begins, so that a link to it from Luigi's own page leads somewhere.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import watchfiles

from nightbook.record.format.errors import NightbookError
from nightbook.tracker.run_changes import RunChanges

_SOURCES = ("content", "templates", "pelicanconf.py")
_PACKAGE = Path(__file__).parent
_QUIET_MS, _LONGEST_WAIT_MS = 200, 500
_TICK_MS = 500


class Builder:
    """Builds the site, in a process of its own: templates and plugins may have changed too."""

    def __init__(self, site: Path, output: Path, cache: Path, runs: Path) -> None:
        self._command = [
            str(Path(sys.executable).with_name("pelican")),
            *("--settings", str(site / "pelicanconf.py"), "--fatal", "errors", "--quiet"),
            *("--output", str(output)),
            *("--extra-settings", f"CACHE_PATH={json.dumps(str(cache))}", f"RUNS={json.dumps(str(runs))}"),
        ]

    def build(self) -> bool:
        """Build the site; whether it succeeded. What went wrong is printed."""
        begin = time.monotonic()
        with subprocess.Popen(  # noqa: S603 our own command
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end all of it
        ) as process:
            try:
                output, _ = process.communicate()
            except BaseException:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
        if process.returncode:
            _say(f"the site could not be built:\n{output}")
        else:
            _say(f"built in {time.monotonic() - begin:.1f} s")
        return process.returncode == 0


class Handler(SimpleHTTPRequestHandler):
    """Serves the site's files, always as they are now."""

    def end_headers(self) -> None:
        """Let browsers ask again each time."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of requests: there are many."""


def follow(builder: Builder, site: Path, runs: Path) -> None:
    """Build the site once, and then whenever something changed, until KeyboardInterrupt."""
    runs.mkdir(parents=True, exist_ok=True)
    sources = [_PACKAGE, *(site / name for name in _SOURCES if (site / name).exists())]
    changes = RunChanges(runs)
    changes.happened(set())
    builder.build()
    for events in watchfiles.watch(
        runs,
        *sources,
        watch_filter=partial(_is_watched, [runs, *sources]),
        debounce=_LONGEST_WAIT_MS,
        step=_QUIET_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
    ):
        changed = {Path(name) for _, name in events}
        of_runs = {path for path in changed if path.is_relative_to(runs)}
        if changes.happened(of_runs) or changed - of_runs:
            builder.build()


def _is_watched(folders: list[Path], _change: watchfiles.Change, path: str) -> bool:
    """The site itself may be built inside the folder of the runs, in a folder with a dot."""
    folder = next(folder for folder in folders if Path(path).is_relative_to(folder))
    parts = Path(path).relative_to(folder).parts
    return not any(part.startswith(".") or part == "__pycache__" for part in parts)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def serve(*, address: str, port: int, site: Path, output: Path, cache: Path, runs: Path) -> None:
    """Serve the tracker until Ctrl-C or SIGTERM, which is the ordinary end.

    ``site`` has pelicanconf.py, ``output`` gets the pages, and ``cache`` keeps what earlier builds found out.
    All folders are absolute. Raise NightbookError if the port is taken.
    """
    output.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        server = ThreadingHTTPServer((address, port), partial(Handler, directory=str(output)))
    except OSError as error:
        raise NightbookError(
            f"cannot serve on port {port}: {error.strerror}: choose another with --port"
        ) from error
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say(f"the tracker is on http://localhost:{server.server_port}/, until Ctrl-C")
        with suppress(KeyboardInterrupt):
            follow(Builder(site, output, cache, runs), site, runs)
        server.shutdown()
