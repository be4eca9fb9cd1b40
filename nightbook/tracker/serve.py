"""A server for the tracker on this machine, which builds the site again when a run or the site changes.

A page appears when its attempt begins, so that a link to it from Luigi's own page leads somewhere.
"""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import watchfiles

from nightbook.record.format.errors import NightbookError
from nightbook.tracker.run_changes import RunChanges
from nightbook.tracker.site_build import build_command

_SOURCES = ("content", "templates", "pelicanconf.py")
_PACKAGE = Path(__file__).parent
_QUIET_MS, _LONGEST_WAIT_MS = 200, 500
_TICK_MS = 500


class ServeError(NightbookError):
    """The tracker cannot be served as it was asked for."""


class Builder:
    """Builds the site, in a process of its own because templates and code may have changed too."""

    def __init__(self, site: Path, output: Path, cache: Path, runs: Path) -> None:
        self._command = build_command(site / "pelicanconf.py", output=output, runs=runs, cache=cache)

    def build(self) -> bool:
        """Build the site, print how it went, and return whether it succeeded."""
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
    """Serves the site's files as they are at each request."""

    def end_headers(self) -> None:
        """Tell browsers to ask again each time."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing about requests: there are many."""


def follow(builder: Builder, site: Path, runs: Path) -> None:
    """Build the site once, and again whenever something has changed, until KeyboardInterrupt."""
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
    """Return whether a change of the path counts, as it does not inside folders with a dot.

    The site itself may be built in such a folder among the runs.
    """
    folder = next(folder for folder in folders if Path(path).is_relative_to(folder))
    names = Path(path).relative_to(folder).parts
    return not any(name.startswith(".") or name == "__pycache__" for name in names)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def serve(*, site: Path, runs: Path, output: Path, cache: Path, address: str, port: int) -> None:
    """Serve the tracker until KeyboardInterrupt, which is the ordinary end.

    ``site`` is the folder with pelicanconf.py, ``runs`` that of the run records, ``output`` that of the
    finished site, ``cache`` that of earlier builds' findings; all are absolute. Raise ServeError if the
    port cannot be used.
    """
    output.mkdir(parents=True, exist_ok=True)
    with _listen(output, address, port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say(f"the tracker is on http://localhost:{server.server_port}/, until Ctrl-C")
        with suppress(KeyboardInterrupt):
            follow(Builder(site, output, cache, runs), site, runs)
        server.shutdown()


def _listen(output: Path, address: str, port: int) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer((address, port), partial(Handler, directory=str(output)))
    except OSError as error:
        advice = "Choose another with --port"
        raise ServeError(f"cannot serve on port {port}: {error.strerror}. {advice}") from error
