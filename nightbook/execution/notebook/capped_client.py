"""An nbclient that stores a limited amount of each cell's output, and all of it up to that."""

from collections import defaultdict
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg
from traitlets import Callable, Integer

from nightbook.execution.kernel.bounded_messages import start_of
from nightbook.execution.notebook.bounded_outputs import BoundedOutputs, Stored

_LAST_MESSAGE = "shutdown_reply"
_INCOMPLETE = "[nightbook: the kernel did not report the end of this cell: output may be missing]\n"


class CappedClient(NotebookClient):
    """Stores the beginning and the end of what a cell shows, within ``max_output_bytes``.

    What a thread prints when its cell has ended is stored with that cell. ``on_text`` is called with the text
    of each output as it arrives, stored or not; ``on_error`` with that of a traceback.
    """

    max_output_bytes = Integer(help="the size up to which a cell's output is stored").tag(config=True)
    on_text = Callable(lambda _: None, help="what follows the output while the cell runs")
    on_error = Callable(lambda _: None, help="what follows the errors")
    kc: Any
    iopub_timeout = Integer(60, help="seconds until the end of an answered cell counts as lost")

    def reset_execution_trackers(self) -> None:
        """Forget all cells."""
        super().reset_execution_trackers()
        self._outputs: dict[int, BoundedOutputs] = defaultdict(self._no_outputs)
        self._cells: dict[str, int] = {}  # the cell of each request
        self._displays: dict[str, list[tuple[int, Stored]]] = defaultdict(list)
        self._to_clear: set[int] = set()  # the cells to be cleared by their next output

    async def follow(self) -> None:
        """Store what still arrives, until the kernel says that this was all; other kernels never do."""
        while await self._receive() != _LAST_MESSAGE:
            pass

    def add_notice(self, cell_index: int, text: str) -> None:
        """Add a line to what a cell has printed as errors."""
        self._outputs[cell_index].add(new_output("stream", name="stderr", text=text))
        self.store_outputs()

    def store_outputs(self) -> None:
        """Bring the notebook's cells up to date."""
        for index, outputs in self._outputs.items():
            self.nb.cells[index].outputs = outputs.outputs()

    async def _async_poll_for_reply(self, msg_id: str, *arguments: Any) -> dict[str, Any]:
        """Return the kernel's answer when all of the cell's output is stored."""
        *_, output, _alive = arguments
        try:
            reply: dict[str, Any] = await super()._async_poll_for_reply(msg_id, *arguments)
            if output.cancelled():
                self.add_notice(self._cells[msg_id], _INCOMPLETE)
        finally:
            self.store_outputs()
        return reply

    async def _async_poll_output_msg(self, parent_msg_id: str, _: NotebookNode, cell_index: int) -> None:
        """Store what arrives until the cell's end."""
        self._cells[parent_msg_id] = cell_index
        while await self._receive() != parent_msg_id:
            pass

    async def _receive(self) -> str | None:
        """Store one message; return the request that it ends, or its type if it is of no cell."""
        message = await self.kc.iopub_channel.get_msg(timeout=None)
        request = message["parent_header"].get("msg_id")
        cell_index = self._cells.get(request)
        if cell_index is None:
            return None if request else str(message["msg_type"])
        try:
            self.process_message(message, self.nb.cells[cell_index], cell_index)
        except CellExecutionComplete:
            return str(request)
        return None

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Store the output with its cell, or in the widget that takes the cell's output."""
        content = msg["content"]
        if msg["msg_type"] == "error":
            content["evalue"] = start_of(content["evalue"])
            content["traceback"] = [start_of(line) for line in content["traceback"]]
            self.on_error("\n".join([*content["traceback"], ""]))
        else:
            self.on_text(text_of(msg))
        if self.output_hook_stack[msg["parent_header"]["msg_id"]]:
            return super().output(outs, msg, display_id, cell_index)
        if cell_index in self._to_clear:
            self._clear(cell_index)
        try:
            output: NotebookNode = output_from_msg(msg)
        except ValueError:
            return None  # a kind of message that is no output
        stored = self._outputs[cell_index].add(output)
        if display_id:
            self._displays[display_id].append((cell_index, stored))
        return output

    def clear_output(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """Clear the cell's outputs, at once or with its next output, which renews its budget."""
        if self.output_hook_stack[msg["parent_header"]["msg_id"]]:
            super().clear_output(outs, msg, cell_index)
        elif msg["content"].get("wait"):
            self._to_clear.add(cell_index)
        else:
            self._clear(cell_index)

    def _clear(self, cell_index: int) -> None:
        self._to_clear.discard(cell_index)
        self._outputs[cell_index].clear()

    def _update_display_id(self, display_id: str, msg: dict[str, Any]) -> None:
        """Replace what the outputs of this id show."""
        content = msg["content"]
        displays = [display for display in self._displays.pop(display_id, ()) if not display[1].dropped]
        if displays:
            self._displays[display_id] = displays
        for cell_index, stored in displays:
            data, metadata = (NotebookNode(content[name]) for name in ("data", "metadata"))
            self._outputs[cell_index].update(stored, data, metadata)

    def _no_outputs(self) -> BoundedOutputs:
        return BoundedOutputs(self.max_output_bytes)


def text_of(msg: dict[str, Any]) -> str:
    """Return an output as a terminal would show it; an empty text for one that is not text."""
    content = msg["content"]
    if msg["msg_type"] == "stream":
        return str(content["text"])
    text = content.get("data", {}).get("text/plain", "")
    return f"{text}\n" if text else ""
