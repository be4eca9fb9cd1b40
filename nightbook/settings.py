"""The section ``[nightbook]`` of luigi.cfg."""

import os
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import luigi

from tasks.runlog.errors import NightbookError
from tasks.runlog.goals import Goal, parse_goals
from tasks.warm_kernels.imports import find_imports
from tasks.warm_kernels.protocol import Preload

_ALWAYS_PRELOADED = ["tasks.runlog.logger"]  # notebooks log
_BY_NOTEBOOKS = "auto"
_NO_VARIABLES: dict[str, str] = {}
_NO_GOALS: dict[str, object] = {}


class SettingsError(NightbookError):
    """A setting that cannot be understood."""


class kernel(luigi.Config):  # noqa: N801 Luigi's sections are named like their classes
    """How kernels start."""

    warm = luigi.BoolParameter(
        default=True,
        parsing=luigi.BoolParameter.EXPLICIT_PARSING,
        description="whether kernels are forks of one process that has imported what they need",
    )
    preload = luigi.Parameter(
        default=_BY_NOTEBOOKS, description="modules, separated by spaces; auto: what the notebooks import"
    )
    environment = luigi.DictParameter(
        default=_NO_VARIABLES, description="variables that are set in every kernel"
    )


class nightbook(luigi.Config):  # noqa: N801 Luigi's sections are named like their classes
    """Where things are and how much of them is kept."""

    pipeline = luigi.Parameter(default="", description="MODULE:CLASS of the root task")
    notebooks = luigi.Parameter(default="notebooks", description="folder of the notebooks")
    runs = luigi.Parameter(default="runs", description="folder of the run records")
    max_output_bytes = luigi.IntParameter(default=4_000_000, description="stored of a cell's output")
    record_url = luigi.Parameter(default="", description="where the runs folder is served, for Luigi's page")
    keep_files_mb = luigi.IntParameter(default=800, description="of notebooks and files in the tracker")
    main_branch = luigi.Parameter(default="main", description="branch that others are compared with")
    metrics = luigi.DictParameter(
        default=_NO_GOALS, description="metrics that are shown first, and their goals"
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    pipeline: str
    notebooks: Path
    runs: Path
    max_output_bytes: int
    record_url: str
    keep_files_bytes: int
    main_branch: str
    kernel_environment: dict[str, str]
    goals: tuple[Goal, ...]

    @property
    def metrics(self) -> list[str]:
        """The metrics to show first."""
        return [goal.metric for goal in self.goals]


@cache
def settings() -> Settings:
    """The settings of luigi.cfg, or of a call to ``override`` before. SettingsError if one is unclear."""
    section = nightbook()
    try:
        goals = parse_goals(section.metrics)
    except ValueError as error:
        raise SettingsError(f"luigi.cfg, section [nightbook]: {error}") from error
    return Settings(
        pipeline=section.pipeline,
        notebooks=Path(section.notebooks).absolute(),
        runs=Path(section.runs).absolute(),
        max_output_bytes=section.max_output_bytes,
        record_url=os.environ.get("RECORD_URL", section.record_url).rstrip("/"),
        keep_files_bytes=section.keep_files_mb * 1_000_000,
        main_branch=section.main_branch,
        kernel_environment={str(name): str(value) for name, value in kernel().environment.items()},
        goals=goals,
    )


def preload() -> Preload | None:
    """What kernels are to find imported; None if they are to be started afresh.

    It is as luigi.cfg says, else what the notebooks import, each kernel waiting for its own part only.
    """
    section, chosen = kernel(), settings()
    modules, needs = str(section.preload).split(), {}
    if section.preload == _BY_NOTEBOOKS:
        needs = find_imports(chosen.notebooks)
        # Those that need little come first: a pipeline's first notebooks are mostly of that kind.
        ordered = sorted(needs.values(), key=lambda part: (len(part), part))
        modules = list(dict.fromkeys([*_ALWAYS_PRELOADED, *chain.from_iterable(ordered)]))
    if not (section.warm and modules):
        return None
    return Preload(modules, str(chosen.notebooks), chosen.kernel_environment, needs)


def override(*, notebooks: Path | None = None, runs: Path | None = None) -> None:
    """Use other folders than luigi.cfg names, in this process and its children."""
    config = luigi.configuration.get_config()
    if not config.has_section("nightbook"):
        config.add_section("nightbook")
    for option, folder in (("notebooks", notebooks), ("runs", runs)):
        if folder is not None:
            config.set("nightbook", option, str(folder.absolute()))
    settings.cache_clear()
