"""``nightbook migrate``."""

import sys
from pathlib import Path

import click

from nightbook.cli.lazy_group import Command


@click.command(
    "migrate", cls=Command, examples=("nightbook migrate --check", "nightbook migrate tasks notebooks")
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--check", is_flag=True, help="Change nothing; the exit code is 1 if there is something to change."
)
def run(*, paths: tuple[Path, ...], check: bool) -> int:
    """Rewrite imports from the names of version 0.1, such as tasks.runlog, to those of nightbook.

    Without PATHS, in tasks/*.py, notebooks/, tests/demo/ and site/*.py. Lines that are not understood stay as
    they are, and are printed.
    """
    from nightbook.cli.migration.files import DEFAULT_PATHS, find_files, migrate_file
    from nightbook.old_names import NEW_NAMES
    from nightbook.settings import check_project

    if not paths:
        check_project(Path.cwd())
    present = {old for old in NEW_NAMES if Path(*old.split(".")).with_suffix(".py").exists()}
    for old in sorted(present):
        print(f"left: {old.replace('.', '/')}.py has the name of an old module: delete it if it is not yours")
    new_names = {old: new for old, new in NEW_NAMES.items() if old not in present}
    changed, unread = 0, 0
    for file in find_files(paths or DEFAULT_PATHS):
        try:
            migrated = migrate_file(file, new_names)
        except ValueError as error:
            print(f"left: {file} cannot be read: {error}", file=sys.stderr)
            unread += 1
            continue
        if migrated.after != migrated.before:
            changed += 1
            print(f"{'would change' if check else 'changed'}: {file}")
            if not check:
                file.write_bytes(migrated.after.encode())
        for number, line in migrated.left:
            print(f"left: {file}:{number}: {line}")
    print(f"{changed} {'file' if changed == 1 else 'files'} {'to change' if check else 'changed'}")
    return 1 if check and (changed or unread) else 0
