"""YOURS: what is timed. The demo's pipeline with any number of models, and without planned failures."""

from pathlib import Path

import luigi

from nightbook import Pipeline
from tasks.pipeline import BenchmarkModel, DigitsTask, Eda

_SMALLEST, _LARGEST = 600, 1200  # training images


class Summary(DigitsTask):
    """Compare all models."""

    pairs = luigi.IntParameter(significant=False)

    def requires(self) -> dict[str, list[luigi.Task]]:
        """Name each model's benchmark."""
        return {
            "benchmarks": [self.clone(BenchmarkModel, nr_train_images=n) for n in training_sizes(self.pairs)]
        }


class Benchmarked(Pipeline):
    """The whole run: ``pairs`` models are trained and benchmarked."""

    pairs = luigi.IntParameter(default=4)
    environment = "ci"
    failures = "off"

    def requires(self) -> list[luigi.Task]:
        """Name the tasks that no other task waits for."""
        choices = {"environment": self.environment, "failures": self.failures}
        return [self.clone(Eda, **choices), self.clone(Summary, **choices)]


def count_results(runs: Path) -> int:
    """How many models have been benchmarked, by whatever tool."""
    return len(list(runs.glob("*/tasks/benchmark-model/*/output/*")))


def training_sizes(pairs: int) -> list[int]:
    """Different numbers of training images, evenly spread."""
    step = (_LARGEST - _SMALLEST) / max(pairs - 1, 1)
    return [_SMALLEST + round(number * step) for number in range(pairs)]
