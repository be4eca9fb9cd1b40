"""A second build: what changed is made again, and nothing else."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from nightbook.record.format.layout import RunFolder
from tests.support.built_site import Site
from tests.support.project import REPOSITORY
from tests.support.sample_records import FAILED, HOSTILE, KILLED, READABLE_NIGHTS, add_night

BUILD = """
import sys
from pathlib import Path
from tests.support.built_site import Site
Site(Path(sys.argv[1])).build()
"""
pytestmark = pytest.mark.xdist_group("tracker")


@pytest.fixture
def copy(sample: Site, site: Site) -> Site:
    """The sample site's records, and the site built of them where it is now."""
    shutil.copytree(sample.runs, site.runs, symlinks=True)
    return site.build()


def state(site: Site) -> dict[str, tuple[int, int]]:
    """Of each file its time and number: a file that is written anew has another."""
    files = (file for file in site.output.rglob("*") if file.is_file())
    return {
        file.relative_to(site.output).as_posix(): (file.stat().st_mtime_ns, file.stat().st_ino)
        for file in files
    }


def contents(site: Site) -> dict[str, bytes]:
    """All files but those whose names and bytes are their maker's own affair."""
    files = (file for file in site.output.rglob("*") if file.is_file())
    names = ((file, file.relative_to(site.output).as_posix()) for file in files)
    return {name: file.read_bytes() for file, name in names if not name.startswith("pagefind/")}


def changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_without_a_change_nothing_is_written_and_with_one_only_what_shows_it(copy: Site) -> None:
    (copy.output / "static" / "of-an-older-theme.js").touch()
    copy.build()
    assert not (copy.output / "static" / "of-an-older-theme.js").exists()
    before = state(copy)
    copy.build()
    assert changed(before, state(copy)) <= pelicans_own(before)

    new = "20261124T031700Z-0000ff"
    add_night(RunFolder(copy.runs / new), 0.5)
    copy.build()

    written = changed(before, state(copy)) - pelicans_own(before)
    own = {name for name in written if name.startswith((f"runs/{new}/", f"api/runs/{new}.json"))}
    assert f"runs/{new}/index.html" in own
    over_all = {name for name in written - own if not name.startswith(("pagefind/", "metrics/"))}
    assert over_all == {
        "index.html",
        "runs/index.html",
        "api/runs.json",
        "feeds/all.atom.xml",
        "feeds/branches/main.atom.xml",
        "feeds/regressions.atom.xml",  # it is a bad night
    }


def pelicans_own(names: dict[str, tuple[int, int]]) -> set[str]:
    """What Pelican itself writes each time: the owner's pages."""
    return {name for name in names if name.startswith(("pages/", "posts/"))}


def test_a_changed_record_is_read_again_and_a_removed_one_is_gone(copy: Site) -> None:
    night, gone = READABLE_NIGHTS[0], READABLE_NIGHTS[3]
    note = copy.runs / night / "tasks/make/attempt-01/artifacts/one.png"
    before = state(copy)
    part = note.with_name("part")
    part.write_bytes(note.read_bytes() + b"more")
    part.replace(note)
    shutil.rmtree(copy.runs / gone)
    copy.build()

    assert not (copy.output / "runs" / gone).exists()
    assert not (copy.output / f"api/runs/{gone}.json").exists()
    assert gone not in copy.page("index.html") + copy.page("api/runs.json")
    figure = copy.output / f"runs/{night}/tasks/make/attempt-01/artifacts/one.png"
    assert figure.read_bytes().endswith(b"more")
    assert not [name for name in changed(before, state(copy)) if name.startswith(f"runs/{HOSTILE}/")]

    for record in copy.runs.iterdir():
        shutil.rmtree(record)
    copy.build()
    assert list((copy.output / "runs").iterdir()) == [copy.output / "runs" / "index.html"]
    assert [file.name for file in (copy.output / "metrics").iterdir()] == ["index.html"]
    assert not (copy.output / "feeds" / "branches").exists()


def test_a_page_that_was_lost_is_made_again(copy: Site) -> None:
    before = contents(copy)
    (copy.output / "runs" / FAILED / "tasks/make/index.html").unlink()
    (copy.output / f"api/runs/{KILLED}.json").unlink()
    (copy.output / "index.html").write_text("half")

    assert contents(copy.build()) == before


@pytest.mark.promise("A build of the site that is killed leaves nothing that the next build trusts.")
def test_a_build_that_is_killed_leaves_nothing_that_the_next_one_trusts(sample: Site, site: Site) -> None:
    shutil.copytree(sample.runs, site.runs, symlinks=True)
    for delay_s in (1.2, 1.8, 2.4, 3.0):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, site.path],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay_s)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    site.build()

    assert contents(site) == contents(sample)


def test_the_site_keeps_what_it_was_built_with(copy: Site) -> None:
    """A page's file is a link to the record's, and the record's is replaced, not changed."""
    place = "tasks/make/attempt-01/artifacts/one.png"
    record, page = copy.runs / READABLE_NIGHTS[1] / place, copy.output / "runs" / READABLE_NIGHTS[1] / place
    assert record.samefile(page)
    before = page.read_bytes()
    shutil.rmtree(copy.runs / READABLE_NIGHTS[1])
    assert page.read_bytes() == before
