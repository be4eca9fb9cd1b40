"""The demo's own code, ``notebooks/shared``. Goes when the demo goes."""

import io
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PIL import Image
from shared.digits import Digits, bundled_digits, image_grid, read_digits, write_digits
from shared.figures import new_figure
from shared.inference import Classifier, latency_us
from shared.onnx_models import describe_model
from shared.score_figures import confusion_figure, probability_figure, roc_figure
from shared.scores import confusion_matrix, log_loss, roc_curve
from shared.simulated_failures import SimulatedError, fail_as_planned, failure_plan
from shared.tables import show_table
from sklearn import datasets, metrics

from nightbook.record.write.figures import encode_figure

RUN_IDS = [f"20261123T0317{second:02d}Z-7f3a2c" for second in range(60)]


# --- failures on purpose


def test_nothing_fails_when_failures_are_off() -> None:
    assert {failure_plan(run_id, "off") for run_id in RUN_IDS} == {()}


def test_dev_has_one_failure_of_each_kind_in_either_order() -> None:
    assert {failure_plan(run_id, "dev") for run_id in RUN_IDS} == {("raise", "hang"), ("hang", "raise")}


def test_ci_has_three_to_five_failures_and_at_least_one_hang() -> None:
    plans = [failure_plan(run_id, "ci") for run_id in RUN_IDS]
    assert {len(plan) for plan in plans} == {3, 4, 5}
    assert all("hang" in plan and "raise" in plan for plan in plans)


def test_the_plan_of_a_run_is_the_same_on_every_machine() -> None:
    assert failure_plan("20261123T031700Z-7f3a2c", "ci") == ("raise", "hang", "raise", "hang", "raise")


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="off, dev or ci, not 'prod'"):
        failure_plan(RUN_IDS[0], "prod")


def test_a_planned_failure_is_raised_and_the_attempt_after_the_plan_succeeds() -> None:
    with pytest.raises(SimulatedError, match="attempt 1 fails as planned; attempt 3 will succeed"):
        fail_as_planned(("raise", "raise"), 1)
    fail_as_planned(("raise", "raise"), 3)
    fail_as_planned((), 1)


# --- data


def test_the_bundled_digits_are_scikit_learns() -> None:
    digits = bundled_digits()
    pixels, labels = datasets.load_digits(return_X_y=True)
    np.testing.assert_array_equal(digits.pixels, pixels)
    np.testing.assert_array_equal(digits.labels, labels)


def test_digits_survive_a_file(tmp_path: Path) -> None:
    digits = bundled_digits()[:20]
    write_digits(digits, tmp_path / "digits.npz")
    again = read_digits(tmp_path / "digits.npz")
    assert (again.pixels.dtype, again.labels.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(again.pixels, digits.pixels)
    np.testing.assert_array_equal(again.labels, digits.labels)
    assert again.content_sha256 == digits.content_sha256


def test_the_hash_tells_of_any_change() -> None:
    digits = bundled_digits()
    pixels = digits.pixels.copy()
    pixels[7, 7] += 1
    hashes = {digits.content_sha256, Digits(pixels, digits.labels).content_sha256, digits[1:].content_sha256}
    assert len(hashes) == 3


def test_images_without_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="2 images and 1 labels"):
        Digits(np.zeros((2, 64), np.float32), np.zeros(1, np.int64))


def test_the_grid_shows_each_image_in_its_place() -> None:
    images = np.arange(1, 6, dtype=np.float32).repeat(64).reshape(5, 64)
    grid = image_grid(images, columns=3)
    assert grid.shape == (20, 30)
    assert grid[5, 5::10].tolist() == [1, 2, 3]
    assert grid[15, 5::10].tolist() == [4, 5, 0]
    assert not grid[::10].any()


# --- scores


@pytest.fixture
def labels() -> np.ndarray:
    return np.random.default_rng(1).permutation(np.arange(10).repeat(20))


@pytest.fixture
def probabilities(labels: np.ndarray) -> np.ndarray:
    """Of a mediocre model, rounded so that many are equal."""
    raw = np.random.default_rng(2).random((len(labels), 10)).round(1) + 0.05
    raw[np.arange(len(labels)), labels] += 0.3
    return (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)


def test_areas_are_scikit_learns_with_equal_scores_too(labels: np.ndarray) -> None:
    scores = np.random.default_rng(3).integers(0, 4, len(labels)).astype(np.float64)
    curve = roc_curve(labels == 3, scores)
    assert curve.area == pytest.approx(metrics.roc_auc_score(labels == 3, scores))
    false_positive_rate, true_positive_rate, _ = metrics.roc_curve(
        labels == 3, scores, drop_intermediate=False
    )
    np.testing.assert_allclose(curve.false_positive_rate, false_positive_rate)
    np.testing.assert_allclose(curve.true_positive_rate, true_positive_rate)


