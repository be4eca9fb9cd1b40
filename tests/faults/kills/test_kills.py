"""Signals at seeded moments, at each process of a run: nothing is lost, and a resumed run has all results.

A failure prints the seed and what was done. ``FAULTS_SEED`` sets the first seed.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.invariant import Results, check_nothing_left, check_record, results
from tests.faults.kills.disturbed_pipeline import begin
from tests.faults.kills.hits import FAULTS
from tests.faults.kills.series import Series, new_project
from tests.support.project import REPOSITORY, ended

HITS = 5  # of a series
SERIES = 44 if os.environ.get("FAULTS") == "nightly" else 4
FIRST_SEED = int(os.environ.get("FAULTS_SEED", "0"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, float]:
    """The results of a run that nobody disturbs, and the seconds that it takes here and now."""
    project = new_project(tmp_path_factory.mktemp("undisturbed") / "project", REPOSITORY / "luigi.cfg")
    start = time.monotonic()
    done = ended(begin(project))
    run_s = time.monotonic() - start
    assert done.returncode == 0, done.stdout + done.stderr
    check_record(project, goes_on=False)
    check_nothing_left(project)
    return results(project), run_s


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SERIES))
def test_nothing_is_lost_by_a_signal(
    tmp_path: Path,
    undisturbed: tuple[Results, float],
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    start = seed * HITS
    faults = [FAULTS[number % len(FAULTS)] for number in range(start, start + HITS)]
    series = Series(lambda name: new_project(tmp_path / name, REPOSITORY / "luigi.cfg"), *undisturbed, seed)
    try:
        series.carry_out(faults)
    except AssertionError as error:
        error.add_note(f"seed {seed}: " + "; ".join(series.story))
        raise

    record_property("hits", series.hits)
    assert series.hits == HITS
