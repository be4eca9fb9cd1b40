"""The span files of a record, each read on from where the last call ended."""

from dataclasses import dataclass, field
from pathlib import Path

from nightbook.record.format.visible_text import visible_line
from nightbook.record.read.otlp import Span, parse_line


@dataclass(slots=True)
class SpanFiles:
    """Reads a folder of OTLP/JSON lines step by step while other processes append to it.

    ``problems`` collects a sentence for each line that could not be read.
    """

    folder: Path
    problems: list[str] = field(default_factory=list)
    _read_bytes: dict[str, int] = field(default_factory=dict)
    _half_written: set[str] = field(default_factory=set)
    _empty: set[str] = field(default_factory=set)

    def new_spans(self) -> list[tuple[str, Span]]:
        """Return the spans of all whole lines written since the last call, each with its file's name."""
        return [(name, span) for name, line in self.new_lines() for span in self._parse(name, line)]

    def new_lines(self) -> list[tuple[str, bytes]]:
        """Return all whole lines written since the last call, each with its file's name."""
        new = []
        for file in sorted(filter(Path.is_file, self.folder.glob("*.jsonl"))):
            start = self._read_bytes.get(file.name, 0)
            with file.open("rb") as lines:
                lines.seek(start)
                text = lines.read()
            if not start and not text:
                self._empty.add(file.name)
            else:
                self._empty.discard(file.name)
            whole = text.rfind(b"\n") + 1
            self._read_bytes[file.name] = start + whole
            if text[whole:]:
                self._half_written.add(file.name)
            else:
                self._half_written.discard(file.name)
            new += [(file.name, line) for line in text[:whole].splitlines()]
        return new

    def incomplete(self) -> list[str]:
        """Return a sentence for each file that is empty or ends in the middle of a line."""
        empty = "is empty: it was emptied, or its writer was killed before it wrote anything"
        half = "ends in the middle of a line, which is left out"  # its writer was killed there
        return [
            *(f"spans/{visible_line(name)} {empty}" for name in sorted(self._empty)),
            *(f"spans/{visible_line(name)} {half}" for name in sorted(self._half_written)),
        ]

    def _parse(self, name: str, line: bytes) -> list[Span]:
        try:
            return parse_line(line)
        except ValueError as error:
            self.problems.append(f"spans/{visible_line(name)} has a line that cannot be read: {error}")
            return []
