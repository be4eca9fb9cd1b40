"""The outputs of a cell as a page without scripts can show them."""

import binascii
from base64 import b64decode

from nbformat import NotebookNode

from nightbook.record.render.plain_text import one_line
from nightbook.reporting.closed_html import closed
from nightbook.reporting.widget_outputs import widget_outputs

_WIDGET = "application/vnd.jupyter.widget-view+json"
_PICTURES = ("image/png", "image/jpeg")
_OTHER_PICTURES = ("image/gif", "image/webp")  # which nbconvert's templates do not know
_SHOWN = (
    "application/javascript",
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "text/latex",
    *_PICTURES,
    "text/plain",
)
_KINDS = ("stream", "display_data", "execute_result", "error")
_MAX_TYPES = 200


def displayable(cell: NotebookNode, widgets: object) -> NotebookNode:
    """Return the cell with outputs that nbconvert can show, a notice in place of each that it cannot.

    ``widgets`` is the state of the notebook's widgets, from its metadata.
    """
    if cell.cell_type == "code":
        cell.outputs = [
            shown for output in cell.get("outputs") or () for shown in _without_widget(output, widgets)
        ]
        for output in cell.outputs:
            if "data" in output:
                _mend(output.data)
    return cell


def _without_widget(output: NotebookNode, widgets: object) -> list[NotebookNode]:
    """Return the last state of a widget as outputs; any other output as it is."""
    if output.get("output_type") not in _KINDS:
        raise ValueError(f"an output is {output.get('output_type')!r:.80}, and none of {', '.join(_KINDS)}")
    view = output.data.get(_WIDGET) if "data" in output else None
    if view is None:
        return [output]
    found = widget_outputs(view, widgets)
    del output.data[_WIDGET]
    return found or [output]


def _mend(data: NotebookNode) -> None:
    """Replace what cannot be shown by a text, and a picture of another format by HTML."""
    for kind in _PICTURES:
        if kind in data and not _is_base64(data[kind]):
            data.clear()
            data["text/plain"] = f"[This {kind} is not base64 and cannot be shown.]"
    for kind in _OTHER_PICTURES:
        if kind in data and "text/html" not in data and _is_base64(data[kind]):
            data["text/html"] = f'<img alt="" src="data:{kind};base64,{data[kind]}">'
    if "text/html" in data:
        data["text/html"] = closed(data["text/html"])
    if not any(kind in data for kind in _SHOWN):
        kinds = one_line(", ".join(map(str, data)) or "nothing", _MAX_TYPES)
        data["text/plain"] = f"[This output cannot be shown here: {kinds}.]"


def _is_base64(text: object) -> bool:
    try:
        return bool(b64decode("".join(str(text).split()), validate=True))
    except (binascii.Error, ValueError):  # also characters beyond ASCII
        return False
