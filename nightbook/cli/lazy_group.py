"""A group of commands whose modules are imported when they are used."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

_WHOLE_SENTENCE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its name, the heading under which the help lists it, and the module with its ``run``."""

    name: str
    heading: str
    module: str


class LazyGroup(click.Group):
    """Commands from a table. ``nightbook list`` imports the module of ``list`` and no other."""

    def __init__(self, name: str, entries: tuple[Entry, ...], **settings: Any) -> None:
        super().__init__(name, **settings)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the table's order."""
        del ctx
        return [entry.name for entry in self.entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None if the table has none."""
        del ctx
        for entry in self.entries:
            if entry.name == cmd_name:
                command: click.Command = import_module(entry.module).run
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with; the error for a misspelt one suggests others."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(
                error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
            ) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, each with the first sentence of its help."""
        width = max(len(entry.name) for entry in self.entries)
        rows: dict[str, list[tuple[str, str]]] = {}
        for entry in self.entries:
            command = self.get_command(ctx, entry.name)
            if command is not None and not command.hidden:
                help_text = command.get_short_help_str(limit=_WHOLE_SENTENCE)
                rows.setdefault(entry.heading, []).append((entry.name.ljust(width), help_text))
        for heading, commands in rows.items():
            with formatter.section(heading):
                formatter.write_dl(commands)


class Command(click.Command):
    """A command whose help ends with examples."""

    def __init__(self, *arguments: Any, examples: tuple[str, ...] = (), **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, one a line, never wrapped."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            heading = "Example" if len(self.examples) == 1 else "Examples"
            with formatter.section(heading):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")
