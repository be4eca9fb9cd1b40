"""What an import does in a notebook does not depend on what was imported before its kernel was forked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nightbook.execution.warm_kernels.client import wait_until_warm
from nightbook.execution.warm_kernels.process import warm_process
from nightbook.execution.warm_kernels.protocol import Preload
from tests.support.attempts import Attempt

Module = Callable[[str, str], str]

SPEAKING = {
    "prints": ("print('hello')", "hello\n"),
    "prints by another program": ("import subprocess; subprocess.run(['printf', 'hello'])", ""),
    "warns": ("import warnings; warnings.warn('careful')", "UserWarning: careful"),
    "warns who imports it": (
        "import warnings; warnings.warn('old', DeprecationWarning, stacklevel=2)",
        "DeprecationWarning: old",
    ),
    "logs": ("import logging; logging.getLogger('own').warning('careful')", "careful\n"),
}


@pytest.mark.parametrize(("source", "shown"), SPEAKING.values(), ids=SPEAKING)
def test_what_a_module_says_when_imported_is_the_notebooks(
    tmp_path: Path, module: Module, source: str, shown: str, capfd: pytest.CaptureFixture[str]
) -> None:
    modules = [module("silent", ""), module("speaking", source)]

    texts = _run(tmp_path, modules, "import speaking", "import sys; print('silent' in sys.modules)")

    assert shown in texts[0]
    assert texts[1] == "True\n", "the others are preloaded all the same"
    assert "speaking prints or warns" in capfd.readouterr().err


def test_a_variable_that_a_cell_sets_is_seen_by_a_module_that_is_preloaded(
    tmp_path: Path, module: Module
) -> None:
    modules = [module("reader", "import os; value = os.environ.get('SET_BY_CELL')")]

    texts = _run(
        tmp_path,
        modules,
        "import os; os.environ['SET_BY_CELL'] = 'yes'",
        "import reader; print(reader.value)",
    )

    assert texts[1] == "yes\n"


def _run(path: Path, modules: list[str], *sources: str) -> list[str]:
    with warm_process() as warm:
        assert warm is not None
        warm.preload(Preload(modules, str(path)))
        wait_until_warm()
        attempt = Attempt(path / "attempt")
        attempt.run(*sources)
    return attempt.texts()
