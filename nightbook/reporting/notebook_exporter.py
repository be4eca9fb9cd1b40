"""Renders an executed notebook as the content of a page."""

from functools import cache
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode


def notebook_to_html(notebook: NotebookNode) -> str:
    """Return the notebook as a self-contained HTML fragment, by nbconvert's template ``basic``.

    The default template would load scripts from a CDN and add 270 KB to every notebook. The notebook's
    own HTML is not sanitized: show the fragment in a sandbox only.
    """
    _describe_pictures(notebook)
    body, _ = _exporter().from_notebook_node(notebook)
    return str(body)


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

    def _validate_preprocessor(self, nbc: NotebookNode, preprocessor: object) -> None:
        """Do nothing: the notebook was validated when it was read, and preprocessors add nothing invalid.

        nbconvert would compile another variant of the notebook schema, which takes 40 ms and 10 MB.
        """


@cache
def _exporter() -> HTMLExporter:
    return _FragmentExporter(template_name="basic", filters={"clean_html": _leave_alone})


def _describe_pictures(notebook: NotebookNode) -> None:
    """Give pictures without a description of their own an alternative text."""
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.get("outputs"):
            cell.metadata.setdefault("alt", f"output of cell {position}")


def _leave_alone(html: str) -> str:
    """Replace nbconvert's filter, which spends half of its time on sanitizing its own highlighting."""
    return html
