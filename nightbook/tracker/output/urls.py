"""Where everything lies on the site: the only place that makes its paths. They never change.

A *place* is a path below the site's root as files have it; a *URL* is a place as links have it,
percent-encoded, without ``index.html``, and relative to the site's root.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9_-]{0,58}[a-z0-9])?", re.ASCII)
_UNSAFE = re.compile(r"[^a-z0-9_]+", re.ASCII)
_SLUG_LENGTH = 40
_HASH_LENGTH = 12
_PAGE = "index.html"


def slug(name: str) -> str:
    """The name as a folder's: different names have different ones, also where case is ignored.

    A plain lower-case name is its own; all else ends in a tilde and a part of its hash.
    """
    if _PLAIN.fullmatch(name):
        return name
    readable = _UNSAFE.sub("-", name.lower()).strip("-")[:_SLUG_LENGTH]
    return f"{readable}~{hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]}"


def url_of(place: str) -> str:
    """The URL of a place; the root's is ``./``."""
    folder = place.removesuffix(_PAGE) if place == _PAGE or place.endswith(f"/{_PAGE}") else place
    return quote(folder, safe="/=,~()+@") or "./"


def root_of(place: str) -> str:
    """The way from a place back to the site's root: ``../../`` or, at the root, ``./``."""
    return "../" * place.count("/") or "./"


def metric_page(name: str) -> str:
    """The place of a metric's trend."""
    return f"metrics/{slug(name)}/{_PAGE}"


def branch_feed(branch: str) -> str:
    """The place of a branch's feed."""
    return f"feeds/branches/{slug(branch)}.atom.xml"


def runs_page(number: int) -> str:
    """The place of a page of the list of runs, counted from 1."""
    return f"runs/{_PAGE}" if number == 1 else f"runs/page-{number}/{_PAGE}"


@dataclass(frozen=True, slots=True)
class RunPlaces:
    """The places of one run's pages and files."""

    run_id: str

    @property
    def folder(self) -> str:
        """All pages and files of the run are in it, but its data."""
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
        """A task's page."""
        return f"{self._task(task_id)}/{_PAGE}"

    def attempt(self, task_id: str, number: int) -> str:
        """An attempt's page."""
        return f"{self._attempt(task_id, number)}/{_PAGE}"

    def notebook(self, task_id: str, number: int) -> str:
        """An attempt's executed notebook."""
        return f"{self._attempt(task_id, number)}/notebook.ipynb"

    def artifact(self, task_id: str, number: int, name: str) -> str:
        """A logged file."""
        return f"{self._attempt(task_id, number)}/artifacts/{name}"

    def _attempt(self, task_id: str, number: int) -> str:
        return f"{self._task(task_id)}/attempt-{number:02d}"

    def _task(self, task_id: str) -> str:
        """As in the record; parameters that no honest record has cannot pass for a page or an attempt."""
        name, slash, parameters = task_id.partition("/")
        equals = "=" if slash and "=" not in parameters else ""
        return f"{self.folder}/tasks/{name}{slash}{equals}{parameters}"
