"""Ctrl-C at a moment at which Python drops exceptions."""

import subprocess
import sys
import textwrap


def test_an_interruption_that_python_drops_is_raised_later_and_nothing_is_printed() -> None:
    source = """
        import os, signal
        from nightbook.execution.processes.interruption import handle_interruptions, raise_if_interrupted

        class Deleted:
            def __del__(self):
                signal.raise_signal(signal.SIGTERM)

        class Broken:
            def __del__(self):
                raise KeyError("shown")

        handle_interruptions()
        Broken()
        Deleted()
        print("goes on", flush=True)
        try:
            raise_if_interrupted()
        except KeyboardInterrupt:
            print("interrupted")
    """

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)], capture_output=True, text=True, check=False
    )

    assert done.stdout == "goes on\ninterrupted\n"
    assert "KeyError: 'shown'" in done.stderr
    assert "KeyboardInterrupt" not in done.stderr
