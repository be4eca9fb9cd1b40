"""Which tests prove which promise of ``docs/explanation/guarantees.md``.

A test says it itself: ``@pytest.mark.promise("What was logged before a kill is in the record.")``.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

PAGE = Path("docs", "explanation", "guarantees.md")
# A promise is an item of a list, on one line; the files of its tests stand below it.
_PROMISE = re.compile(r"^- (?P<text>.+)\n(?:  - .*\n)*", re.MULTILINE)
_PROMISED = re.compile(r"(?<=^## Promised\n).*?(?=^## )", re.MULTILINE | re.DOTALL)
_NOT_RUN = {"skip", "xfail"}
# The demo is the forker's to delete, and what strangers wrote is not ours.
_NO_PROOF = (Path("tests", "demo"), Path("tests", "strangers", "notebooks"))


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """A test that proves a promise."""

    file: Path
    test: str
    promise: str


def find_proofs(repository: Path) -> list[Proof]:
    """Return the marked tests of a repository by file; none that is skipped or expected to fail."""
    files = sorted((repository / "tests").rglob("test_*.py"))
    names = [file.relative_to(repository) for file in files]
    return [
        Proof(name, test, promise)
        for name in names
        if not any(name.is_relative_to(folder) for folder in _NO_PROOF)
        for test, promise in _marked(ast.parse((repository / name).read_text(encoding="utf-8")))
    ]


def read_promises(page: str) -> list[str]:
    """Return the promises of a page in their order."""
    return [promise["text"] for promise in _PROMISE.finditer(_promised(page))]


def with_tests(page: str, proofs: Sequence[Proof]) -> str:
    """Return the page with the tests of each promise below it, and with no test that has lost its mark."""

    def entry(promise: re.Match[str]) -> str:
        own = sorted(proof for proof in proofs if proof.promise == promise["text"])
        lines = [
            f"  - `{file.as_posix()}`: {', '.join(f'`{proof.test}`' for proof in tests)}\n"
            for file, tests in groupby(own, key=lambda proof: proof.file)
        ]
        return f"- {promise['text']}\n{''.join(lines)}"

    promised = _promised(page)
    return page.replace(promised, _PROMISE.sub(entry, promised))


def _promised(page: str) -> str:
    found = _PROMISED.search(page)
    if found is None:
        raise ValueError(f"{PAGE} has no section `## Promised` before another: write it")
    return found[0]


def _marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    for function in module.body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [mark for mark in map(_mark, function.decorator_list) if mark]
            if not any(name in _NOT_RUN for name, _ in marks):
                yield from ((function.name, text) for name, text in marks if name == "promise")


def _mark(decorator: ast.expr) -> tuple[str, str] | None:
    """Return the name of a mark of pytest, and the text that it has; None if it is another decorator."""
    match decorator:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="mark"), attr=name), args=arguments):
            match arguments:
                case [ast.Constant(value=str(text))]:
                    return name, text
            return name, ""
        case ast.Attribute(value=ast.Attribute(attr="mark"), attr=name):
            return name, ""
    return None
