"""What an ONNX model says of itself."""

from collections.abc import Iterable

import onnx


def describe_model(model: onnx.ModelProto) -> dict[str, object]:
    """A model's inputs, outputs, opsets, producer and size, as JSON has them.

    https://onnx.ai/onnx/repo-docs/IR.html
    """
    return {
        "inputs": _describe_values(model.graph.input),
        "outputs": _describe_values(model.graph.output),
        "opset": {opset.domain or "ai.onnx": opset.version for opset in model.opset_import},
        "ir_version": model.ir_version,
        "producer": f"{model.producer_name} {model.producer_version}".strip(),
        "size_bytes": model.ByteSize(),
    }


def _describe_values(values: Iterable[onnx.ValueInfoProto]) -> list[dict[str, object]]:
    return [
        {
            "name": value.name,
            "type": onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type).lower(),
            "shape": [_describe_dimension(size) for size in value.type.tensor_type.shape.dim],
        }
        for value in values
    ]


def _describe_dimension(size: onnx.TensorShapeProto.Dimension) -> int | str | None:
    """A number, the name of a size that is left open, or None if it has no name."""
    return size.dim_value if size.HasField("dim_value") else size.dim_param or None
