"""An nbclient that stores a bounded amount of each cell's output."""

from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Integer

_BYTES_PER_OUTPUT = 100  # what an output costs in the notebook's JSON beside its text


class CappedClient(NotebookClient):
    """Drops what a cell displays beyond ``max_output_bytes``, and says so in its place.

    A traceback is always kept: it is the last thing a cell shows, and what a person looks for.
    """

    max_output_bytes = Integer(help="how much of a cell's output is stored").tag(config=True)
    _stored_bytes = 0
    _dropped = False

    async def async_execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,  # noqa: FBT001, FBT002 nbclient's signature
    ) -> NotebookNode:
        """Execute the cell with a budget of its own."""
        self._stored_bytes, self._dropped = 0, False
        return await super().async_execute_cell(cell, cell_index, execution_count, store_history)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Store the output, unless the cell has used up its budget."""
        size = _size(msg["content"]) + _BYTES_PER_OUTPUT
        fits = not self._dropped and self._stored_bytes + size <= self.max_output_bytes
        if fits or msg["msg_type"] == "error":
            self._stored_bytes += size
            return super().output(outs, msg, display_id, cell_index)
        if not self._dropped:
            self._dropped = True
            if msg["msg_type"] == "stream":
                room = max(self.max_output_bytes - self._stored_bytes, 0)
                outs.append(
                    new_output("stream", name=msg["content"]["name"], text=msg["content"]["text"][:room])
                )
            outs.append(new_output("stream", name="stderr", text=self._notice()))
        return None

    def clear_output(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """Clear the cell's outputs; the budget starts anew."""
        self._stored_bytes, self._dropped = 0, False
        super().clear_output(outs, msg, cell_index)

    def _notice(self) -> str:
        return (
            f"[nightbook: more than {self.max_output_bytes} bytes of output in this cell, "
            "the rest is not stored; the bound is max_output_bytes in luigi.cfg]\n"
        )


def _size(content: dict[str, Any]) -> int:
    text = content.get("text")
    if isinstance(text, str):
        return len(text)
    return sum(len(str(item)) for item in content.get("data", {}).values())
