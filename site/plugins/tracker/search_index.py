"""The index of all text, made by Pagefind (https://pagefind.app), which searches it in the browser."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pagefind.index import IndexConfig, PagefindIndex

from tasks.runlog.files import write_text
from tracker.output_tree import remove_folder

_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: a page, its title, and its text. The filters narrow a search down."""

    url: str
    title: str
    text: str
    filters: tuple[tuple[str, str], ...]
    day: str


def write_index(entries: Sequence[Entry], folder: Path, stamp: Path) -> None:
    """Write the index, unless it is made of the same entries already."""
    state = sha256(repr(entries).encode(errors="surrogatepass")).hexdigest()
    if folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return
    stamp.unlink(missing_ok=True)
    remove_folder(folder)  # the names of its files are made of hashes, and old ones would stay
    asyncio.run(_write(entries, folder))
    write_text(stamp, state)


async def _write(entries: Sequence[Entry], folder: Path) -> None:
    async with PagefindIndex(IndexConfig(output_path=str(folder))) as index:
        for start in range(0, len(entries), _AT_ONCE):
            await asyncio.gather(*(_add(index, entry) for entry in entries[start : start + _AT_ONCE]))


async def _add(index: PagefindIndex, entry: Entry) -> None:
    await index.add_custom_record(
        url=entry.url,
        content=entry.text,
        language="en",
        meta={"title": entry.title, "date": entry.day},
        filters={name: [value] for name, value in entry.filters if value},
        sort={"date": entry.day},
    )
