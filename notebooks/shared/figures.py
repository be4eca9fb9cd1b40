"""Figures of one style, which are drawn once: for the run's record and for the notebook alike."""

import io
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

# Colours that people with a colour vision deficiency can tell apart: https://jfly.uni-koeln.de/color/
BLUE, ORANGE = "#0072B2", "#D55E00"
GREY, LIGHT_GREY = "#767676", "#C4C4C4"


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, in the style of all figures."""
    mpl.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.w_pad": 0.08,
            "figure.constrained_layout.h_pad": 0.08,
            "font.size": 11,
            "axes.titlesize": 11,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#E6E6E6",
            "legend.frameon": False,
            "xtick.color": "#444444",
            "ytick.color": "#444444",
        }
    )
    return _OnceDrawn(figsize=(width, height))


class _OnceDrawn(Figure):
    """A figure that shows in a notebook the very picture that was saved of it.

    One made with ``pyplot`` would be drawn a second time under its cell, and kept in memory until
    it is closed.
    """

    _saved = b""

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure, as any figure; remember the picture if it is a PNG."""
        super().savefig(fname, **options)
        if options.get("format") == "png" and isinstance(fname, io.BytesIO):
            self._saved = fname.getvalue()

    def _repr_png_(self) -> bytes:
        """What IPython displays. https://ipython.readthedocs.io/en/stable/config/integrating.html"""
        if not self._saved:
            self.savefig(io.BytesIO(), format="png")
        return self._saved
