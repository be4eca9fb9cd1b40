"""Makes many run records of a few, to measure with: ``python benchmarks/copy_records.py 1000 SOURCE TARGET``.

A copy is a record of its own: it has another run id, the trace and span ids that follow from it, and
times of another night. Its notebooks and artifacts are hard links to those of the source.
"""

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from nightbook.record.format.identity import RUN_ID, invocation_span_id, task_span_id, trace_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.units import NS_PER_S
from nightbook.record.read.reader import find_runs, read_run

_TIME = re.compile(r'"((?:start|end)TimeUnixNano)":\s*"(\d+)"')
_NEWEST = datetime(2026, 11, 22, 3, 17, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a copy from its source: each old text, and the new one that stands for it."""

    run_id: str
    texts: dict[str, str]
    shift_ns: int

    def rewrite(self, spans: str) -> str:
        """The lines of a span file, as of the copy."""
        known = re.compile("|".join(map(re.escape, self.texts)))
        renamed = known.sub(lambda found: self.texts[found[0]], spans)
        return _TIME.sub(lambda found: f'"{found[1]}": "{int(found[2]) + self.shift_ns}"', renamed)


def new_identity(source: Path, run_id: str) -> Identity:
    """The identity of a copy of ``source`` under that run id, which tells its time."""
    run = read_run(source)
    old, new = trace_id_of(run.run_id), trace_id_of(run_id)
    texts = {run.run_id: run_id, f"{old:032x}": f"{new:032x}"}
    for invocation in range(1, RunFolder(source).invocations() + 1):
        texts[f"{invocation_span_id(old, invocation):016x}"] = f"{invocation_span_id(new, invocation):016x}"
        for task in run.tasks:
            key = f"{task_span_id(old, invocation, task.task_id):016x}"
            texts[key] = f"{task_span_id(new, invocation, task.task_id):016x}"
    begins = datetime.strptime(f"{run_id.partition('-')[0]}+0000", "%Y%m%dT%H%M%SZ%z")
    return Identity(run_id, texts, int(begins.timestamp()) * NS_PER_S - run.start_ns)


def copy_record(source: Path, runs: Path, identity: Identity) -> Path:
    """Make the copy; returns its folder."""
    target = runs / identity.run_id
    target.mkdir(parents=True)
    for file in sorted(source.rglob("*")):
        place = target / file.relative_to(source)
        if file.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif file.parent.name == "spans":
            place.write_text(identity.rewrite(file.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            os.link(file, place)
    return target


def nightly_run_ids(count: int, newest: datetime) -> Iterator[str]:
    """As many run ids, each of the night before the last; the same ones each time."""
    for number in range(count):
        moment = newest - timedelta(days=number)
        yield f"{moment:%Y%m%dT%H%M%SZ}-{sha256(str(number).encode()).hexdigest()[:6]}"


def copy_records(sources: Sequence[Path], runs: Path, count: int) -> None:
    """Copy the records in turn, until there are as many as asked for."""
    for number, run_id in enumerate(nightly_run_ids(count, _NEWEST)):
        source = sources[number % len(sources)]
        copy_record(source, runs, new_identity(source, run_id))


def main() -> None:
    """Copy the records of a folder in turn, until there are as many as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("source", type=Path, help="a record, or a folder of records")
    parser.add_argument("target", type=Path, help="a folder for the copies")
    options = parser.parse_args()
    sources = [options.source] if RUN_ID.fullmatch(options.source.name) else find_runs(options.source)
    copy_records(sources, options.target, options.count)
    print(f"{options.count} records in {options.target}")


if __name__ == "__main__":
    main()
