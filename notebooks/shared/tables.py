"""Small tables in a notebook, where a data frame would be a library too many."""

from collections.abc import Iterable, Mapping

from IPython.display import Markdown


def show_table(columns: Mapping[str, Iterable[object]], styles: Mapping[str, str] | None = None) -> Markdown:
    """What a cell displays as a table; ``styles`` are format specifications such as ``.3f``, by column."""
    styles = styles or {}
    cells = [[format(cell, styles.get(name, "")) for cell in column] for name, column in columns.items()]
    lines = [list(columns), ["---:"] * len(columns), *zip(*cells, strict=True)]
    return Markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
