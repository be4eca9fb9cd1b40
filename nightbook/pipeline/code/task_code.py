"""Which code makes a task's result: each of its own files, with the file's SHA-256."""

import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import luigi

from nightbook.pipeline.code.own_modules import digests, is_own, project_folders


@cache
def code_of_class(task_class: type) -> Mapping[str, str]:
    """Return the code of the own modules that define the class and its bases, and of those they import.

    This process keeps the answer: what it has loaded stays what it is when a file changes.
    """
    names = {name for base in task_class.__mro__ for name in _with_packages(base.__module__)}
    files = {Path(path) for name in names if (path := getattr(sys.modules.get(name), "__file__", None))}
    return code_of_files(*(file for file in sorted(files) if is_own(file)))


def code_of_files(*files: Path, folders: Iterable[Path] = ()) -> dict[str, str]:
    """Return the code of files and of the own modules that they import, by paths from the working folder.

    Modules are looked for in ``folders`` first, then in the project.
    """
    found = digests(files, project_folders(*folders))
    return {Path(os.path.relpath(file)).as_posix(): found[file] for file in sorted(found)}


def remember_code(tasks: Iterable[luigi.Task]) -> None:
    """Take the code of the tasks' classes now, while their files are what this process has loaded."""
    for task in tasks:
        code_of_class(type(task))


def _with_packages(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
