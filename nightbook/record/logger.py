"""The functions that a notebook calls to log: names and signatures as in MLflow's fluent API.

Inside a run, everything logged becomes a span of the attempt, and files go to its ``artifacts/``.
Outside a run, the functions check their arguments, print one line and keep nothing.

A name has at most 100 characters: letters, digits, spaces and ``_.:+@=()%-``; that of an artifact, which is
a file's name, no colon.
https://mlflow.org/docs/latest/api_reference/python_api/mlflow.html
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nightbook.record.format.names import check_file_name, check_name
from nightbook.record.format.values import check_number, check_object, check_step, check_value, to_plain
from nightbook.record.format.vocabulary import ArtifactType, ValueType
from nightbook.record.write.attempt_log import record_bytes, record_file, record_value
from nightbook.record.write.encode import Figure, encode_figure, encode_image, encode_table

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
    """Log a parameter: any value that ``log_value`` takes.

    Raise TypeError or ValueError, and log nothing, if the name or the value cannot be recorded.

    Example:
        >>> import nightbook
        >>> nightbook.log_param("solver", "lbfgs")
        param solver = "lbfgs"

    """
    log_params({key: value})


def log_params(params: Mapping[str, object]) -> None:
    """Log several parameters; all are checked before the first is logged.

    Raise TypeError or ValueError, and log nothing, if a name or a value cannot be recorded.

    Example:
        >>> import nightbook
        >>> nightbook.log_params({"solver": "lbfgs", "max_iter": 200})
        param solver = "lbfgs"
        param max_iter = 200

    """
    checked = {check_name(key, "a parameter"): check_value(value, key) for key, value in params.items()}
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
        check_name(key, "a metric"): check_value(check_number(value, key), key)
        for key, value in metrics.items()
    }
    for key, plain in checked.items():
        record_value(key, ValueType.METRIC, plain, checked_step)


def log_value(key: str, value: object) -> None:
    """Log any JSON value: None, bool, int, float, str, list, dict, and NumPy's scalars.

    Raise TypeError for anything else, ValueError for more than 64 KiB of JSON or 100 nested levels.

    Example:
        >>> import nightbook
        >>> nightbook.log_value("labels", ["cat", "dog", None])
        value labels = ["cat", "dog", null]

    """
    record_value(check_name(key, "a value"), ValueType.VALUE, check_value(value, key))


def log_text(text: str, artifact_file: str) -> None:
    """Log a text as a file in UTF-8.

    Raise TypeError if it is not a string, ValueError if the artifact cannot have that name.

    Example:
        >>> import nightbook
        >>> nightbook.log_text("All 1797 images are labelled.", "notes.txt")
        text notes.txt (29 bytes)

    """
    name = check_file_name(artifact_file)
    if not isinstance(text, str):
        raise TypeError(f"log_text takes a string, not {type(text).__name__}: use log_artifact for a file")
    record_bytes(name, ArtifactType.TEXT, text.encode())


def log_dict(dictionary: Mapping[str, object] | Sequence[object], artifact_file: str) -> None:
    """Log a dictionary or list, of the same values as ``log_value`` takes, as an indented JSON file.

    Raise TypeError if it is neither or holds something else; its size is not limited.

    Example:
        >>> import nightbook
        >>> nightbook.log_dict({"C": [0.1, 1]}, "grid.json")
        data grid.json (31 bytes)

    """
    name = check_file_name(artifact_file)
    if not isinstance(dictionary, Mapping | list | tuple):
        raise TypeError(f"log_dict takes a dict or a list, not {type(dictionary).__name__}")
    text = json.dumps(to_plain(dictionary, name), indent=2, ensure_ascii=False)
    record_bytes(name, ArtifactType.DATA, text.encode())


def log_table(data: object, artifact_file: str) -> None:
    """Log a table as .csv or .json: a dict of equally long columns, or a DataFrame.

    Raise TypeError if it is neither, ValueError if the columns' lengths differ or the name ends otherwise.

    Example:
        >>> import nightbook
        >>> nightbook.log_table({"size": [600, 800], "accuracy": [0.95, 0.97]}, "scores.csv")
        table scores.csv (35 bytes)

    """
    name = check_file_name(artifact_file)
    record_bytes(name, ArtifactType.TABLE, encode_table(data, name))


def log_figure(figure: Figure, artifact_file: str) -> None:
    """Log a Matplotlib figure in the format of the name's ending: .png, .svg, ...

    Raise TypeError if it is not a figure, ValueError if Matplotlib does not know the format.

    Example:
        >>> import nightbook
        >>> from matplotlib.figure import Figure
        >>> figure = Figure()
        >>> _ = figure.subplots().plot([0.5, 0.9, 0.97])
        >>> nightbook.log_figure(figure, "accuracy.png")
        figure accuracy.png (... bytes)

    """
    name = check_file_name(artifact_file)
    record_bytes(name, ArtifactType.FIGURE, encode_figure(figure, name))


def log_image(image: Any, artifact_file: str) -> None:
    """Log an image: a Pillow image, or a uint8 array of height x width [x 3 or 4], from 0 to 255.

    Raise TypeError for an array of another type, ValueError if Pillow does not know the name's format.

    Example:
        >>> import nightbook
        >>> import numpy as np
        >>> nightbook.log_image(np.zeros((8, 8), dtype="uint8"), "digit.png")
        image digit.png (... bytes)

    """
    name = check_file_name(artifact_file)
    record_bytes(name, ArtifactType.IMAGE, encode_image(image, name))


def log_artifact(local_path: str | Path, *, metadata: Mapping[str, object] | None = None) -> None:
    """Log a copy of a file under its own name; ``metadata`` are facts about it, as JSON values.

    The file is read once and never held in memory. Raise FileNotFoundError if there is no such file,
    ValueError if an artifact cannot have its name.

    Example:
        >>> import nightbook
        >>> model = nightbook.scratch_dir() / "model.onnx"
        >>> size_bytes = model.write_bytes(b"onnx")
        >>> nightbook.log_artifact(model, metadata={"opset": 22})
        file model.onnx (4 bytes)

    """
    source = Path(local_path)
    if not source.is_file():
        raise FileNotFoundError(f"log_artifact: there is no file {source}")
    name = check_file_name(source.name)
    if metadata is not None and not isinstance(metadata, Mapping):
        raise TypeError(f"the metadata of {name!r} must be a dict, not {type(metadata).__name__}")
    record_file(name, source, check_object(metadata or {}, name))


def log_artifacts(local_dir: str | Path) -> None:
    """Log a copy of every file of a folder, in the order of their names.

    Names in a record are flat: raise IsADirectoryError if there is a subfolder, NotADirectoryError if there
    is no such folder, and log nothing then.

    Example:
        >>> import nightbook
        >>> folder = nightbook.scratch_dir() / "models"
        >>> folder.mkdir()
        >>> size_bytes = (folder / "small.onnx").write_bytes(b"onnx")
        >>> nightbook.log_artifacts(folder)
        file small.onnx (4 bytes)

    """
    folder = Path(local_dir)
    if not folder.is_dir():
        raise NotADirectoryError(f"log_artifacts: there is no folder {folder}")
    files = sorted(folder.iterdir())
    for file in files:
        if file.is_dir():
            raise IsADirectoryError(
                f"log_artifacts: {file} is a folder, and artifact names are flat; "
                "log its files one by one under names of their own"
            )
        check_file_name(file.name)
    for file in files:
        log_artifact(file)
