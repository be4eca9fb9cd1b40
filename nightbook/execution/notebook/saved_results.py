"""What an .ipynb file keeps of its last run, which is not this run's."""

from nbformat import NotebookNode


def without_results(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without its saved outputs, execution counts and state of widgets.

    Else a cell that a run does not reach would show them as its own. Attachments are text, and stay.
    """
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook
