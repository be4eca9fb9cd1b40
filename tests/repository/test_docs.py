"""The reference pages have all that the code has; UPDATE_EXPECTED=1 rewrites what of them is generated."""

import ast
import inspect
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import nightbook
from nightbook.cli.commands import COMMAND_LINE
from tests.support.project import REPOSITORY

REFERENCE = REPOSITORY / "docs" / "reference"
SETTING = re.compile(r'\b(?P<section>ours|kernel)\.(?:text|integer|boolean|json|choice)\("(?P<name>\w+)"')
TARGET = re.compile(r"^  (?P<name>[a-z-]+) +(?P<text>\S.*)$")
# Texts that are names of variables wherever they stand; others are when an environment is asked for them.
FAMILY = re.compile(r"(NIGHTBOOK|OTEL|GITHUB|RUNNER)_[A-Z_]+|[A-Z_]+_NUM_THREADS|GH_TOKEN|TRACEPARENT")
ENVIRONMENTS = {"environ", "environment", "env", "variables"}


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def check_generated(name: str, expected: str) -> None:
    """Compare the part of a page that follows its comment."""
    written, marker, rest = page(name).partition(" -->\n")
    if os.environ.get("UPDATE_EXPECTED"):
        (REFERENCE / name).write_text(f"{written}{marker}\n{expected}", encoding="utf-8")
    else:
        assert rest == f"\n{expected}"


def commands(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """The path and the help of a command and of those below it, without the hidden."""
    if command.hidden:
        return
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, click.Context(below, context, name))


def test_each_command_is_there_with_its_help() -> None:
    context = click.Context(COMMAND_LINE, info_name="nightbook", terminal_width=80)
    pages = [
        f"### `{path}`\n\n```text\n{text.rstrip()}\n```\n" for path, text in commands(COMMAND_LINE, context)
    ]

    check_generated("cli.md", "\n".join(pages))


def test_each_target_of_make_is_there() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"]},  # not of the make that runs the tests
        capture_output=True,
        text=True,
        check=True,
    )
    lines: list[str] = []
    for line in listed.stdout.splitlines():
        target = TARGET.match(line)
        if target:
            text = target["text"].replace("|", r"\|")
            lines.append(f"| `make {target['name']}` | {text} |")
        elif line:
            lines += ["", f"### {line}", "", "| Target | |", "|---|---|"]
    help_line = lines.pop(0)
    assert help_line.startswith("| `make help`")

    check_generated("make.md", "\n".join(lines).strip() + "\n")


def test_each_variable_of_make_is_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    set_by_people = re.findall(r"^([A-Z_]+) \?=", makefile, re.MULTILINE)
    asked_for = re.findall(r"\$\(if \$\(([A-Z_]+)\)", makefile)

    missing = {name for name in (*set_by_people, *asked_for) if f"| `{name}` |" not in page("make.md")}

    assert missing == {"NODE_PACKAGES"}  # found out by make itself


def test_each_setting_is_there() -> None:
    source = (REPOSITORY / "nightbook" / "settings" / "__init__.py").read_text(encoding="utf-8")
    ours, _, kernel = page("settings.md").partition("## `[kernel]`")
    pages = {"ours": ours, "kernel": kernel}

    found = [(setting["section"], setting["name"]) for setting in SETTING.finditer(source)]

    assert len(found) > 5
    assert [name for section, name in found if f"| `{name}` |" not in pages[section]] == []


def names_of_variables(file: Path) -> Iterator[str]:
    """The names of environment variables that a source has as texts."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and FAMILY.fullmatch(node.value):
            yield node.value
        match node:
            case ast.Call(
                func=ast.Attribute(value=value, attr="get" | "pop"), args=[ast.Constant(value=str(name)), *_]
            ):
                pass
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                pass
            case ast.Call(keywords=[ast.keyword(arg="variable", value=ast.Constant(value=str(name))), *_]):
                yield name
                continue
            case _:
                continue
        if (getattr(value, "attr", None) or getattr(value, "id", None)) in ENVIRONMENTS:
            yield name


def test_each_environment_variable_is_there() -> None:
    files = [
        file
        for folder in ("nightbook", "tasks", "site")
        for file in sorted((REPOSITORY / folder).rglob("*.py"))
    ]

    found = {name for file in files for name in names_of_variables(file)}

    assert {"RECORD_URL", "RESUME_COMMAND", "GITHUB_TOKEN", "NIGHTBOOK_RUN", "RUN_ENVIRONMENT"} <= found
    assert {name for name in found if f"`{name}`" not in page("environment.md")} == set()


@pytest.mark.parametrize("name", nightbook.__all__)
def test_each_public_name_is_there_with_its_arguments(name: str) -> None:
    value = getattr(nightbook, name)
    text = name
    if inspect.isfunction(inspect.unwrap(value)):
        signature = inspect.signature(value)
        bare = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
        text = f"{name}{signature.replace(parameters=bare, return_annotation=signature.empty)}"

    assert f"| `{text}` |" in page("logger.md")
