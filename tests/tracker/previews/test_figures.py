"""The gallery's figures: images that are there, and drawings that cannot act."""

from pathlib import Path, PurePosixPath

import pytest

from nightbook.record.format.model import Artifact, ArtifactType
from nightbook.tracker.output.image_size import ImageSize
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.previews.figures import Figure, build_figure, is_figure
from nightbook.tracker.previews.kind import LoggedFile
from tests.support.sample_records import PIXEL, SVG


def figure(folder: Path, name: str, content: bytes, max_bytes: int = 10**7) -> Figure | None:
    path = PurePosixPath("tasks/work/attempt-01/artifacts", name)
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes(content)
    logged = Artifact(name, ArtifactType.FIGURE, "", len(content), "", path)
    return build_figure(LoggedFile(logged, RecordFiles.of(folder, max_bytes), f"runs/x/{name}"))


def test_an_image_is_a_file_of_the_site_with_its_size(tmp_path: Path) -> None:
    assert figure(tmp_path, "a b.png", PIXEL) == Figure(
        "a b.png", "runs/x/a%20b.png", "runs/x/a%20b.png", ImageSize(1, 1)
    )


def test_a_drawing_is_in_the_page_itself_and_no_file(tmp_path: Path) -> None:
    drawing = figure(tmp_path, "drawing.svg", SVG.encode())

    assert drawing is not None
    assert drawing.source.startswith("data:image/svg+xml;base64,")
    assert drawing.url == ""


@pytest.mark.parametrize(
    ("name", "content", "max_bytes"),
    [("a.svg", b"x" * 1_000_001, 10**7), ("a.tiff", PIXEL, 10**7), ("a.png", PIXEL, 10)],
)
def test_what_no_browser_shows_or_the_site_does_not_carry_is_left_out(
    tmp_path: Path, name: str, content: bytes, max_bytes: int
) -> None:
    assert figure(tmp_path, name, content, max_bytes) is None


@pytest.mark.parametrize("type_", ArtifactType)
def test_what_was_logged_as_a_figure_or_image_is_one(type_: ArtifactType) -> None:
    logged = Artifact("a.png", type_, "image/png", 1, "", PurePosixPath("a.png"))

    assert is_figure(logged) == (type_ in (ArtifactType.FIGURE, ArtifactType.IMAGE))
