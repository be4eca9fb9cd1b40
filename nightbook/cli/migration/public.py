"""Which names a project imports from ``nightbook`` itself."""

import nightbook

NIGHTBOOK = "nightbook"


def is_public(module: str, name: str) -> bool:
    """Return True if ``nightbook`` itself has what ``module`` has under this name."""
    home = nightbook._HOME.get(name)  # noqa: SLF001 the table behind the package's public names
    return home is not None and module in (home, NIGHTBOOK)
