"""A Pelican plugin, an experiment tracker made of run records: ``PLUGINS = ["nightbook.tracker"]``."""

from pathlib import Path
from typing import Any


def register() -> None:
    """Register the tracker's pages, so that Pelican builds them with the site's other pages."""
    from pelican import signals  # noqa: PLC0415 whoever serves or starts a build does without Pelican

    signals.initialized.connect(_complete_settings)
    signals.generator_init.connect(_prepare_templates)
    signals.get_generators.connect(_generator)


def _complete_settings(pelican: Any) -> None:
    """Take from luigi.cfg the settings that pelicanconf.py leaves out: a project states each of them once."""
    from nightbook.settings import find_project, read_settings  # noqa: PLC0415 only a build needs it

    given = pelican.settings
    site = Path(given["PATH"]).parent
    project = read_settings(find_project(site) or site)
    given.setdefault("RUNS", str(project.runs))
    given.setdefault("MAIN_BRANCH", project.main_branch)
    given.setdefault("GOALS", project.goals)
    given["THEME_TEMPLATES_OVERRIDES"] = [str(site / name) for name in given["THEME_TEMPLATES_OVERRIDES"]]


def _prepare_templates(generator: Any) -> None:
    from nightbook.tracker.pages.renderer import compiled_templates, filters  # noqa: PLC0415 as above

    generator.env.filters.update(filters())
    generator.env.bytecode_cache = compiled_templates(generator.settings)


def _generator(_pelican: object) -> type:
    from nightbook.tracker.generator import TrackerGenerator  # noqa: PLC0415 as above

    return TrackerGenerator
