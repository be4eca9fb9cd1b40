"""The card of an ONNX model."""

import json
from pathlib import Path, PurePosixPath

import pytest

from nightbook.record.format.model import Artifact, ArtifactType, Json
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.previews.kind import LoggedFile
from nightbook.tracker.previews.onnx import OnnxCard, build_card, is_onnx
from tests.support.sample_records import ONNX


def artifact(
    metadata: dict[str, Json], name: str = "model.onnx", media_type: str = "application/octet-stream"
) -> Artifact:
    return Artifact(name, ArtifactType.FILE, media_type, 1, "", PurePosixPath("artifacts", name), metadata)


def card(metadata: dict[str, Json]) -> OnnxCard:
    no_files = RecordFiles(Path(), {}, 0)
    return build_card(LoggedFile(artifact(metadata), no_files, "model.onnx"))


def test_a_models_card_has_code_that_is_python() -> None:
    built = card(json.loads(json.dumps(ONNX)))
    assert (built.opset, built.producer, built.inputs[0].shape) == ("ai.onnx 22", "tests 1", ("?", "64"))
    assert "'X': np.zeros((1, 64), dtype='float32')" in built.sample
    compile(built.sample, "sample", "exec")


@pytest.mark.parametrize(
    "metadata", [{}, {"inputs": 1, "opset": [], "producer": {}}, {"inputs": [1, {"shape": 3}]}]
)
def test_whatever_is_said_of_a_model_is_shown(metadata: dict[str, Json]) -> None:
    compile(card(metadata).sample, "sample", "exec")


def test_a_model_is_known_by_its_name_or_its_media_type() -> None:
    assert is_onnx(artifact({}, "Model.ONNX"))
    assert is_onnx(artifact({}, "model.bin", "application/onnx"))
    assert not is_onnx(artifact({}, "model.txt"))
