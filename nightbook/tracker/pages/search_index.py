"""The index of the site's text, made by Pagefind (https://pagefind.app), which searches it in the browser."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pagefind.index import IndexConfig, PagefindIndex

from nightbook.record.format.files import write_text
from nightbook.tracker.data.search_words import SEPARATOR, search_words
from nightbook.tracker.output.output_tree import remove_folder, remove_others, write_page
from nightbook.tracker.pages.renderer import Pages
from nightbook.tracker.pages.stages import stage


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that can be found by its title and its text; the filters narrow a search down."""

    path: str
    title: str
    text: str
    filters: tuple[tuple[str, str], ...]
    start: str

    @property
    def words(self) -> str:
        """The words by which it is found too, after a separator; an empty text if it is all ASCII."""
        return search_words(f"{self.title} {self.text}")

    @property
    def separator(self) -> str:
        """What stands in front of these words, which are not shown."""
        return SEPARATOR


@contextmanager
def writing_index(pages: Pages, entries: Sequence[Entry], cache: Path) -> Iterator[bool]:
    """Write the index while the context is open, unless the last one was made of the same entries.

    The context's value is whether the index is being written.

    Pagefind is a process of its own, and takes longer than all pages over all runs. It reads the texts
    from a folder of small pages, because its Python interface waits a tenth of a second for each record
    that it is given directly.
    """
    folder, texts, stamp = pages.output / "pagefind", cache / "search", cache / "search.sha256"
    state = sha256(repr(entries).encode(errors="surrogatepass")).hexdigest()
    if folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        yield False
        return
    stamp.unlink(missing_ok=True)
    write_texts(pages, entries, texts)
    remove_others(texts, {texts / entry.path for entry in entries})
    texts.mkdir(parents=True, exist_ok=True)
    remove_folder(folder)  # the names of its files are made of hashes, and old ones would stay
    with ThreadPoolExecutor(1) as beside:
        indexed = beside.submit(asyncio.run, _index(texts, folder))
        yield True
        indexed.result()
    write_text(stamp, state)


def write_texts(pages: Pages, entries: Sequence[Entry], folder: Path) -> None:
    """Write the small pages that Pagefind reads."""
    with stage("search index"):
        for entry in entries:
            write_page(folder / entry.path, pages.render("search_entry.html", entry=entry))


async def _index(texts: Path, folder: Path) -> None:
    async with PagefindIndex(IndexConfig(output_path=str(folder))) as index:
        await index.add_directory(str(texts))
