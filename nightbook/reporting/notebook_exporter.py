"""Renders an executed notebook as the content of a page."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, pass_context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

from nightbook.record.render.plain_text import one_line
from nightbook.reporting.cell_tags import hidden_parts, without_removed
from nightbook.reporting.closed_html import closed
from nightbook.reporting.long_outputs import is_long, shortened
from nightbook.reporting.notebook_outputs import displayable
from nightbook.reporting.notebook_pictures import name_missing, show_attached

_MAX_PROBLEM = 300


def notebook_to_html(notebook: NotebookNode) -> str:
    """Return the notebook as a self-contained HTML fragment, by nbconvert's template ``basic``.

    The default template would load scripts from a CDN and add 270 KB to every notebook. The notebook's
    own HTML is not sanitized: show the fragment in a sandbox only. A cell that cannot be shown is its source
    and a line that says why.
    """
    try:
        html = _export(notebook, list(enumerate(notebook.cells, start=1)))
    except Exception:  # noqa: BLE001 nbconvert raises anything; which cell it was, is found one by one
        html = "\n".join(_cell(notebook, *numbered) for numbered in enumerate(notebook.cells, start=1))
    return name_missing(html)


def _cell(notebook: NotebookNode, number: int, cell: NotebookNode) -> str:
    try:
        return _export(notebook, [(number, cell)])
    except Exception as error:  # noqa: BLE001 whatever it is, it concerns this cell alone
        source = str(cell.get("source", "")) if isinstance(cell, dict) else str(cell)
        problem = one_line(f"{type(error).__name__}: {error}", _MAX_PROBLEM)
        return (
            f'<div class="cell"><p class="not-shown">Cell {number} cannot be shown ({escape(problem)}). '
            f"This is its source; the notebook itself has all of it.</p><pre>{escape(source)}</pre></div>"
        )


def _export(notebook: NotebookNode, numbered: list[tuple[int, NotebookNode]]) -> str:
    """Return some cells of the notebook as HTML; ``numbered`` are they with their numbers from 1."""
    widgets = notebook.metadata.get("widgets")
    cells = [
        shortened(displayable(_with_description(cell, number), widgets))
        for number, cell in numbered
        for cell in without_removed(cell)
    ]
    part = NotebookNode(
        nbformat=4, nbformat_minor=5, metadata={"language_info": _language(notebook)}, cells=cells
    )
    body, _ = _exporter().from_notebook_node(part)
    return str(body)


def _language(notebook: NotebookNode) -> NotebookNode:
    """Return the texts of what the kernel says about its language."""
    stated = notebook.metadata.get("language_info")
    texts = stated.items() if isinstance(stated, dict) else ()
    return NotebookNode({name: text for name, text in texts if isinstance(text, str)})


class _FragmentExporter(HTMLExporter):
    """nbconvert's HTML exporter without its validation and without its last step, which describes pictures.

    That step parses all of the HTML again, and takes twice as long as making it.
    """

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own class has the same
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: object
    ) -> tuple[str, dict[str, Any]]:
        """Return the notebook as HTML, with the filters that the templates use."""
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(self._nb_metadata, parent=self))
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **options)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return Markdown as HTML, with the pictures that the cell has brought along.

        nbconvert's own filter gives up the notebook for one attachment that is missing.
        """
        renderer = _Renderer(escape=False, anchor_link_text=self.anchor_link_text)
        html = MarkdownWithMath(renderer=renderer).render(source)
        return show_attached(closed(str(html)), context.get("cell", {}).get("attachments"))

    def _validate_preprocessor(self, nbc: NotebookNode, preprocessor: object) -> None:
        """Do nothing: the notebook was validated when it was read, and preprocessors add nothing invalid.

        nbconvert would compile another variant of the notebook schema, which takes 40 ms and 10 MB.
        """


class _Renderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, which leaves pictures to us."""

    def _embed_image_or_attachment(self, src: str) -> str:
        return src


@cache
def _exporter() -> HTMLExporter:
    return _FragmentExporter(
        template_name="basic",
        template_file="notebook.html.j2",
        extra_loaders=[FileSystemLoader(Path(__file__).parent)],
        filters={"clean_html": _leave_alone, "hidden_parts": hidden_parts, "is_long": is_long},
    )


def _with_description(cell: NotebookNode, number: int) -> NotebookNode:
    """Return the cell, whose pictures without a description of their own have an alternative text."""
    if cell.get("outputs"):
        cell.metadata.setdefault("alt", f"output of cell {number}")
    return cell


def _leave_alone(html: str) -> str:
    """Replace nbconvert's filter, which spends half of its time on sanitizing its own highlighting."""
    return html
