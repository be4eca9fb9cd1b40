"""The size of a picture, read from its head."""

from pathlib import Path

import pytest

from nightbook.tracker.output.image_size import ImageSize, read_image_size
from tests.support.sample_records import PIXEL


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PIXEL, ImageSize(1, 1)),
        (b"GIF89a\x05\x00\x07\x00", ImageSize(5, 7)),
        (bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc000110800070005"), ImageSize(5, 7)),
        (PIXEL[:18], None),
        (b"\xff\xd8\xff", None),
        (b"", None),
        (b"<svg/>", None),
    ],
)
def test_a_pictures_size_is_in_its_head(tmp_path: Path, content: bytes, size: ImageSize | None) -> None:
    (tmp_path / "picture").write_bytes(content)
    assert read_image_size(tmp_path / "picture") == size
