"""Rendering templates with the site's settings, and the filters that templates can use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, StrictUndefined
from markupsafe import Markup

from nightbook.record.format.visible_text import visible
from nightbook.record.render.durations import format_duration
from nightbook.record.render.failures import failure_place
from nightbook.record.render.number_columns import format_numbers
from nightbook.record.render.plain_text import counted, one_line, parameters_text
from nightbook.record.render.times import iso_time
from nightbook.tracker.data.verdicts import regression_text
from nightbook.tracker.output import formatting
from nightbook.tracker.output.output_tree import write_page
from nightbook.tracker.output.urls import root_of, url_of

Filter: TypeAlias = Callable[..., Any]
_MAX_URL_LENGTH = 2000


def filters() -> dict[str, Filter]:
    """Return the filters that templates can use, by name."""
    return {
        "as_clock": formatting.clock_text,
        "as_date": formatting.date_text,
        "as_duration": format_duration,
        "failure_place": failure_place,
        "as_id": lambda text: quote(text, safe="=,"),
        "as_iso": iso_time,
        "as_number": lambda number: format_numbers([number])[0],
        "as_parameters": parameters_text,
        "as_root": root_of,
        "as_regression": regression_text,
        "as_seconds": formatting.seconds_text,
        "as_size": formatting.size_text,
        "counted": counted,
        "glyph": formatting.outcome_glyph,
        "is_link": is_link,
        "one_line": one_line,
        "outcome_class": formatting.outcome_class,
        "posted": Markup,  # what Pelican made of the site owner's own posts and pages
        "url": url_of,
    }


def compiled_templates(settings: Mapping[str, Any]) -> BytecodeCache:
    """Return the cache of compiled templates; Jinja compiles a template again when it changes."""
    folder = Path(settings["CACHE_PATH"]) / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def is_link(address: str) -> bool:
    """Return whether an address in a record may become a link: only http and https may."""
    try:
        split = urlsplit(address)
    except ValueError:
        return False
    return split.scheme in ("http", "https") and bool(split.hostname) and len(address) <= _MAX_URL_LENGTH


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates with the site's settings, and writes the pages."""

    environment: Environment
    settings: Mapping[str, Any]
    output: Path

    def __post_init__(self) -> None:
        if self.environment.undefined is not StrictUndefined or self.environment.autoescape is not True:
            raise ValueError("JINJA_ENVIRONMENT of pelicanconf.py must have autoescape and StrictUndefined")

    def render(self, template: str, **values: object) -> str:
        """Return the rendered template: the one place where text becomes what XML and HTML can hold."""
        return visible(self.environment.get_template(template).render(self.settings, **values))

    def write(self, path: str, template: str, **values: object) -> None:
        """Write the page at a path unless it is there already."""
        write_page(self.output / path, self.render(template, output_file=path, **values))
