"""Replacing parts of a source text that syntax trees point to."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The characters from ``start`` to ``end`` become ``text``."""

    start: int
    end: int
    text: str


def apply(source: str, edits: Iterable[Edit]) -> str:
    """Return the source with all edits made. They must not overlap."""
    for edit in sorted(edits, reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


class Positions:
    """Where the nodes of a syntax tree stand in its source; Python counts lines and bytes."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Return the offsets of the node's first character, and of the one after its last."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self._offset(node.lineno, node.col_offset), self._offset(end_line, end_column)

    def whole_lines(self, node: ast.stmt) -> tuple[int, int]:
        """Return the offsets of the lines that the statement has for itself, with the last line's end."""
        return self._starts[node.lineno - 1], self._starts[node.end_lineno or node.lineno]

    def surroundings(self, node: ast.stmt) -> tuple[str, str]:
        """Return what stands before the statement on its first line, and after it on its last."""
        start, end = self.span(node)
        first, last = self.whole_lines(node)
        return self._source[first:start], self._source[end:last]

    def _offset(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)
