"""What the cells of a notebook print, in its output log under a heading for each cell."""

from nightbook.execution.processes.output_log import OutputLog


class CellLog:
    """Adds the heading of a cell in front of the first text that it prints."""

    def __init__(self, log: OutputLog) -> None:
        self._log = log
        self._heading = ""

    def begin(self, title: str) -> None:
        """Begin a cell, whose heading is written before its first text."""
        self._heading = f"── {title} ──\n"
        self._log.begin_line()

    def write(self, text: str) -> None:
        """Add text that the cell has printed."""
        if text:
            self._log.write(f"{self._heading}{text}".encode(errors="replace"))
            self._heading = ""

    def write_error(self, text: str) -> None:
        """Add the traceback of an exception, on lines of its own."""
        self._log.begin_line()
        self.write(text)
