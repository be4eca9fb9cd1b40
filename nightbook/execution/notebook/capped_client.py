"""An nbclient that stores a limited amount of each cell's output."""

from itertools import groupby
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Callable, Integer

from nightbook.record.render.terminal_text import without_overwritten

_MAX_ERROR_LINE = 10_000  # characters
_BYTES_PER_OUTPUT = 100  # of JSON that an output takes in the notebook beside its text


class CappedClient(NotebookClient):
    """Drops a cell's output beyond ``max_output_bytes``, and puts a notice in its place.

    A traceback is always kept: it is the last output of a cell, and the first that a person looks for.
    ``on_text`` is called with the text of each output as it arrives, stored or not; ``on_error`` with that of
    a traceback.
    """

    max_output_bytes = Integer(help="the size up to which a cell's output is stored").tag(config=True)
    on_text = Callable(lambda _: None, help="what follows the output while the cell runs")
    on_error = Callable(lambda _: None, help="what follows the errors")
    _stored_bytes = 0
    _dropped = False

    async def async_execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,  # noqa: FBT001, FBT002 nbclient's signature
    ) -> NotebookNode:
        """Execute the cell with a new budget, and join its streams however it ends."""
        self._stored_bytes, self._dropped = 0, False
        try:
            return await super().async_execute_cell(cell, cell_index, execution_count, store_history)
        finally:
            if cell.cell_type == "code":
                cell.outputs = join_streams(cell.outputs)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Store the output, unless the cell has used up its budget."""
        content = msg["content"]
        if msg["msg_type"] == "error":
            content["evalue"] = _start(content["evalue"])
            content["traceback"] = [_start(line) for line in content["traceback"]]
            self.on_error("\n".join([*content["traceback"], ""]))
            return super().output(outs, msg, display_id, cell_index)
        self.on_text(text_of(msg))
        size_bytes = _size_bytes(content) + _BYTES_PER_OUTPUT
        if not self._dropped and self._stored_bytes + size_bytes <= self.max_output_bytes:
            self._stored_bytes += size_bytes
            return super().output(outs, msg, display_id, cell_index)
        if not self._dropped:
            self._dropped = True
            if msg["msg_type"] == "stream":
                room = max(self.max_output_bytes - self._stored_bytes, 0)
                text = content["text"].encode(errors="replace")[:room].decode(errors="ignore")
                outs.append(new_output("stream", name=content["name"], text=text))
            outs.append(new_output("stream", name="stderr", text=self._notice()))
        return None

    def clear_output(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """Clear the cell's outputs and renew its budget."""
        self._stored_bytes, self._dropped = 0, False
        super().clear_output(outs, msg, cell_index)

    def _notice(self) -> str:
        return (
            f"[nightbook: this cell has more than {self.max_output_bytes} bytes of output, the rest is not "
            "stored; the limit is max_output_bytes in luigi.cfg]\n"
        )


def text_of(msg: dict[str, Any]) -> str:
    """Return an output as a terminal would show it; an empty text for one that is not text."""
    content = msg["content"]
    if msg["msg_type"] == "stream":
        return str(content["text"])
    text = content.get("data", {}).get("text/plain", "")
    return f"{text}\n" if text else ""


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


def _start(text: str) -> str:
    """Return the text, cut to the longest line of an exception that is kept."""
    return text if len(text) <= _MAX_ERROR_LINE else f"{text[:_MAX_ERROR_LINE]}… ({len(text)} characters)"


def _size_bytes(content: dict[str, Any]) -> int:
    texts = [content["text"]] if "text" in content else content.get("data", {}).values()
    return sum(len(str(text).encode(errors="replace")) for text in texts)
