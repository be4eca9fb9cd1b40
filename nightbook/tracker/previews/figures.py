"""The preview of figures and images: a gallery."""

import base64
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.model import Artifact, ArtifactType
from nightbook.tracker.output.image_size import ImageSize, read_image_size
from nightbook.tracker.previews.kind import LoggedFile, PreviewKind

_IMAGES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))
_SVG = ".svg"
_MAX_SVG_BYTES = 1_000_000
_FALLBACK = ImageSize(640, 400)


@dataclass(frozen=True, slots=True)
class Figure:
    """An image; ``source`` is a ``data:`` URL or relative to the site's root.

    ``url`` is empty if the image is not a file of the site.
    """

    name: str
    source: str
    url: str
    size: ImageSize


def is_figure(artifact: Artifact) -> bool:
    """Return whether the artifact was logged as a figure or an image."""
    return artifact.type in (ArtifactType.FIGURE, ArtifactType.IMAGE)


def build_figure(logged: LoggedFile) -> Figure | None:
    """Return the figure, or None if it is missing or of a kind that no browser shows."""
    ending = logged.artifact.path.suffix.lower()
    if ending == _SVG:
        file = logged.find()
        return _svg_figure(logged.artifact.name, file) if file else None
    file = logged.find_carried()
    if ending not in _IMAGES or file is None:
        return None
    return Figure(logged.artifact.name, logged.url, logged.url, read_image_size(file) or _FALLBACK)


def _svg_figure(name: str, file: Path) -> Figure | None:
    """Return the SVG as a ``data:`` URL for an ``<img>``, where its scripts are dead; None if it is large.

    As a file of the site, its scripts would run.
    """
    if file.stat().st_size > _MAX_SVG_BYTES:
        return None
    data = base64.b64encode(file.read_bytes()).decode()
    return Figure(name, f"data:image/svg+xml;base64,{data}", "", _FALLBACK)


KIND = PreviewKind(
    name="figures",
    title="Figures",
    template="previews/figures.html",
    matches=is_figure,
    build=build_figure,
    most_on_run_page=60,
)
