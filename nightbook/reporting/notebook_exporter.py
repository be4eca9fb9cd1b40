"""An executed notebook as a page's content."""

from functools import cache
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode


def notebook_to_html(notebook: NotebookNode) -> str:
    """The notebook as an HTML fragment, self-contained: nbconvert's template ``basic``.

    The default template would load scripts from a CDN and add 270 KB to every notebook. What the
    notebook displays stands in it as it is: show it in a sandbox only.
    """
    _describe_pictures(notebook)
    body, _ = _exporter().from_notebook_node(notebook)
    return str(body)


class _FragmentExporter(HTMLExporter):
    """nbconvert's HTML without its checks, and without its last step, which describes the pictures.

    That step parses it all again, and takes twice as long as making the HTML.
    """

    def from_notebook_node(  # type: ignore[override]  # what nbconvert's own class has there too
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: object
    ) -> tuple[str, dict[str, Any]]:
        """The notebook as HTML, with the filters that the templates ask for."""
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(self._nb_metadata, parent=self))
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **options)

    def _validate_preprocessor(self, nbc: NotebookNode, preprocessor: object) -> None:
        """Nothing: the notebook was checked as it was read, and the template's preprocessors add nothing.

        nbconvert would compile another variant of the notebooks' schema for it: 40 ms and 10 MB.
        """


@cache
def _exporter() -> HTMLExporter:
    return _FragmentExporter(template_name="basic", filters={"clean_html": _leave_alone})


def _describe_pictures(notebook: NotebookNode) -> None:
    """Say in words what pictures are that have no description of their own."""
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.get("outputs"):
            cell.metadata.setdefault("alt", f"output of cell {position}")


def _leave_alone(html: str) -> str:
    """In place of nbconvert's filter, which spends half of its time on sanitizing its own highlighting."""
    return html
