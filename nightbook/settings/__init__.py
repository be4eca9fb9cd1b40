"""The settings of a project: the only reader of ``[nightbook]``, ``[kernel]`` and ``[engine]`` in luigi.cfg.

It uses the standard library alone, because a kernel and the tracker read settings too, and neither needs
Luigi. Luigi reads its own sections of the same file by itself.
"""

import os
from collections.abc import Mapping
from configparser import Error as ParserError
from configparser import RawConfigParser
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nightbook.record.format.errors import NightbookError
from nightbook.record.goals import Goal, parse_goals
from nightbook.settings.section import Section, check_names

FILE_NAME = "luigi.cfg"
OWN_SECTIONS = ("nightbook", "kernel", "engine")
_FILE_VARIABLE = "LUIGI_CONFIG_PATH"  # Luigi's own: a file that is read after luigi.cfg
_BY_NOTEBOOKS = "auto"
_overrides: dict[str, Path] = {}


class SettingsError(NightbookError):
    """A setting that cannot be understood, or a folder without settings."""


@dataclass(frozen=True, slots=True)
class KernelSettings:
    """How kernels start: section ``[kernel]``.

    ``preload`` are the modules that the warm process imports, or None for what the notebooks import;
    ``environment`` is set in each kernel, function and command. ``fallback`` runs notebooks of Python whose
    own kernel is not installed; if it is empty, they are refused.
    """

    warm: bool
    preload: tuple[str, ...] | None
    environment: Mapping[str, str]
    fallback: str = "python3"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force: section ``[nightbook]``, with absolute paths.

    ``engine`` is where attempts are executed: ``name`` in the section ``[engine]``. With
    ``native_parameters`` notebooks are given values as Luigi has them, else as JSON or text.
    ``scheduler_hosts`` are further names of the machine on which the scheduler is.
    """

    pipeline: str
    notebooks: Path
    runs: Path
    max_output_bytes: int
    record_url: str
    keep_files_bytes: int
    main_branch: str
    goals: tuple[Goal, ...]
    kernel: KernelSettings
    engine: str = "local"
    native_parameters: bool = True
    scheduler_hosts: tuple[str, ...] = ()

    @property
    def metrics(self) -> list[str]:
        """The metrics to show first."""
        return [goal.metric for goal in self.goals]


def find_project(start: Path) -> Path | None:
    """Return the nearest folder with a luigi.cfg, from ``start`` upwards, or None if there is none."""
    return next((folder for folder in (start, *start.parents) if (folder / FILE_NAME).is_file()), None)


def check_project(folder: Path) -> None:
    """Raise SettingsError if the folder has no luigi.cfg and the environment names no other file."""
    if (folder / FILE_NAME).is_file() or os.environ.get(_FILE_VARIABLE):
        return
    project = find_project(folder)
    advice = f"change to {project}" if project else "change to the folder of a Nightbook project"
    raise SettingsError(f"there is no {FILE_NAME} in {folder}: {advice}")


@cache
def settings() -> Settings:
    """Return the settings of the working folder's luigi.cfg, with what ``override`` has set.

    Raises SettingsError if a setting is unclear.
    """
    chosen = read_settings(Path.cwd())
    return replace(
        chosen,
        notebooks=_overrides.get("notebooks", chosen.notebooks),
        runs=_overrides.get("runs", chosen.runs),
    )


def override(*, notebooks: Path | None = None, runs: Path | None = None) -> None:
    """Use other folders than luigi.cfg names, in this process and in those that are forked from it."""
    for name, folder in (("notebooks", notebooks), ("runs", runs)):
        if folder is not None:
            _overrides[name] = folder.absolute()
    settings.cache_clear()


def read_settings(folder: Path) -> Settings:
    """Return the settings of the project in ``folder``; each that is not set has its default.

    Paths are relative to the folder. Raises SettingsError if a setting is unclear.
    """
    file = folder / FILE_NAME
    parser = RawConfigParser()
    try:
        for path in (str(file), os.environ.get(_FILE_VARIABLE)):
            if path:
                file = Path(path)  # the one that messages name
                if not parser.read(path, encoding="utf-8") and path == os.environ.get(_FILE_VARIABLE):
                    raise ValueError(f"which the variable {_FILE_VARIABLE} names, does not exist")
        ours, kernel, engine = (Section(parser, name) for name in OWN_SECTIONS)
        found = Settings(
            pipeline=ours.text("pipeline", ""),
            notebooks=(folder / ours.text("notebooks", "notebooks")).absolute(),
            runs=(folder / ours.text("runs", "runs")).absolute(),
            max_output_bytes=ours.integer("max_output_bytes", 4_000_000),
            record_url=os.environ.get("RECORD_URL", ours.text("record_url", "")).rstrip("/"),
            keep_files_bytes=ours.integer("keep_files_mb", 800) * 1_000_000,
            main_branch=ours.text("main_branch", "main"),
            goals=_goals(ours),
            scheduler_hosts=tuple(ours.text("scheduler_hosts", "").split()),
            native_parameters=ours.choice("parameter_values", ("native", "text")) == "native",
            kernel=KernelSettings(
                warm=kernel.boolean("warm", default=True),
                preload=_modules(kernel.text("preload", _BY_NOTEBOOKS)),
                environment={name: str(value) for name, value in kernel.json("environment").items()},
                fallback=kernel.text("fallback", "python3"),
            ),
            engine=engine.text("name", "local"),
        )
        check_names(parser, (ours, kernel, engine))
    except (ParserError, ValueError) as error:
        raise SettingsError(f"{file}, {_one_line(error, file)}") from error
    return found


def _one_line(error: Exception, file: Path) -> str:
    """Return the message without the file's name, which the parser has in some of its messages."""
    text = str(error).replace(f"file: {str(file)!r}, ", "").replace(f"While reading from {str(file)!r} ", "")
    return " ".join(text.split())


def _goals(section: Section) -> tuple[Goal, ...]:
    metrics = section.json("metrics")
    try:
        return parse_goals(metrics)
    except ValueError as error:
        raise ValueError(f"section [{section.name}]: {error}") from error


def _modules(text: str) -> tuple[str, ...] | None:
    return None if text.strip() == _BY_NOTEBOOKS else tuple(text.split())
