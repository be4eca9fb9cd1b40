"""Runs that are disturbed again and again, until each fault of a series has hit one of them."""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.invariant import Results, check_nothing_left, check_record, results
from tests.faults.kills.disturbed_pipeline import begin, write_pipeline
from tests.faults.kills.hits import Fault, hit
from tests.support.project import Project, ended

_MISSES = 3  # for each fault: its victims had ended, or had not begun


@dataclass
class Series:
    """Disturbs runs of new projects. ``story`` tells what has been done, for the message of a failure."""

    make_project: Callable[[str], Project]
    undisturbed: Results
    run_s: float
    seed: int
    story: list[str] = field(default_factory=list)
    hits: int = 0

    def carry_out(self, faults: Sequence[Fault]) -> None:
        """Let each fault hit a run, and check the invariant after each of them and at the end of each run."""
        dice = random.Random(self.seed)
        waiting, misses = list(faults), 0
        while waiting:
            project = self.make_project(f"project-{len(self.story)}")
            while waiting and not self._disturb(project, waiting, dice):
                misses += 1
                assert misses <= _MISSES * len(faults), "the faults hit nothing"
            self._resume(project)
            shutil.rmtree(project.path)

    def _disturb(self, project: Project, waiting: list[Fault], dice: random.Random) -> bool:
        """Run or resume with faults until the run ends; return True if it was successful."""
        run = begin(project)
        is_first = True
        while waiting and run.poll() is None:
            moment_s = dice.uniform(0, self.run_s if is_first else self.run_s / 4)
            _wait_for_moment(run.poll, moment_s)
            is_hit = hit(run, waiting[0], dice)
            self.story.append(f"{moment_s:.3f} s: {waiting[0]}{'' if is_hit else ' (missed)'}")
            if not is_hit:
                waiting.append(waiting.pop(0))
                break
            self.hits += 1
            del waiting[0]
            check_record(project, goes_on=True)
            is_first = False
        done = ended(run)
        self.story.append(f"ended with {done.returncode}")
        _check_words(done.stderr)
        check_nothing_left(project)
        check_record(project, goes_on=False)
        return done.returncode == 0

    def _resume(self, project: Project) -> None:
        """Resume without faults: the results are those of an undisturbed run."""
        done = ended(begin(project))
        assert done.returncode == 0, done.stdout + done.stderr
        check_nothing_left(project)
        check_record(project, goes_on=False)
        assert results(project) == self.undisturbed


def new_project(folder: Path, config: Path) -> Project:
    """Return a new project in the folder, with the pipeline."""
    folder.mkdir()
    shutil.copy(config, folder / "luigi.cfg")
    project = Project(folder)
    write_pipeline(project)
    return project


def _wait_for_moment(has_ended: Callable[[], int | None], moment_s: float) -> None:
    end = time.monotonic() + moment_s
    while has_ended() is None and time.monotonic() < end:
        time.sleep(0.01)


def _check_words(errors: str) -> None:
    """Check that a person is told what happened without a traceback of the machinery."""
    assert "Traceback" not in errors, errors