def test_a_curve_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="2 positive and 0 negative"):
        roc_curve(np.array([True, True]), np.array([0.1, 0.2]))


def test_the_log_loss_is_scikit_learns(labels: np.ndarray, probabilities: np.ndarray) -> None:
    assert log_loss(labels, probabilities) == pytest.approx(metrics.log_loss(labels, probabilities))


def test_a_probability_of_zero_is_a_finite_loss() -> None:
    certain = np.array([[1.0, 0.0]])
    assert log_loss(np.array([1]), certain) == pytest.approx(metrics.log_loss([1], certain, labels=[0, 1]))


def test_the_confusion_matrix_is_scikit_learns(labels: np.ndarray, probabilities: np.ndarray) -> None:
    predictions = probabilities.argmax(axis=1)
    expected = metrics.confusion_matrix(labels, predictions)
    np.testing.assert_array_equal(confusion_matrix(labels, predictions, 10), expected)


# --- models


@pytest.fixture
def model() -> onnx.ModelProto:
    """Takes rows of 10 numbers for the probabilities, and the position of the largest for the label."""
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", 10])
    label = helper.make_tensor_value_info("label", TensorProto.INT64, ["n"])
    probabilities = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 10])
    nodes = [
        helper.make_node("ArgMax", ["rows"], ["label"], axis=1, keepdims=0),
        helper.make_node("Identity", ["rows"], ["probabilities"]),
    ]
    graph = helper.make_graph(nodes, "tiny", [rows], [label, probabilities])
    opsets = [helper.make_opsetid("", 18)]
    return helper.make_model(
        graph, producer_name="test", producer_version="1.2", opset_imports=opsets, ir_version=9
    )


def test_the_description_of_a_model(model: onnx.ModelProto) -> None:
    assert describe_model(model) == {
        "inputs": [{"name": "rows", "type": "float", "shape": ["n", 10]}],
        "outputs": [
            {"name": "label", "type": "int64", "shape": ["n"]},
            {"name": "probabilities", "type": "float", "shape": [None, 10]},
        ],
        "opset": {"ai.onnx": 18},
        "ir_version": 9,
        "producer": "test 1.2",
        "size_bytes": len(model.SerializeToString()),
    }


def test_a_classifier_runs_a_model_in_batches(model: onnx.ModelProto, probabilities: np.ndarray) -> None:
    classifier = Classifier(model.SerializeToString())
    predicted = classifier.predict(probabilities)
    np.testing.assert_array_equal(predicted.labels, probabilities.argmax(axis=1))
    np.testing.assert_array_equal(predicted.probabilities, probabilities)
    assert latency_us(classifier, probabilities, batch_size=7) > 0


# --- tables and figures


def test_a_table_has_a_row_per_entry_in_the_given_style() -> None:
    table = show_table({"n": range(2), "loss": np.array([0.12345, 2])}, {"loss": ".3f"})
    assert table.data.splitlines() == ["| n | loss |", "| ---: | ---: |", "| 0 | 0.123 |", "| 1 | 2.000 |"]


def test_a_figure_shows_the_picture_that_was_saved() -> None:
    fig = new_figure(3, 2)
    fig.subplots().plot([1, 2])
    ((_, saved),) = encode_figure(fig, "line.png")
    assert fig._repr_png_() == saved  # type: ignore[attr-defined]
    assert Image.open(io.BytesIO(saved)).size == (300, 200)


def test_a_figure_that_was_not_saved_is_shown_too() -> None:
    assert new_figure(3, 2)._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]


def test_a_figure_is_saved_in_other_formats() -> None:
    assert b"<svg" in dict(encode_figure(new_figure(3, 2), "empty.svg"))["empty.svg"]


def test_the_figures_of_scores_can_be_drawn(labels: np.ndarray, probabilities: np.ndarray) -> None:
    predictions = probabilities.argmax(axis=1)
    curves = [roc_curve(labels == digit, probabilities[:, digit]) for digit in range(10)]
    figures = [
        confusion_figure(confusion_matrix(labels, predictions, 10)),
        probability_figure(labels, probabilities),
        roc_figure(curves),
    ]
    assert all(dict(encode_figure(figure, "scores.png"))["scores.png"] for figure in figures)
