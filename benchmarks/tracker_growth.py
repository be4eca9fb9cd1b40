"""How the tracker and the branch of records grow: ``python -m benchmarks.tracker_growth RUNS``.

RUNS is a folder with a few records to make many of. For each number of records, the site is built from
nothing, and again after one more run.
"""

import argparse
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.copy_records import copy_record, copy_records, new_identity
from benchmarks.measure import Measure, measure
from benchmarks.results import Growth, read_results, write_results
from benchmarks.tools import Command
from nightbook.github.archive import Archive
from nightbook.github.git import archive_git
from nightbook.record.read.reader import find_runs
from nightbook.tracker.site_build import build_command

_ROOT = Path(__file__).parents[1]
_LATER = "20261123T031700Z-ffffff"
_MB = 1_000_000


def main() -> None:
    """Measure, and write it beside the other results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="a folder of records")
    parser.add_argument("--records", type=int, nargs="+", default=[30, 300, 1000])
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results.json"))
    options = parser.parse_args()
    tracker = []
    for growth in measure_growth(options.source, options.records):
        print(growth, flush=True)
        tracker.append(growth)
    write_results(options.results, replace(read_results(options.results), tracker=tuple(tracker)))


def measure_growth(source: Path, numbers: list[int]) -> Iterator[Growth]:
    """The growth at each number of records."""
    sources = find_runs(source.absolute())
    for number in numbers:
        # Hard links to the sources' files: on the same file system.
        with tempfile.TemporaryDirectory(prefix=".growth-", dir=source.absolute().parent) as folder:
            yield _growth(sources, number, Path(folder))


def _growth(sources: list[Path], number: int, folder: Path) -> Growth:
    runs = folder / "runs"
    copy_records(sources, runs, number)
    from_nothing = _build(folder)
    copy_record(sources[0], runs, new_identity(sources[0], _LATER))
    one_more = _build(folder)
    archive = _archive(runs, folder)
    return Growth(
        records=number,
        from_nothing_s=round(from_nothing.wall_s, 1),
        one_more_s=round(one_more.wall_s, 1),
        peak_pss_mb=round(max(from_nothing.peak_pss_mb, one_more.peak_pss_mb)),
        site_mb=_size_mb(folder / "output"),
        archive_checked_out_mb=_size_mb(archive.runs),
        archive_packed_mb=_size_mb(archive.git.folder / ".git" / "objects"),
    )


def _build(folder: Path) -> Measure:
    config = _ROOT / "site" / "pelicanconf.py"
    command = build_command(config, output=folder / "output", runs=folder / "runs", cache=folder / "cache")
    return measure(Command(command, os.environ), folder, sample_memory=True)


def _archive(runs: Path, folder: Path) -> Archive:
    """A clone, packed as a server packs it, of the branch with all records."""
    remote = folder / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", remote], check=True)  # noqa: S603, S607 the user's git
    Archive(archive_git(folder / "first"), remote.as_uri()).append(find_runs(runs))
    clone = Archive(archive_git(folder / "clone"), remote.as_uri())
    clone.update()
    return clone


def _size_mb(folder: Path) -> float:
    """What the files have, without what a file system adds; a hard link counts as a file."""
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / _MB, 1)


if __name__ == "__main__":
    main()
