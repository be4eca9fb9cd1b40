"""What a cell shows at length: its beginning and its end are on the page, in an area that scrolls."""

from nbformat import NotebookNode
from nbformat.v4 import new_output

from nightbook.record.render.plain_text import counted

_MOST_LINES = 100  # that are shown as they are: from there on, Jupyter Notebook scrolls, too
_WIDTH = 150  # characters of a line; a longer one is wrapped
_ROOM = 100_000  # characters of the beginning, and as many of the end
_OUTPUT = 100  # characters that an output counts for that is not printed text, such as a picture
_NOTICE = "[nightbook: "  # so begins what says that not even the notebook has all


def is_long(cell: NotebookNode) -> bool:
    """Return whether the cell's outputs have so many lines that they need an area that scrolls."""
    return sum(_count_lines(output) for output in cell.get("outputs") or ()) > _MOST_LINES


def shortened(cell: NotebookNode) -> NotebookNode:
    """Return the cell with the beginning and the end of its outputs, and between them a line that says so.

    An exception is always shown. The notebook itself has all that was stored.
    """
    outputs = cell.get("outputs") or []
    if sum(map(_size, outputs)) <= 2 * _ROOM:
        return cell
    begin, rest = _first(outputs)
    middle, end = _last(rest)
    kept = [output for output in middle if _is_kept(output)]
    left_out = [output for output in middle if not _is_kept(output)]
    cell.outputs = [*begin, *([_notice(left_out)] if left_out else []), *kept, *end]
    return cell


def _first(outputs: list[NotebookNode]) -> tuple[list[NotebookNode], list[NotebookNode]]:
    """Return the outputs that fit, and the others; a text is divided where a line ends."""
    room = _ROOM
    for position, output in enumerate(outputs):
        if _size(output) > room:
            if "text" not in output:
                return outputs[:position], outputs[position:]
            cut = output["text"].rfind("\n", 0, room) + 1 or room
            first, second = _cut(output, cut)
            return [*outputs[:position], first], [second, *outputs[position + 1 :]]
        room -= _size(output)
    return outputs, []


def _last(outputs: list[NotebookNode]) -> tuple[list[NotebookNode], list[NotebookNode]]:
    """Return the others, and the last outputs that fit; a text is divided where a line ends."""
    room = _ROOM
    for position, output in reversed(list(enumerate(outputs))):
        if _size(output) > room:
            if "text" not in output:
                return outputs[: position + 1], outputs[position + 1 :]
            start = len(output["text"]) - room
            first, second = _cut(output, output["text"].find("\n", start, -1) + 1 or start)
            return [*outputs[:position], first], [second, *outputs[position + 1 :]]
        room -= _size(output)
    return [], outputs


def _cut(stream: NotebookNode, position: int) -> tuple[NotebookNode, NotebookNode]:
    first, second = (
        new_output("stream", name=stream["name"], text=text)
        for text in (stream["text"][:position], stream["text"][position:])
    )
    return first, second


def _notice(left_out: list[NotebookNode]) -> NotebookNode:
    """Return a line about outputs that are not shown."""
    texts = [output["text"] for output in left_out if "text" in output]
    parts = [f"{counted(sum(map(len, texts)), 'character')} of text"] if texts else []
    others = len(left_out) - len(texts)
    parts += [counted(others, "output")] if others else []
    text = f"{' and '.join(parts)} of this cell are not shown here: the notebook itself has them."
    notice: NotebookNode = new_output("display_data", data={"text/html": f'<p class="not-shown">{text}</p>'})
    return notice


def _is_kept(output: NotebookNode) -> bool:
    return output["output_type"] == "error" or str(output.get("text")).startswith(_NOTICE)


def _size(output: NotebookNode) -> int:
    return len(output["text"]) if "text" in output else _OUTPUT


def _count_lines(output: NotebookNode) -> int:
    """Return the lines of a text; one, for an output that has another form, too."""
    data = output.get("data", {})
    text = str(output.get("text") or (data.get("text/plain", "") if len(data) == 1 else ""))
    return max(text.count("\n"), len(text) // _WIDTH, 1)
