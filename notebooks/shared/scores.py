"""How good predicted probabilities are: one short function per score, in plain NumPy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """The trade-off of a yes-or-no decision, a point per threshold, from (0, 0) to (1, 1)."""

    false_positive_rate: NDArray[np.float64]
    true_positive_rate: NDArray[np.float64]

    @property
    def area(self) -> float:
        """The area under the curve: how likely a yes is to be scored above a no."""
        return float(np.trapezoid(self.true_positive_rate, self.false_positive_rate))


def roc_curve(is_positive: NDArray[np.bool_], scores: Floats) -> RocCurve:
    """The curve of deciding yes where the score reaches a threshold, for every threshold there is.

    Equal scores are decided alike, so they make one point. ValueError without any yes or any no.
    """
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        raise ValueError(f"a ROC curve needs both kinds, not {positives} positive and {negatives} negative")
    order = np.argsort(-scores, kind="stable")
    last_of_equals = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    true_positives = np.cumsum(is_positive[order])[last_of_equals]
    false_positives = last_of_equals + 1 - true_positives
    return RocCurve(
        np.append(0, false_positives) / negatives,
        np.append(0, true_positives) / positives,
    )


def log_loss(labels: NDArray[np.int64], probabilities: Floats) -> float:
    """The mean of -log(probability of the true label), in nats; finite, even for a probability of 0."""
    likely = np.take_along_axis(probabilities, labels[:, np.newaxis], axis=1)
    return float(-np.log(np.maximum(likely, np.finfo(probabilities.dtype).eps)).mean())


def confusion_matrix(
    labels: NDArray[np.int64], predictions: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """How many images of each label (row) were taken for each digit (column)."""
    counts = np.bincount(labels * classes + predictions, minlength=classes**2)
    return counts.reshape(classes, classes)
