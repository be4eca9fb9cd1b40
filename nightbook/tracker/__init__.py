"""A Pelican plugin that makes an experiment tracker of run records."""

from typing import Any

from pelican import signals


def register() -> None:
    """Let Pelican build the tracker's pages with the site's other pages."""
    signals.generator_init.connect(_prepare_templates)
    signals.get_generators.connect(_generator)


def _prepare_templates(generator: Any) -> None:
    from tracker.pages import compiled_templates, filters  # noqa: PLC0415 only a build needs it

    generator.env.filters.update(filters())
    generator.env.bytecode_cache = compiled_templates(generator.settings)


def _generator(_pelican: object) -> type:
    from tracker.generator import TrackerGenerator  # noqa: PLC0415 only a build needs it all

    return TrackerGenerator
