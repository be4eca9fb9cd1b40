"""The outputs of one cell, of which the beginning and the end are kept if there are too many."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from nightbook.execution.notebook.streams import cut_stream, from_line_start, join_streams, to_line_end

_BYTES_PER_OUTPUT = 100  # of JSON that an output takes in the notebook beside its text
_END = 4  # a quarter of the room is for the end
_LIMIT = "the limit is max_output_bytes in luigi.cfg"


@dataclass(slots=True, eq=False)
class Stored:
    """An output, its size, and whether it is in the end of its cell or not there any more."""

    output: NotebookNode
    size_bytes: int
    in_end: bool = False
    dropped: bool = False


@dataclass(slots=True)
class BoundedOutputs:
    """Takes any number of outputs, and has those that fit into ``max_bytes``.

    Beyond that it drops what is in the middle and says so there; the last traceback is always kept.
    """

    max_bytes: int
    _begin: list[Stored] = field(default_factory=list)
    _end: deque[Stored] = field(default_factory=deque)
    _begin_bytes: int = 0
    _end_bytes: int = 0
    _full: bool = False
    _error: Stored | None = None
    _dropped_outputs: int = 0
    _dropped_bytes: int = 0
    _begin_is_cut: bool = False  # in the middle of its last line
    _end_is_cut: bool = False  # in the middle of its first line

    def add(self, output: NotebookNode) -> Stored:
        """Add an output after the others."""
        stored = _stored(output)
        if output.output_type == "error":
            self._error = stored
        (self._add_to_end if self._full else self._add_to_begin)(stored)
        self._make_room()
        return stored

    def update(self, stored: Stored, data: NotebookNode, metadata: NotebookNode) -> None:
        """Replace what an output shows, unless it has been dropped."""
        if stored.dropped:
            return
        growth = _stored(NotebookNode(data=data)).size_bytes - stored.size_bytes
        if self._full and growth > 0 and self._begin_bytes + self._end_bytes + growth > self.max_bytes:
            data = NotebookNode({"text/plain": f"[nightbook: this update is not stored; {_LIMIT}]"})
            growth = _stored(NotebookNode(data=data)).size_bytes - stored.size_bytes
        stored.output["data"], stored.output["metadata"] = data, metadata
        stored.size_bytes += growth
        if stored.in_end:
            self._end_bytes += growth
        else:
            self._begin_bytes += growth
        self._make_room()

    def clear(self) -> None:
        """Forget all outputs, which gives their room back."""
        for stored in (*self._begin, *self._end):
            stored.dropped = True
        self._begin, self._end, self._error, self._full = [], deque(), None, False
        self._begin_bytes = self._end_bytes = self._dropped_outputs = self._dropped_bytes = 0
        self._begin_is_cut = self._end_is_cut = False

    def outputs(self) -> list[NotebookNode]:
        """Return the outputs, with neighbouring pieces of one stream joined."""
        begin, end = ([stored.output for stored in part] for part in (self._begin, self._end))
        if not (self._dropped_bytes or self._dropped_outputs):
            return join_streams([*begin, *end])
        begin, end = join_streams(begin), join_streams(end)
        cut_bytes = _size_bytes_of(begin) + _size_bytes_of(end)
        if self._begin_is_cut:
            begin = to_line_end(begin)
        if self._end_is_cut:
            end = from_line_start(end)
        cut_bytes -= _size_bytes_of(begin) + _size_bytes_of(end)
        notice = new_output("stream", name="stderr", text=self._notice(cut_bytes))
        error = [self._error.output] if self._error and self._error.dropped else []
        return [*begin, notice, *error, *end]

    def _make_room(self) -> None:
        if not self._full and self._begin_bytes > self.max_bytes:
            self._leave_out_overwritten()
            if self._begin_bytes > self.max_bytes:
                self._divide()
        while self._end and self._full and self._end_bytes > self.max_bytes // _END:
            self._drop_first_of_end()

    def _leave_out_overwritten(self) -> None:
        """Leave out what carriage returns have overwritten, if that is most of it."""
        if not any("\r" in stored.output.get("text", "") for stored in self._begin):
            return
        known = {id(stored.output): stored for stored in self._begin}
        joined = join_streams([stored.output for stored in self._begin])
        kept = [known.get(id(output)) or _stored(output) for output in joined]
        size_bytes = sum(stored.size_bytes for stored in kept)
        if size_bytes <= self.max_bytes // 2:  # else the next output would have all of them joined again
            self._begin, self._begin_bytes = kept, size_bytes

    def _divide(self) -> None:
        """Divide the outputs into the beginning, which stays as it is from now on, and the end."""
        outputs, self._begin, self._begin_bytes, self._full = deque(self._begin), [], 0, True
        room = self.max_bytes - self.max_bytes // _END
        while outputs and outputs[0].size_bytes <= room:
            room -= outputs[0].size_bytes
            self._add_to_begin(outputs.popleft())
        if outputs and "text" in outputs[0].output:
            first, rest = cut_stream(outputs.popleft().output, room - _BYTES_PER_OUTPUT)
            self._add_to_begin(_stored(first))
            self._begin_is_cut = not first.text.endswith("\n")
            outputs.appendleft(_stored(rest))
        for stored in outputs:
            self._add_to_end(stored)

    def _drop_first_of_end(self) -> None:
        """Drop the end's first output, or as much of its text as necessary."""
        first = self._end.popleft()
        self._end_bytes -= first.size_bytes
        excess = self._end_bytes + first.size_bytes - self.max_bytes // _END
        if "text" in first.output and first.size_bytes - _BYTES_PER_OUTPUT > excess:
            dropped, rest = cut_stream(first.output, excess + 3)  # bytes that a cut character may have
            self._dropped_bytes += _size_bytes(dropped)
            self._end_is_cut = not dropped.text.endswith("\n")
            kept = _stored(rest, in_end=True)
            self._end.appendleft(kept)
            self._end_bytes += kept.size_bytes
            return
        first.dropped = True
        self._end_is_cut = "text" in first.output and not first.output.text.endswith("\n")
        if first is not self._error:
            self._dropped_bytes += first.size_bytes - _BYTES_PER_OUTPUT
            self._dropped_outputs += "text" not in first.output

    def _add_to_begin(self, stored: Stored) -> None:
        self._begin.append(stored)
        self._begin_bytes += stored.size_bytes

    def _add_to_end(self, stored: Stored) -> None:
        stored.in_end = True
        self._end.append(stored)
        self._end_bytes += stored.size_bytes

    def _notice(self, cut_bytes: int) -> str:
        outputs = f" in {self._dropped_outputs:,} outputs" if self._dropped_outputs else ""
        return (
            f"[nightbook: {self._dropped_bytes + cut_bytes:,} bytes{outputs} are left out here, because this "
            f"cell has more than {self.max_bytes:,} bytes of output; {_LIMIT}]\n"
        )


def _stored(output: NotebookNode, *, in_end: bool = False) -> Stored:
    return Stored(output, _size_bytes(output) + _BYTES_PER_OUTPUT, in_end)


def _size_bytes(output: Mapping[str, Any]) -> int:
    texts = [output["text"]] if "text" in output else output.get("data", {}).values()
    texts = output.get("traceback", texts)
    return sum(len(str(text).encode(errors="replace")) for text in texts)


def _size_bytes_of(outputs: list[NotebookNode]) -> int:
    return sum(map(_size_bytes, outputs))
