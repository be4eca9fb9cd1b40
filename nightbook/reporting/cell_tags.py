"""The tags by which a notebook's author hides parts of cells: those of Jupyter Book and nbconvert.

https://jupyterbook.org/en/stable/interactive/hiding.html
"""

from nbformat import NotebookNode


def without_removed(cell: NotebookNode) -> list[NotebookNode]:
    """Return the cell without the parts that its tags remove; nothing, if they remove all of it.

    An exception is always shown, and the code that has raised it.
    """
    tags = _tags(cell)
    errors = [output for output in cell.get("outputs") or () if output.get("output_type") == "error"]
    if "remove-cell" in tags and not errors:
        return []
    if "remove-output" in tags and cell.cell_type == "code":
        cell.outputs = errors
    if "remove-input" in tags and not errors:
        cell.metadata["transient"] = {"remove_source": True}
    return [cell]


def hidden_parts(cell: NotebookNode) -> set[str]:
    """Return which of ``input`` and ``output`` are shown on request only. An exception is never hidden."""
    tags, jupyter = _tags(cell), cell.metadata.get("jupyter")
    hidden = {part for part in ("input", "output") if tags & {"hide-cell", f"hide-{part}"}}
    if isinstance(jupyter, dict):  # JupyterLab's own way to collapse a cell
        hidden |= {part for part, name in _JUPYTER.items() if jupyter.get(name) is True}
    failed = any(output.get("output_type") == "error" for output in cell.get("outputs") or ())
    return set() if failed else hidden


_JUPYTER = {"input": "source_hidden", "output": "outputs_hidden"}


def _tags(cell: NotebookNode) -> set[str]:
    """Return the cell's tags as Jupyter Book spells them; nbconvert's documents have ``remove_cell``."""
    tags = cell.metadata.get("tags")
    return (
        {tag.replace("_", "-") for tag in tags if isinstance(tag, str)} if isinstance(tags, list) else set()
    )
