"""What the tracker takes from luigi.cfg, so that a fork says it once."""

import json
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from tasks.runlog.goals import Goal, parse_goals


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where the records are, the branch that others are measured by, and the metrics that are shown first."""

    runs: Path
    main_branch: str
    goals: tuple[Goal, ...]


def read_configuration(file: Path) -> Configuration:
    """The section ``[nightbook]`` of luigi.cfg; paths in it are relative to its folder.

    Luigi itself is not imported: it reads its settings from the working directory, and a site can be
    built from any. ValueError if a setting is unclear.
    """
    parser = ConfigParser(interpolation=None)
    parser.read(file, encoding="utf-8")
    try:
        goals = parse_goals(json.loads(parser.get("nightbook", "metrics", fallback="{}")))
    except ValueError as error:
        raise ValueError(f"{file}, section [nightbook]: {error}") from error
    return Configuration(
        runs=(file.parent / parser.get("nightbook", "runs", fallback="runs")).absolute(),
        main_branch=parser.get("nightbook", "main_branch", fallback="main"),
        goals=goals,
    )
