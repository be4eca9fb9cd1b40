"""An executed notebook as a page's content."""

from functools import cache

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode


def notebook_to_html(notebook: NotebookNode) -> str:
    """The notebook as an HTML fragment, self-contained: nbconvert's template ``basic``.

    The default template would load scripts from a CDN and add 270 KB to every notebook. What the
    notebook displays stands in it as it is: show it in a sandbox only.
    """
    body, _ = _exporter().from_notebook_node(notebook)
    return str(body)


@cache
def _exporter() -> HTMLExporter:
    return HTMLExporter(template_name="basic", filters={"clean_html": _leave_alone})


def _leave_alone(html: str) -> str:
    """In place of nbconvert's filter, which spends half of its time on sanitizing its own highlighting."""
    return html
