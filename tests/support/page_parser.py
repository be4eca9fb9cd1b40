"""The elements of a page, parsed without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

LINKS = {"href", "src", "srcset", "data", "action", "poster", "xlink:href"}


@dataclass
class Page:
    """The elements of a page: their names and attributes; ids, and addresses."""

    file: Path
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def links(self) -> list[str]:
        return [
            value for _, attributes in self.elements for name, value in attributes.items() if name in LINKS
        ]

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for element, attributes in self.elements if element == name]


def parse_page(file: Path) -> Page:
    """Return the page in a file."""
    page = Page(file)

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert len({name for name, _ in attrs}) == len(attrs), f"an attribute stands twice: {tag} {attrs}"
            page.elements.append((tag, {name: value or "" for name, value in attrs}))

    parser = Parser()
    parser.feed(file.read_text(encoding="utf-8"))
    parser.close()
    return page
