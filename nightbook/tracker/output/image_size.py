"""The size of an image, read from its first bytes, so that a page can reserve its space."""

import struct
from dataclasses import dataclass
from pathlib import Path

_HEAD_BYTES = 65536  # a JPEG's size can come after a preview
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Width and height in pixels."""

    width: int
    height: int


def read_image_size(file: Path) -> ImageSize | None:
    """Return the size of a PNG, GIF or JPEG, or None for anything else."""
    with file.open("rb") as reader:
        head = reader.read(_HEAD_BYTES)
    try:
        if head.startswith(_PNG):
            return ImageSize(*struct.unpack(">II", head[16:24]))
        if head.startswith((b"GIF87a", b"GIF89a")):
            return ImageSize(*struct.unpack("<HH", head[6:10]))
        if head.startswith(b"\xff\xd8"):
            return _jpeg_size(head)
    except struct.error:
        pass  # the file is cut off
    return None


def _jpeg_size(head: bytes) -> ImageSize | None:
    """Return the size in a frame header: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, section B.2.2."""
    position = 2
    while position < len(head):
        marker, length = struct.unpack(">xBH", head[position : position + 4])
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", head[position + 5 : position + 9])
            return ImageSize(width, height)
        position += 2 + length
    return None
