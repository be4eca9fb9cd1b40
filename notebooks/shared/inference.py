"""Predictions of an ONNX model, computed on the processors that this task may use."""

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

ort.disable_telemetry_events()  # since 1.32 ONNX Runtime reports to its makers unless told not to


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """A label per image, and a row with the probability of each digit."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]


class Classifier:
    """An ONNX model that takes rows of pixels and gives labels and probabilities."""

    def __init__(self, model: Path | bytes) -> None:
        options = ort.SessionOptions()
        # A run bounds this variable to the task's num_cpus; left alone, ONNX takes every core.
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
        self._session = ort.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def predict(self, pixels: NDArray[np.float32]) -> Predictions:
        """What the images show, computed in one call."""
        labels, probabilities = self._session.run(None, {self._input: pixels})
        return Predictions(labels, probabilities)


def latency_us(
    classifier: Classifier, pixels: NDArray[np.float32], batch_size: int, repeats: int = 5
) -> float:
    """Microseconds per image when they come in batches of this size: the median of several passes."""
    batches = [pixels[start : start + batch_size] for start in range(0, len(pixels), batch_size)]
    classifier.predict(batches[0])  # the first call also sets up memory
    return statistics.median(_pass_ns(classifier, batches) for _ in range(repeats)) / len(pixels) / 1000


def _pass_ns(classifier: Classifier, batches: list[NDArray[np.float32]]) -> int:
    start_ns = time.perf_counter_ns()
    for batch in batches:
        classifier.predict(batch)
    return time.perf_counter_ns() - start_ns
