"""YOURS: the pipeline, one class per task. Replace everything here when you fork.

A task needs three things:

- What it does. A ``NotebookTask`` runs the notebook that is named like the class: ``TrainModel`` runs
  ``notebooks/train-model.py``. A ``FunctionTask`` calls its own ``execute``.
- Its parameters, as Luigi parameters: the same names as in the notebook's ``parameters`` cell. Those
  with ``significant=False`` only steer the pipeline, and no notebook gets them.
- ``requires()``, a dict of the tasks whose outputs it reads. The notebook or function finds their folders
  in ``inputs`` under the same keys. ``self.clone(Other)`` is that task with the parameters both have.

What it may have: ``retry_count``, how many attempts it gets in all; ``timeout_s``, how long one may
last; ``num_cpus``, how many processors it occupies.
https://luigi.readthedocs.io/en/stable/tasks.html
"""

from pathlib import Path

import luigi

import nightbook
from nightbook import EnvironmentParameter, FunctionTask, NotebookTask, Pipeline

# A model is trained, benchmarked and summarized for each of these numbers of training images.
NR_TRAIN_IMAGES = {
    "dev": (400, 500, 600),
    "ci": (600, 800, 1000, 1200),
}


class Choices:
    """What each task hands on to those that it requires: every choice is made once, by ``Digits``."""

    environment = luigi.Parameter(significant=False)
    failures = luigi.Parameter(significant=False)
    retry_count: int = 2
    timeout_s: float = 120


class DigitsTask(Choices, NotebookTask):
    """A notebook about the digits."""


class Ingest(DigitsTask):
    """Load the data. The first attempts fail on purpose: not at all, as in dev, or as in ci."""

    failures = luigi.ChoiceParameter(choices=["off", "dev", "ci"])
    retry_count = 15
    timeout_s = 10


class Eda(DigitsTask):
    """Look at the data."""

    def requires(self) -> dict[str, luigi.Task]:
        return {"digits": self.clone(Ingest)}


class SplitTrainTest(Choices, FunctionTask):
    """Set a part of the images aside for testing, before any model sees them."""

    train_test_ratio = luigi.FloatParameter(default=0.7)

    def requires(self) -> dict[str, luigi.Task]:
        return {"digits": self.clone(Ingest)}

    def execute(self, inputs: dict[str, Path], output_dir: Path) -> None:
        """Give each digit its share of both parts, shuffled: the first n images are a random sample too.

        The seed is fixed, so that scores can be compared between runs.
        """
        import numpy as np

        with np.load(inputs["digits"] / "digits.npz") as file:
            pixels, labels = file["pixels"], file["labels"]
        shuffled = np.random.default_rng(123).permutation(len(labels))
        to_train = np.zeros(len(labels), dtype=bool)
        for digit in range(10):
            rows = shuffled[labels[shuffled] == digit]
            to_train[rows[: round(self.train_test_ratio * len(rows))]] = True
        parts = {"train": shuffled[to_train[shuffled]], "test": shuffled[~to_train[shuffled]]}
        images = [{image.tobytes() for image in pixels[rows]} for rows in parts.values()]
        if leaked := set.intersection(*images):
            raise ValueError(f"{len(leaked)} images are in both parts, which makes every score too good")
        for name, rows in parts.items():
            print(f"{name}: {len(rows)} images, of the digits 0 to 9 {np.bincount(labels[rows]).tolist()}")
            nightbook.log_metric(f"nr_{name}_images", len(rows))
            np.savez_compressed(output_dir / f"{name}.npz", pixels=pixels[rows], labels=labels[rows])


class TrainModel(DigitsTask):
    """Train a model on the first training images."""

    nr_train_images = luigi.IntParameter()

    def requires(self) -> dict[str, luigi.Task]:
        return {"split": self.clone(SplitTrainTest)}


class BenchmarkModel(DigitsTask):
    """Measure a model on the test images."""

    nr_train_images = luigi.IntParameter()

    def requires(self) -> dict[str, luigi.Task]:
        return {"split": self.clone(SplitTrainTest), "model": self.clone(TrainModel)}


class Summary(DigitsTask):
    """Compare all models."""

    def requires(self) -> dict[str, list[luigi.Task]]:
        sizes = NR_TRAIN_IMAGES[self.environment]
        return {"benchmarks": [self.clone(BenchmarkModel, nr_train_images=size) for size in sizes]}


class Digits(Pipeline):
    """The whole run. It requires the tasks that no other task waits for.

    ``RUN_ENVIRONMENT=ci make run`` trains more and larger models, ``FAILURES=off make run`` does
    without the failures on purpose.
    """

    environment = EnvironmentParameter(variable="RUN_ENVIRONMENT", choices=["dev", "ci"])
    failures = EnvironmentParameter(variable="FAILURES", choices=["on", "off"])

    def requires(self) -> dict[str, luigi.Task]:
        failures = self.environment if self.failures == "on" else "off"
        return {
            "eda": self.clone(Eda, failures=failures),
            "summary": self.clone(Summary, failures=failures),
        }
