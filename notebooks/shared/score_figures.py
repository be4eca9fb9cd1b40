"""The pictures of a classifier's scores: one function per figure, all digits in each."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from shared.figures import BLUE, GREY, LIGHT_GREY, ORANGE, new_figure
from shared.scores import RocCurve

_HIGHLIGHTS = ((ORANGE, "-"), (BLUE, "--"), ("black", ":"))


def confusion_figure(counts: NDArray[np.int64]) -> Figure:
    """A confusion matrix, its colours by the square root of the counts: one mistake is seen too."""
    fig = new_figure(4.6, 4.6)
    ax = fig.subplots()
    ax.imshow(np.sqrt(counts), cmap="Blues")
    for label, guess in np.argwhere(counts):
        count = counts[label, guess]
        colour = "white" if count > counts.max() / 4 else "black"
        ax.text(guess, label, str(count), ha="center", va="center", color=colour)
    digits = range(len(counts))
    ax.set(title="Test images", xlabel="predicted digit", ylabel="true digit", xticks=digits, yticks=digits)
    ax.grid(visible=False)
    return fig


def probability_figure(labels: NDArray[np.int64], probabilities: NDArray[np.floating]) -> Figure:
    """Two histograms per digit of the probability given to it; heights are logarithms of counts."""
    digits = range(probabilities.shape[1])
    bins = np.linspace(0, 1, 26)
    fig = new_figure(8, 4.6)
    ax = fig.subplots()
    for digit in digits:
        for chosen, colour in ((labels != digit, ORANGE), (labels == digit, BLUE)):
            counts, _ = np.histogram(probabilities[chosen, digit], bins)
            heights = 0.9 * np.log1p(counts) / np.log1p(len(labels))
            ax.stairs(digit - heights, bins, baseline=digit, fill=True, color=colour, alpha=0.65)
    ax.set(xlabel="predicted probability of the digit", ylabel="digit", xlim=(0, 1), yticks=digits)
    ax.invert_yaxis()
    names = ["images of other digits", "images of the digit"]
    fig.legend(ax.patches[:2], names, ncols=2, loc="outside upper center")
    return fig


def roc_figure(curves: Sequence[RocCurve]) -> Figure:
    """A ROC curve per digit, the three hardest digits picked out, beside the areas under all of them.

    The false positive rate has a logarithmic scale, since good curves look all the same on a linear
    one; a rate of zero, which has no logarithm, is drawn left of the smallest other one.
    """
    areas = np.array([curve.area for curve in curves])
    lines = dict(zip(np.argsort(areas).tolist(), _HIGHLIGHTS, strict=False))
    smallest = min(float(curve.false_positive_rate[curve.false_positive_rate > 0].min()) for curve in curves)
    fig = new_figure(8, 3.8)
    curve_ax, area_ax = fig.subplots(1, 2, width_ratios=(3, 2))
    for digit, curve in enumerate(curves):
        colour, dashes = lines.get(digit, (LIGHT_GREY, "-"))
        curve_ax.plot(
            np.maximum(curve.false_positive_rate, smallest / 2),
            curve.true_positive_rate,
            color=colour,
            linestyle=dashes,
            linewidth=2 if digit in lines else 1.2,
            zorder=3 if digit in lines else 2,
            label=f"digit {digit}" if digit in lines else None,
        )
        area_ax.plot(areas[digit], digit, "o", color=colour if digit in lines else GREY)
    curve_ax.set(title="ROC curves", xlabel="false positive rate", ylabel="true positive rate", xscale="log")
    curve_ax.xaxis.set_major_formatter("{x:g}")
    curve_ax.minorticks_off()
    curve_ax.legend(title="hardest digits", loc="lower right")
    area_ax.hlines(range(len(areas)), areas, 1, color=LIGHT_GREY, zorder=1)
    area_ax.set(title="Area under the curve", xlabel="ROC AUC", ylabel="digit", yticks=range(len(areas)))
    area_ax.invert_yaxis()
    return fig
