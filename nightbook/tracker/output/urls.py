"""Where everything is on the site; no other module makes its paths and URLs, which never change.

A *path* is that of a file below the site's root. A *URL* is a path as links have it: percent-encoded,
without ``index.html``, and relative to the site's root.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

from nightbook.record.format.packed_names import pack_name

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9_-]{0,58}[a-z0-9])?", re.ASCII)
_UNSAFE = re.compile(r"[^a-z0-9_]+", re.ASCII)
_SLUG_LENGTH = 40
_HASH_LENGTH = 12
_PAGE = "index.html"


def slug(name: str) -> str:
    """Return the name's folder; different names have different ones, even where case is ignored.

    A plain lower-case name is its own folder; that of any other name ends in a tilde and a part of its hash.
    """
    if _PLAIN.fullmatch(name):
        return name
    readable = _UNSAFE.sub("-", name.lower()).strip("-")[:_SLUG_LENGTH]
    return f"{readable}~{hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]}"


def url_of(path: str) -> str:
    """Return the URL of a path; the root's is ``./``."""
    folder = path.removesuffix(_PAGE) if path == _PAGE or path.endswith(f"/{_PAGE}") else path
    return quote(folder, safe="/=,~()+@") or "./"


def root_of(path: str) -> str:
    """Return the way from a path back to the site's root: ``../../`` or, at the root, ``./``."""
    return "../" * path.count("/") or "./"


def metric_page(name: str) -> str:
    """Return the path of a metric's page."""
    return f"metrics/{slug(name)}/{_PAGE}"


def branch_feed(branch: str) -> str:
    """Return the path of a branch's feed."""
    return f"feeds/branches/{slug(branch)}.atom.xml"


def runs_page(number: int) -> str:
    """Return the path of a page of the list of runs, counted from 1."""
    return f"runs/{_PAGE}" if number == 1 else f"runs/page-{number}/{_PAGE}"


@dataclass(frozen=True, slots=True)
class RunPaths:
    """The paths of one run's pages and files."""

    run_id: str

    @property
    def folder(self) -> str:
        """The folder of all pages and files of the run; its data is elsewhere."""
        return f"runs/{self.run_id}"

    @property
    def page(self) -> str:
        """The run's page."""
        return f"{self.folder}/{_PAGE}"

    @property
    def data(self) -> str:
        """The run as data for programs."""
        return f"api/runs/{self.run_id}.json"

    @property
    def archive(self) -> str:
        """The whole record."""
        return f"{self.folder}/record.zip"

    @property
    def spans(self) -> str:
        """All spans in one document."""
        return f"{self.folder}/spans.otlp.json"

    def task(self, task_id: str) -> str:
        """Return the path of a task's page."""
        return f"{self._task(task_id)}/{_PAGE}"

    def attempt(self, task_id: str, number: int) -> str:
        """Return the path of an attempt's page."""
        return f"{self._attempt(task_id, number)}/{_PAGE}"

    def notebook(self, task_id: str, number: int) -> str:
        """Return the path of an attempt's executed notebook."""
        return f"{self._attempt(task_id, number)}/notebook.ipynb"

    def artifact(self, task_id: str, number: int, name: str) -> str:
        """Return the path of a logged file; GitHub Pages carries it under the name that it packs it by."""
        return f"{self._attempt(task_id, number)}/artifacts/{pack_name(name)}"

    def _attempt(self, task_id: str, number: int) -> str:
        return f"{self._task(task_id)}/attempt-{number:02d}"

    def _task(self, task_id: str) -> str:
        """Return the folder of a task, named as in the record.

        Parameters always have an equals sign, so that none can pass for a page or an attempt.
        """
        name, slash, parameters = task_id.partition("/")
        equals = "=" if slash and "=" not in parameters else ""
        return f"{self.folder}/tasks/{name}{slash}{equals}{parameters}"
