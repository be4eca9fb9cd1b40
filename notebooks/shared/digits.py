"""The digits data set: handwritten digits as rows of pixels, and the files they are kept in."""

import hashlib
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IMAGE_SHAPE = (8, 8)
DARKEST = 16  # pixels count from 0, paper, to 16, ink


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Images and what they show: one row of 64 pixels, and one label from 0 to 9, per image."""

    pixels: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.pixels) != len(self.labels):
            raise ValueError(f"{len(self.pixels)} images and {len(self.labels)} labels: one label per image")

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, chosen: slice | NDArray[np.bool_] | NDArray[np.intp]) -> "Digits":
        """Some of the images, with their labels."""
        return Digits(self.pixels[chosen], self.labels[chosen])

    @property
    def content_sha256(self) -> str:
        """A hash of the data alone: the same on every machine, whatever file holds it."""
        content = hashlib.sha256()
        content.update(self.pixels.astype("<f4").tobytes())
        content.update(self.labels.astype("<i8").tobytes())
        return content.hexdigest()


def bundled_digits() -> Digits:
    """The 1797 digits that come with scikit-learn, as its ``load_digits`` gives them.

    Read from the installed package's files: importing scikit-learn to do it would take many times
    as long as everything else in the notebook.
    https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html
    """
    packaged = next((file for file in files("scikit-learn") or () if file.name == "digits.csv.gz"), None)
    if packaged is None:
        raise FileNotFoundError("the installed scikit-learn has no digits.csv.gz: install it again")
    table = np.loadtxt(str(packaged.locate()), delimiter=",")
    return Digits(table[:, :-1].astype(np.float32), table[:, -1].astype(np.int64))


def write_digits(digits: Digits, path: Path) -> None:
    """Keep digits in an ``.npz`` file."""
    np.savez_compressed(path, pixels=digits.pixels, labels=digits.labels)


def read_digits(path: Path) -> Digits:
    """The digits that ``write_digits`` has kept."""
    with np.load(path) as arrays:
        return Digits(arrays["pixels"], arrays["labels"])


def image_grid(images: NDArray[np.float32], columns: int) -> NDArray[np.float32]:
    """Images side by side in rows, as one large image with a blank pixel around each; white fills the end."""
    height, width = IMAGE_SHAPE
    rows = -(-len(images) // columns)
    tiles = np.zeros((rows * columns, height + 2, width + 2), dtype=np.float32)
    tiles[: len(images), 1:-1, 1:-1] = images.reshape(-1, height, width)
    grid = tiles.reshape(rows, columns, height + 2, width + 2).swapaxes(1, 2)
    return grid.reshape(rows * (height + 2), columns * (width + 2))
