"""The figures and images of an attempt, ready to be shown."""

import base64
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.model import Artifact, ArtifactType, Attempt
from nightbook.tracker.output.image_size import ImageSize, read_image_size
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.output.urls import RunPaths, url_of

_IMAGES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))
_SVG = ".svg"
_MAX_SVG_BYTES = 1_000_000
_FALLBACK = ImageSize(640, 400)


@dataclass(frozen=True, slots=True)
class Figure:
    """An image; ``source`` is a ``data:`` URL or relative to the site's root.

    ``url`` is empty if it is no file of the site.
    """

    name: str
    source: str
    url: str
    size: ImageSize


def figures(attempt: Attempt, task_id: str, files: RecordFiles, paths: RunPaths) -> list[Figure]:
    """The attempt's figures that are there."""
    found = (
        _figure(artifact, paths.artifact(task_id, attempt.number, artifact.name), files)
        for artifact in attempt.artifacts
        if artifact.type in (ArtifactType.FIGURE, ArtifactType.IMAGE)
    )
    return [figure for figure in found if figure]


def _figure(artifact: Artifact, path: str, files: RecordFiles) -> Figure | None:
    ending = artifact.path.suffix.lower()
    if ending == _SVG:
        file = files.find(artifact.path)
        return _svg_figure(artifact.name, file) if file else None
    file = files.find_carried(artifact.path)
    if ending not in _IMAGES or file is None:
        return None
    url = url_of(path)
    return Figure(artifact.name, url, url, read_image_size(file) or _FALLBACK)


def _svg_figure(name: str, file: Path) -> Figure | None:
    """An SVG can hold scripts: in an ``<img>`` they are dead, but as a page of its own they would run."""
    if file.stat().st_size > _MAX_SVG_BYTES:
        return None
    data = base64.b64encode(file.read_bytes()).decode()
    return Figure(name, f"data:image/svg+xml;base64,{data}", "", _FALLBACK)
