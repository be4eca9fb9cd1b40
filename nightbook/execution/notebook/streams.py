"""Pieces of what a notebook prints, joined and cut."""

from itertools import groupby

from nbformat import NotebookNode
from nbformat.v4 import new_output

from nightbook.record.render.terminal_text import without_overwritten

_LONGEST_PART = 1_000  # characters of a line that may be left out, so that a text ends where a line does


def join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with neighbouring pieces of one stream joined, as a terminal would show them.

    nbclient can do this too, with a regular expression that takes hours for a long line.
    """
    joined: list[NotebookNode] = []
    for stream, group in groupby(outputs, key=lambda output: output.get("name", "")):
        pieces = list(group)
        if stream:
            text = "".join(piece["text"] for piece in pieces)
            joined.append(new_output("stream", name=stream, text=without_overwritten(text)))
        else:
            joined += pieces
    return joined


def cut_stream(piece: NotebookNode, size_bytes: int) -> tuple[NotebookNode, NotebookNode]:
    """Return the first bytes of a stream's piece, without half a character, and the rest."""
    text = piece["text"]
    first = text.encode(errors="replace")[: max(size_bytes, 0)].decode(errors="ignore")
    return _like(piece, first), _like(piece, text[len(first) :])


def to_line_end(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs without the last, incomplete line of a text at their end, unless it is long."""
    if not outputs or "text" not in outputs[-1]:
        return outputs
    text = outputs[-1]["text"]
    end = text.rfind("\n", -_LONGEST_PART - 1) + 1
    return [*outputs[:-1], _like(outputs[-1], text[:end])] if end else outputs


def from_line_start(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs without the first, incomplete line of a text at their start, unless it is long."""
    if not outputs or "text" not in outputs[0]:
        return outputs
    text = outputs[0]["text"]
    start = text.find("\n", 0, min(_LONGEST_PART + 1, len(text) - 1)) + 1
    return [_like(outputs[0], text[start:]), *outputs[1:]] if start else outputs


def _like(piece: NotebookNode, text: str) -> NotebookNode:
    output: NotebookNode = new_output("stream", name=piece["name"], text=text)
    return output
