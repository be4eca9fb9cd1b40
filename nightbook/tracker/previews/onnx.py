"""The preview of an ONNX model: a card made of the metadata that was logged with the file.

The convention: ``log_artifact("model.onnx", metadata={"inputs": [{"name", "type", "shape"}], "outputs":
[...], "opset": {"ai.onnx": 22}, "producer": "..."})``. All of them are optional.
"""

from dataclasses import dataclass

from nightbook.record.format.model import Artifact, Json
from nightbook.tracker.previews.kind import LoggedFile, PreviewKind

_ENDING = ".onnx"
_MEDIA_TYPE = "application/onnx"
_MOST = 50  # inputs or outputs
_NUMPY_TYPES = {"float": "float32", "double": "float64", "string": "str", "bool": "bool"}


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output; an open dimension has its name, or ``?``."""

    name: str
    type: str
    shape: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnnxCard:
    """What is known of a model, and Python code that runs it."""

    artifact: Artifact
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    opset: str
    producer: str
    sample: str


def is_onnx(artifact: Artifact) -> bool:
    """Return whether the artifact is an ONNX model, by its media type or its name."""
    return artifact.media_type == _MEDIA_TYPE or artifact.path.suffix.lower() == _ENDING


def build_card(logged: LoggedFile) -> OnnxCard:
    """Return the card; metadata of an unexpected form is left out."""
    metadata = logged.artifact.metadata
    opset, producer = metadata.get("opset"), metadata.get("producer")
    inputs = _tensors(metadata.get("inputs"))
    return OnnxCard(
        artifact=logged.artifact,
        inputs=inputs,
        outputs=_tensors(metadata.get("outputs")),
        opset=", ".join(f"{name} {version}" for name, version in opset.items())
        if isinstance(opset, dict)
        else "",
        producer=producer if isinstance(producer, str) else "",
        sample=_sample(logged.artifact, inputs),
    )


def _tensors(described: Json) -> tuple[Tensor, ...]:
    if not isinstance(described, list):
        return ()
    return tuple(_tensor(one) for one in described[:_MOST] if isinstance(one, dict))


def _tensor(described: dict[str, Json]) -> Tensor:
    shape = described.get("shape")
    dimensions = shape if isinstance(shape, list) else []
    return Tensor(
        name=str(described.get("name", "")),
        type=str(described.get("type", "")),
        shape=tuple("?" if size is None else str(size) for size in dimensions),
    )


def _sample(artifact: Artifact, inputs: tuple[Tensor, ...]) -> str:
    """Return code that loads the model and runs it on zeros; names stand in it as Python literals."""
    feeds = "".join(f"    {tensor.name!r}: {_zeros(tensor)},\n" for tensor in inputs)
    return (
        "import numpy as np\nimport onnxruntime\n\n"
        f"session = onnxruntime.InferenceSession({artifact.name!r})\n"
        f"inputs = {{\n{feeds}}}\n"
        "for output, value in zip(session.get_outputs(), session.run(None, inputs)):\n"
        "    print(output.name, value.shape)\n"
    )


def _zeros(tensor: Tensor) -> str:
    sizes = [size if size.isdecimal() else "1" for size in tensor.shape]
    shape = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    return f"np.zeros({shape}, dtype={_NUMPY_TYPES.get(tensor.type, tensor.type)!r})"


KIND = PreviewKind(
    name="models",
    title="Models",
    template="previews/onnx.html",
    matches=is_onnx,
    build=build_card,
)
