"""Small parts of pages: what varied in a run, numbers as JSON, sizes, pictures, models."""

import json
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from nightbook.record.format.model import (
    Artifact,
    ArtifactType,
    Attempt,
    Json,
    LoggedValue,
    Outcome,
    Run,
    Task,
    ValueType,
)
from nightbook.record.read.reader import read_run
from nightbook.tracker.data.variants import run_values
from nightbook.tracker.output.formatting import size_text
from nightbook.tracker.output.image_size import ImageSize, read_image_size
from nightbook.tracker.pages.renderer import is_link
from nightbook.tracker.previews.onnx import OnnxCard, onnx_card
from tests.support.sample_records import FROZEN, ONNX, PIXEL


def with_tasks(run: Run, *tasks: tuple[dict[str, Json], dict[str, float]]) -> Run:
    """The frozen run with tasks of those parameters and metrics."""
    made = []
    for number, (parameters, metrics) in enumerate(tasks):
        values = tuple(LoggedValue(name, ValueType.METRIC, value, None, 0) for name, value in metrics.items())
        attempt = Attempt(1, Outcome.SUCCESS, 0, 1, 1, PurePosixPath(), values=values)
        made.append(Task(f"t{number}", "t", parameters, "t.py", 1, 1, 1, attempts=(attempt,)))
    return replace(run, tasks=tuple(made), parameters={"run_id": run.run_id, "environment": "ci"})


def test_what_varies_makes_variants_and_the_rest_is_the_runs() -> None:
    run = with_tasks(
        read_run(FROZEN),
        ({"ratio": 0.7}, {"rows": 10}),
        ({"size": 600, "ratio": 0.7}, {"loss": 0.2}),
        ({"size": 800, "ratio": 0.7}, {"loss": 0.1}),
        ({"size": 600}, {"accuracy": 0.9}),
    )
    values = run_values(run)
    assert values.params == {"environment": "ci", "ratio": 0.7}
    assert values.metrics == {"rows": 10}
    assert [(variant.params, variant.metrics) for variant in values.variants] == [
        ({"size": 600}, {"loss": 0.2, "accuracy": 0.9}),
        ({"size": 800}, {"loss": 0.1}),
    ]


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (250_124, "250 kB"),
     (999_499, "999 kB"), (999_500, "1 MB"), (1_234_567, "1.23 MB"), (2**63, "9.22 EB")],
)  # fmt: skip
def test_a_size_is_short(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text


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


def card(metadata: dict[str, Json], name: str = "model.onnx") -> OnnxCard | None:
    path = PurePosixPath("artifacts", name)
    return onnx_card(Artifact(name, ArtifactType.FILE, "application/octet-stream", 1, "", path, metadata))


def test_a_models_card_has_code_that_is_python() -> None:
    told = card(json.loads(json.dumps(ONNX)))
    assert told is not None
    assert (told.opset, told.producer, told.inputs[0].shape) == ("ai.onnx 22", "tests 1", ("?", "64"))
    assert "'X': np.zeros((1, 64), dtype='float32')" in told.sample
    compile(told.sample, "sample", "exec")


@pytest.mark.parametrize(
    "metadata", [{}, {"inputs": 1, "opset": [], "producer": {}}, {"inputs": [1, {"shape": 3}]}]
)
def test_whatever_is_said_of_a_model_is_shown(metadata: dict[str, Json]) -> None:
    told = card(metadata)
    assert told is not None
    compile(told.sample, "sample", "exec")
    assert card(metadata, "model.txt") is None


@pytest.mark.parametrize("address", ["https://example.org/a", "http://x"])
def test_a_web_address_becomes_a_link(address: str) -> None:
    assert is_link(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://",
        "//evil.example",
        "data:text/html,x",
        "https://[",
        f"http://{'a' * 3000}",
    ],
)
def test_another_address_does_not(address: str) -> None:
    assert not is_link(address)
