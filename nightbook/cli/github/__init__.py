"""``nightbook github``: the table of its commands. A new one is a module with a ``run``, and a line here."""

from nightbook.cli.lazy_group import Entry, LazyGroup

COMMANDS = (
    Entry("fetch", "On any machine", "nightbook.cli.github.fetch"),
    Entry("doctor", "On any machine", "nightbook.cli.github.doctor"),
    Entry("history", "In workflows", "nightbook.cli.github.history"),
    Entry("publish", "In workflows", "nightbook.cli.github.publish"),
    Entry("newest", "In workflows", "nightbook.cli.github.newest"),
    Entry("comment", "In workflows", "nightbook.cli.github.comment"),
)

_HELP = """Fetch, publish and comment on run records on GitHub, and check a repository's settings.

The token is the variable GITHUB_TOKEN or GH_TOKEN. Exit codes: 0 done; 1 `doctor` found something to do; 2 it
could not be carried out; 130 it was interrupted.
"""

run = LazyGroup("github", COMMANDS, help=_HELP)
