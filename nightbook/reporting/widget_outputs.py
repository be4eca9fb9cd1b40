"""The last state of a Jupyter widget as ordinary outputs: no widget works without scripts.

The state is in the notebook's metadata: https://github.com/jupyter-widgets/ipywidgets/tree/main/packages/schema
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import groupby

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

_STATE = "application/vnd.jupyter.widget-state+json"
_REFERENCE = "IPY_MODEL_"
_TAG = re.compile(r"<[^>]*>")
_BAR_WIDTH = 20
_MAX_DEPTH = 10

Model = Mapping[str, object]


def widget_outputs(view: object, widgets: object) -> list[NotebookNode]:
    """Return the widget's texts, bars and captured outputs; nothing if its state is not known."""
    models = _mapping(_mapping(_mapping(widgets).get(_STATE)).get("state"))
    parts = list(_parts(_mapping(view).get("model_id"), models, _MAX_DEPTH))
    outputs: list[NotebookNode] = []
    for is_text, group in groupby(parts, key=lambda part: isinstance(part, str)):
        if is_text:
            outputs.append(new_output("stream", name="stdout", text=" ".join(map(str, group)) + "\n"))
        else:
            outputs += [nbformat.from_dict(part) for part in group]
    return outputs


def _parts(model_id: object, models: Mapping[str, object], depth: int) -> Iterator[object]:
    """Yield the texts and outputs of a widget and of those in it, in the order in which they stand."""
    model = _mapping(models.get(str(model_id)))
    state = _mapping(model.get("state"))
    captured, children = state.get("outputs"), state.get("children")
    if isinstance(captured, list | tuple):
        yield from (output for output in captured if isinstance(output, dict))
    elif isinstance(children, list | tuple):
        for child in children if depth else ():
            yield from _parts(str(child).removeprefix(_REFERENCE), models, depth - 1)
    else:
        name = str(model.get("model_name"))
        texts = (
            _text(state.get("description")),
            _bar(state) if "Progress" in name else _text(state.get("value")),
        )
        yield from filter(None, texts)


def _text(value: object) -> str:
    """Return a value as text, HTML as what it says."""
    if isinstance(value, str):
        return unescape(_TAG.sub("", value)).strip()
    return str(value) if isinstance(value, int | float) else ""


def _bar(state: Model) -> str:
    value, most = state.get("value"), state.get("max")
    if not isinstance(value, int | float) or not isinstance(most, int | float) or most <= 0:
        return _text(value)
    filled = round(_BAR_WIDTH * min(max(value / most, 0), 1))
    return f"|{'█' * filled:<{_BAR_WIDTH}}|"


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
