"""What a notebook calls: names and signatures as in MLflow's fluent API.

Inside a run, everything logged becomes a span of the attempt, and files go to its ``artifacts/``.
Outside a run, the functions check what they are given, print one line and keep nothing.
https://mlflow.org/docs/latest/api_reference/python_api/mlflow.html
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nightbook.record.format.values import (
    check_file_name,
    check_name,
    check_number,
    check_object,
    check_step,
    check_value,
    to_plain,
)
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
    """Log a parameter: any JSON value."""
    log_params({key: value})


def log_params(params: Mapping[str, object]) -> None:
    """Log several parameters; all are checked before the first is logged."""
    checked = {check_name(key, "a parameter"): check_value(value, key) for key, value in params.items()}
    for key, plain in checked.items():
        record_value(key, ValueType.PARAM, plain)


def log_metric(key: str, value: float, step: int | None = None) -> None:
    """Log a number; with ``step`` it is a point of a series. NaN and infinity are kept."""
    log_metrics({key: value}, step)


def log_metrics(metrics: Mapping[str, float], step: int | None = None) -> None:
    """Log several numbers; all are checked before the first is logged."""
    checked_step = None if step is None else check_step(step)
    checked = {
        check_name(key, "a metric"): check_value(check_number(value, key), key)
        for key, value in metrics.items()
    }
    for key, plain in checked.items():
        record_value(key, ValueType.METRIC, plain, checked_step)


def log_value(key: str, value: object) -> None:
    """Log any JSON value: None, bool, int, float, str, list, dict, and NumPy's scalars."""
    record_value(check_name(key, "a value"), ValueType.VALUE, check_value(value, key))


def log_text(text: str, artifact_file: str) -> None:
    """Log a text file."""
    name = check_file_name(artifact_file)
    if not isinstance(text, str):
        raise TypeError(f"log_text takes a string, not {type(text).__name__}: use log_artifact for a file")
    record_bytes(name, ArtifactType.TEXT, text.encode())


def log_dict(dictionary: Mapping[str, object] | Sequence[object], artifact_file: str) -> None:
    """Log a dictionary or list, of the same values as ``log_value`` takes, as an indented JSON file."""
    name = check_file_name(artifact_file)
    if not isinstance(dictionary, Mapping | list | tuple):
        raise TypeError(f"log_dict takes a dict or a list, not {type(dictionary).__name__}")
    text = json.dumps(to_plain(dictionary, name), indent=2, ensure_ascii=False)
    record_bytes(name, ArtifactType.DATA, text.encode())


def log_table(data: object, artifact_file: str) -> None:
    """Log a table, columns as a dict of equally long lists or a DataFrame, as .csv or .json."""
    name = check_file_name(artifact_file)
    record_bytes(name, ArtifactType.TABLE, encode_table(data, name))


def log_figure(figure: Figure, artifact_file: str) -> None:
    """Log a Matplotlib figure, in the format that the name's ending tells of: .png, .svg, ..."""
    name = check_file_name(artifact_file)
    record_bytes(name, ArtifactType.FIGURE, encode_figure(figure, name))


def log_image(image: Any, artifact_file: str) -> None:
    """Log an image: a Pillow image, or an 8-bit array of height x width [x 3 or 4]."""
    name = check_file_name(artifact_file)
    record_bytes(name, ArtifactType.IMAGE, encode_image(image, name))


def log_artifact(local_path: str | Path, *, metadata: Mapping[str, object] | None = None) -> None:
    """Log a copy of a file under its own name, with facts about it if there are any.

    The file is read once and never held in memory.
    """
    source = Path(local_path)
    if not source.is_file():
        raise FileNotFoundError(f"log_artifact: there is no file {source}")
    name = check_file_name(source.name)
    if metadata is not None and not isinstance(metadata, Mapping):
        raise TypeError(f"the metadata of {name!r} must be a dict, not {type(metadata).__name__}")
    record_file(name, source, check_object(metadata or {}, name))


def log_artifacts(local_dir: str | Path) -> None:
    """Log every file of a folder. Names in a record are flat: a subfolder is refused."""
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
