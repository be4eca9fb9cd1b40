"""What each kind of preview consists of: the artifacts that it shows, a view of one, and a template.

A new kind is a module with such a ``KIND``, the template that it names, and a line in ``registry.py``. The
template has two macros, ``on_task_page(root, task, views)``, which makes whole sections, and
``on_run_page(root, task, views)``, which makes what stands below the task's name; the second one is needed
only if ``most_on_run_page`` is not 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.model import Artifact
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.output.urls import url_of


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """An artifact, the files of its record, and the artifact's path on the site."""

    artifact: Artifact
    files: RecordFiles
    path: str

    def find(self) -> Path | None:
        """Return the file in the record, or None if it is not there."""
        return self.files.find(self.artifact.path)

    def find_carried(self) -> Path | None:
        """Return the file in the record, or None if the site does not carry it."""
        return self.files.find_carried(self.artifact.path)

    @property
    def url(self) -> str:
        """The file's URL; empty if the site does not carry it."""
        return url_of(self.path) if self.find_carried() else ""


@dataclass(frozen=True, slots=True)
class PreviewKind:
    """A kind of preview; ``name`` is the id of its section on a run's page.

    ``build`` returns a frozen view of a file, which the template renders, or None if there is nothing to
    show. It must be able to read whatever a notebook has logged.
    """

    name: str
    title: str
    template: str
    matches: Callable[[Artifact], bool]
    build: Callable[[LoggedFile], object | None]
    most_on_run_page: int = 0
