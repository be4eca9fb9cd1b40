"""Adds Debian's packages to a list: ``dpkg-query ... | python -m tools.debian_components FILE``.

The list has Python's packages, in the format CycloneDX: https://cyclonedx.org/docs/1.5/json/. Each line of
the input is a package, its version and its architecture, with tabs between them.
"""

import json
import sys
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

Component: TypeAlias = dict[str, str]


def component(line: str) -> Component:
    """Return the component of one line; ValueError if it has other fields."""
    name, version, architecture = line.split("\t")
    url = f"pkg:deb/debian/{quote(name)}@{quote(version, safe='')}?arch={architecture}"
    return {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url}


def with_components(text: str, components: list[Component]) -> str:
    """Return the list with further components, sorted by their addresses."""
    document = json.loads(text)
    document["components"] += sorted(components, key=lambda component: component["bom-ref"])
    return json.dumps(document, indent=2) + "\n"


def main() -> None:
    """Rewrite the file; SystemExit if the input names no packages."""
    file = Path(sys.argv[1])
    components = [component(line) for line in sys.stdin.read().splitlines()]
    if not components:
        raise SystemExit(f"error: {file} has no packages of Debian: `dpkg-query` printed none")
    file.write_text(with_components(file.read_text(encoding="utf-8"), components), encoding="utf-8")


if __name__ == "__main__":
    main()
