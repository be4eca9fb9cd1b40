"""The functions that a notebook calls to log: names and signatures as in MLflow's fluent API.

Inside a run, everything logged becomes a span of the attempt, and files go to its ``artifacts/``.
Outside a run, the functions check their arguments, print one line and keep nothing.

The name of a value is any printable text of at most 250 characters, such as ``val/loss``. That of an artifact
is a file's, which may be in folders: ``plots/roc.png``.
https://mlflow.org/docs/latest/api_reference/python_api/mlflow.html
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nightbook.record.format.names import check_artifact_name, check_value_name
from nightbook.record.format.values import check_number, check_object, check_param, check_step, check_value
from nightbook.record.format.vocabulary import ArtifactType, ValueType
from nightbook.record.write.attempt_log import check_new_artifacts, record_bytes, record_file, record_value
from nightbook.record.write.encode import encode_dict, encode_image, encode_table
from nightbook.record.write.figures import encode_figure

__all__ = [
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_metric",
    "log_metrics",
    "log_param",
    "log_params",
    "log_table",
    "log_text",
    "log_value",
]


def log_param(key: str, value: object) -> None:
    """Log a parameter: any value that ``log_value`` takes, and the text of any other object.

    Raise TypeError or ValueError, and log nothing, if the name or the value cannot be recorded.

    Example:
        >>> import nightbook
        >>> nightbook.log_param("solver", "lbfgs")
        param solver = "lbfgs"

    """
    log_params({key: value})


def log_params(params: Mapping[str, object]) -> None:
    """Log several parameters, such as a model's ``get_params()``; all are checked before the first is logged.

    Raise TypeError or ValueError, and log nothing, if a name or a value cannot be recorded.

    Example:
        >>> import nightbook
        >>> nightbook.log_params({"solver": "lbfgs", "max_iter": 200})
        param solver = "lbfgs"
        param max_iter = 200

    """
    checked = {check_value_name(key, "a parameter"): check_param(value, key) for key, value in params.items()}
    for key, plain in checked.items():
        record_value(key, ValueType.PARAM, plain)


def log_metric(key: str, value: float, step: int | None = None) -> None:
    """Log a number; with ``step``, an integer of 64 bits, it is a point of a series.

    The task's metric is the number that was logged last. NaN and infinity are kept. Raise TypeError if the
    value is not a number or the step not an integer, ValueError if the name cannot be recorded.

    Example:
        >>> import nightbook
        >>> nightbook.log_metric("accuracy", 0.97)
        metric accuracy = 0.97
        >>> nightbook.log_metric("loss", 0.5, step=1)
        metric loss = 0.5 (step 1)

    """
    log_metrics({key: value}, step)


def log_metrics(metrics: Mapping[str, float], step: int | None = None) -> None:
    """Log several numbers; all are checked before the first is logged.

    Errors are those of ``log_metric``.

    Example:
        >>> import nightbook
        >>> nightbook.log_metrics({"accuracy": 0.97, "log_loss": 0.11})
        metric accuracy = 0.97
        metric log_loss = 0.11

    """
    checked_step = None if step is None else check_step(step)
    checked = {
        check_value_name(key, "a metric"): check_value(check_number(value, key), key)
        for key, value in metrics.items()
    }
    for key, plain in checked.items():
        record_value(key, ValueType.METRIC, plain, checked_step)


def log_value(key: str, value: object) -> None:
    """Log any JSON value: None, bool, int, float, str, list, dict, and what has an equivalent among them.

    These are NumPy's scalars and arrays, a Series and a DataFrame, dataclasses, enumerations, sets, times,
    paths and decimal numbers. NaN and infinities are kept. Raise TypeError for anything else, ValueError for
    more than 64 KiB of JSON or 100 nested levels.

    Example:
        >>> import nightbook
        >>> nightbook.log_value("labels", ["cat", "dog", None])
        value labels = ["cat", "dog", null]

    """
    record_value(check_value_name(key, "a value"), ValueType.VALUE, check_value(value, key))


def log_text(text: str, artifact_file: str) -> None:
    """Log a text as a file in UTF-8.

    Raise TypeError if it is not a string, ValueError if the artifact cannot have that name.

    Example:
        >>> import nightbook
        >>> nightbook.log_text("All 1797 images are labelled.", "notes.txt")
        text notes.txt (29 bytes)

    """
    name = check_artifact_name(artifact_file)
    if not isinstance(text, str):
        raise TypeError(f"log_text takes a string, not {type(text).__name__}: use log_artifact for a file")
    record_bytes(name, ArtifactType.TEXT, text.encode(errors="replace"))


def log_dict(dictionary: Mapping[str, object] | Sequence[object], artifact_file: str) -> None:
    """Log a dictionary or list, of the same values as ``log_value`` takes, as an indented JSON file.

    NaN and infinities are null in it, as JSON has no other word for them; ``log_value`` keeps them. Raise
    TypeError if it is neither or holds something else; its size is not limited.

    Example:
        >>> import nightbook
        >>> nightbook.log_dict({"C": [0.1, 1]}, "grid.json")
        data grid.json (31 bytes)

    """
    name = check_artifact_name(artifact_file)
    record_bytes(name, ArtifactType.DATA, encode_dict(dictionary, name))


def log_table(data: object, artifact_file: str) -> None:
    """Log a table as .csv or .json: a dict of equally long columns, or a DataFrame, without its index.

    NaN and infinities are null in .json, as pandas writes them, and stand in .csv. Raise TypeError if it is
    neither, ValueError if the columns' lengths differ or the name ends otherwise.

    Example:
        >>> import nightbook
        >>> nightbook.log_table({"size": [600, 800], "accuracy": [0.95, 0.97]}, "scores.csv")
        table scores.csv (35 bytes)

    """
    name = check_artifact_name(artifact_file)
    record_bytes(name, ArtifactType.TABLE, encode_table(data, name))


def log_figure(figure: Any, artifact_file: str) -> None:
    """Log a figure of Matplotlib, Plotly or Altair in the format of the name's ending: .png, .svg, ...

    One of Plotly or Altair is also kept as the JSON that draws it again, ``roc.plotly.json`` or
    ``roc.vl.json`` beside ``roc.png``; only as that if the package for pictures, kaleido or
    vl-convert-python, is missing. Raise TypeError if it is not a figure, ValueError if the format is unknown.

    Example:
        >>> import nightbook
        >>> from matplotlib.figure import Figure
        >>> figure = Figure()
        >>> _ = figure.subplots().plot([0.5, 0.9, 0.97])
        >>> nightbook.log_figure(figure, "accuracy.png")
        figure accuracy.png (... bytes)

    """
    for name, content in encode_figure(figure, check_artifact_name(artifact_file)):
        is_picture = not name.endswith((".json", ".html"))
        record_bytes(name, ArtifactType.FIGURE if is_picture else ArtifactType.DATA, content)


def log_image(image: Any, artifact_file: str) -> None:
    """Log an image: a Pillow image, or a uint8 array of height x width [x 3 or 4], from 0 to 255.

    Raise TypeError for an array of another type, ValueError if Pillow does not know the name's format.

    Example:
        >>> import nightbook
        >>> import numpy as np
        >>> nightbook.log_image(np.zeros((8, 8), dtype="uint8"), "digit.png")
        image digit.png (... bytes)

    """
    name = check_artifact_name(artifact_file)
    record_bytes(name, ArtifactType.IMAGE, encode_image(image, name))


def log_artifact(
    local_path: str | Path, artifact_path: str | None = None, *, metadata: Mapping[str, object] | None = None
) -> None:
    """Log a copy of a file under its own name, in the folder ``artifact_path`` of the artifacts if given.

    ``metadata`` are facts about it, as JSON values. A folder's files are logged under its name, as
    ``log_artifacts`` does. The file is read once and never held in memory. Raise FileNotFoundError if there
    is nothing at the path, ValueError if an artifact cannot have its name.

    Example:
        >>> import nightbook
        >>> model = nightbook.scratch_dir() / "model.onnx"
        >>> size_bytes = model.write_bytes(b"onnx")
        >>> nightbook.log_artifact(model, metadata={"opset": 22})
        file model.onnx (4 bytes)

    """
    source = Path(local_path)
    own_name = source.name or source.resolve().name  # of "."
    name = check_artifact_name(f"{artifact_path}/{own_name}" if artifact_path else own_name)
    if metadata is not None and not isinstance(metadata, Mapping):
        raise TypeError(f"the metadata of {name!r} must be a dict, not {type(metadata).__name__}")
    facts = check_object(metadata or {}, name)
    if source.is_dir():
        if facts:
            raise ValueError(f"log_artifact: {source} is a folder, and metadata are those of one file")
        log_artifacts(source, name)
    elif source.is_file():
        record_file(name, source, facts)
    else:
        raise FileNotFoundError(f"log_artifact: there is no file {source}")


def log_artifacts(local_dir: str | Path, artifact_path: str | None = None) -> None:
    """Log a copy of every file of a folder and its sub-folders, in the order of their names.

    ``models/small.onnx`` is the name of a file in a sub-folder; all names are checked before the first file
    is logged. Raise NotADirectoryError if there is no such folder, ValueError if an artifact cannot have a
    file's name.

    Example:
        >>> import nightbook
        >>> folder = nightbook.scratch_dir() / "results"
        >>> (folder / "models").mkdir(parents=True)
        >>> size_bytes = (folder / "models" / "small.onnx").write_bytes(b"onnx")
        >>> nightbook.log_artifacts(folder)
        file models/small.onnx (4 bytes)

    """
    folder = Path(local_dir)
    if not folder.is_dir():
        raise NotADirectoryError(f"log_artifacts: there is no folder {folder}")
    prefix = f"{artifact_path}/" if artifact_path else ""
    files = {
        check_artifact_name(prefix + file.relative_to(folder).as_posix()): file
        for file in _files_below(folder)
    }
    check_new_artifacts(files)
    for name, file in files.items():
        record_file(name, file, {})


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files in order; what is neither a file nor a link to one, such as a socket, is left out."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (file for name in sorted(names) if (file := Path(place, name)).is_file())
