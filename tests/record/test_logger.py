# ruff: noqa: PD011 an attempt's values are not those of pandas
"""What a notebook logs, and what the reader then finds."""

import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from nightbook.record import logger
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import ArtifactType, Attempt, Json, Outcome, ValueType
from nightbook.record.read.reader import read_run
from nightbook.record.write.attempt_context import ActiveAttempt, to_environment
from nightbook.record.write.attempt_recorder import record_attempt
from tests.record.write.test_figures import Plotly
from tests.support.recording import declared, logged_by, python, recorded_attempt, recorded_invocation

MIB = 1024 * 1024
ENDLESS: list[object] = []
ENDLESS.append(ENDLESS)


@pytest.fixture
def inside(folder: RunFolder) -> Iterator[AttemptFolder]:
    """The folder of the attempt that this process is part of."""
    attempt = folder.task("work").attempt(1)
    with recorded_invocation(folder, [declared("work")]), recorded_attempt(attempt):
        yield attempt


def logged(attempt: AttemptFolder) -> Attempt:
    """The attempt as it can be read at this moment."""
    run = read_run(attempt.task.run.path)
    assert run.problems == ()
    return run.task("work").attempts[0]


def content(attempt: AttemptFolder) -> bytes:
    """The bytes of the attempt's only artifact, which are as the record says."""
    [artifact] = logged(attempt).artifacts
    data = (attempt.task.run.path / artifact.path).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (artifact.size_bytes, artifact.sha256)
    return data


EVERYTHING = """
    from pathlib import Path
    import matplotlib.figure
    import numpy as np
    from nightbook.record import logger

    figure = matplotlib.figure.Figure()
    figure.subplots().plot([1, 2])
    Path("files").mkdir()
    Path("files", "a.bin").write_bytes(b"a")
    Path("files", "b.onnx").write_bytes(b"b")
    Path("model.json").write_text("{}")

    logger.log_param("solver", "lbfgs")
    logger.log_params({"depth": 3, "grid": [0.1, None]})
    logger.log_metric("accuracy", 0.95)
    logger.log_metrics({"loss": np.float32(0.5), "rows": 7}, step=np.int64(2))
    logger.log_value("labels", {"a": [True, float("nan")]})
    logger.log_text("größe", "note.md")
    logger.log_dict({"loss": float("nan")}, "facts.json")
    logger.log_table({"x": [1, 2]}, "table.csv")
    logger.log_figure(figure, "curve.svg")
    logger.log_image(np.zeros((2, 3), np.uint8), "zeros.png")
    logger.log_artifact("model.json", metadata={"inputs": 64})
    logger.log_artifacts("files")
"""


def test_everything_that_a_process_logs_is_read_back(folder: RunFolder) -> None:
    attempt = logged_by(EVERYTHING, folder)

    assert attempt.outcome is Outcome.SUCCESS
    values: list[tuple[str, ValueType, Json, int | None]] = [
        (value.name, value.type, value.value, value.step) for value in attempt.values[:-1]
    ]
    assert values == [
        ("solver", ValueType.PARAM, "lbfgs", None),
        ("depth", ValueType.PARAM, 3, None),
        ("grid", ValueType.PARAM, [0.1, None], None),
        ("accuracy", ValueType.METRIC, 0.95, None),
        ("loss", ValueType.METRIC, 0.5, 2),
        ("rows", ValueType.METRIC, 7, 2),
    ]
    assert repr(attempt.values[-1].value) == "{'a': [True, nan]}"
    assert [(artifact.name, artifact.type, artifact.media_type) for artifact in attempt.artifacts] == [
        ("note.md", ArtifactType.TEXT, "text/markdown"),
        ("facts.json", ArtifactType.DATA, "application/json"),
        ("table.csv", ArtifactType.TABLE, "text/csv"),
        ("curve.svg", ArtifactType.FIGURE, "image/svg+xml"),
        ("zeros.png", ArtifactType.IMAGE, "image/png"),
        ("model.json", ArtifactType.FILE, "application/json"),
        ("a.bin", ArtifactType.FILE, "application/octet-stream"),
        ("b.onnx", ArtifactType.FILE, "application/onnx"),
    ]
    assert [dict(artifact.metadata) for artifact in attempt.artifacts if artifact.metadata] == [
        {"inputs": 64}
    ]
    for artifact in attempt.artifacts:
        data = (folder.path / artifact.path).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (artifact.size_bytes, artifact.sha256)


def test_outside_a_run_everything_is_printed_and_nothing_is_kept(tmp_path: Path) -> None:
    done = python(EVERYTHING, tmp_path, {})

    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.rglob("*")} == {"model.json", "files", "a.bin", "b.onnx"}
    assert re.sub(r"(svg|png) \(\d+ ", r"\1 (n ", done.stdout).splitlines() == [
        'param solver = "lbfgs"',
        "param depth = 3",
        "param grid = [0.1, null]",
        "metric accuracy = 0.95",
        "metric loss = 0.5 (step 2)",
        "metric rows = 7 (step 2)",
        'value labels = {"a": [true, NaN]}',
        "text note.md (7 bytes)",
        "data facts.json (18 bytes)",
        "table table.csv (9 bytes)",
        "figure curve.svg (n bytes)",
        "image zeros.png (n bytes)",
        "file model.json (2 bytes)",
        "file a.bin (1 bytes)",
        "file b.onnx (1 bytes)",
    ]


@pytest.mark.promise("A value that cannot be recorded is refused, and nothing of it is written.")
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: logger.log_metrics({"a": 1, "b": "2"}), TypeError, "metric 'b' must be a number, not str"),
        (
            lambda: logger.log_metrics({"a": 1, "../b": 2}),
            ValueError,
            "'../b' cannot be the name of a metric",
        ),
        (lambda: logger.log_metrics({"a": 1}, step=1.5), TypeError, "step of a metric must be an int"),
        (lambda: logger.log_metric("a", True), TypeError, "must be a number, not bool"),
        (
            lambda: logger.log_params({"a": 1, "b": "x" * 70_000}),
            ValueError,
            "value 'b' has 70002 characters",
        ),
        (lambda: logger.log_value("a", b"2"), TypeError, "value 'a' holds a bytes"),
        (lambda: logger.log_params({"a": 1, 2: 3}), TypeError, "name of a parameter must be a string"),
        (lambda: logger.log_value("a", ENDLESS), ValueError, "holds itself"),
        (lambda: logger.log_value("a", {(1,): 2}), TypeError, "keys of a JSON object are strings"),
        (lambda: logger.log_metric("", 1), ValueError, "'' cannot be the name of a metric"),
        (lambda: logger.log_metric("x" * 1000, 1), ValueError, "at most 250 are allowed"),
        (lambda: logger.log_metric("a\nb", 1), ValueError, "use printable characters only"),
        (lambda: logger.log_metric("a", 1j), TypeError, "must be a number, not complex"),
        (lambda: logger.log_value("a", "x" * 70_000), ValueError, "at most 65536 are allowed"),
        (lambda: logger.log_text(b"x", "a.txt"), TypeError, "log_text takes a string, not bytes"),
        (lambda: logger.log_text("x", "../a.txt"), ValueError, "cannot be the name of an artifact"),
        (lambda: logger.log_dict("x", "a.json"), TypeError, "log_dict takes a dict or a list, not str"),
        (lambda: logger.log_dict({"a": b"1"}, "a.json"), TypeError, "value 'a.json' holds a bytes"),
        (lambda: logger.log_dict(ENDLESS, "a.json"), ValueError, "holds itself"),
        (
            lambda: logger.log_table([1], "a.csv"),
            TypeError,
            "takes a dict of columns or a DataFrame, not list",
        ),
        (lambda: logger.log_table({"x": "abc"}, "a.csv"), TypeError, "a list for the column 'x', not str"),
        (lambda: logger.log_table({"x": 5}, "a.csv"), TypeError, "a list for the column 'x', not int"),
        (lambda: logger.log_table({"x": [1], "y": []}, "a.csv"), ValueError, "one length, not x: 1, y: 0"),
        (lambda: logger.log_table({"x": [1], "y": []}, "a.txt"), ValueError, "one length, not x: 1, y: 0"),
        (lambda: logger.log_table({"x": [1]}, "a.txt"), ValueError, "writes .csv or .json: 'a.txt' ends in"),
        (lambda: logger.log_table({1: [1], "1": [2]}, "a.csv"), ValueError, "of different names, not 1, 1"),
        (
            lambda: logger.log_table(pd.DataFrame([[1, 2]], columns=["x", "x"]), "a.csv"),
            ValueError,
            "of different names, not x, x",
        ),
        (lambda: logger.log_table({"x": [b"1"]}, "a.json"), TypeError, "'a.json' holds a bytes"),
        (
            lambda: logger.log_figure("x", "a.png"),
            TypeError,
            "takes a figure of Matplotlib, Plotly or Altair, not str",
        ),
        (lambda: logger.log_image("x", "a.png"), TypeError, "an array of uint8 (0 to 255), not of str"),
        (lambda: logger.log_image(np.zeros((2, 2)), "a.png"), TypeError, "uint8 (0 to 255), not of float64"),
        (
            lambda: logger.log_image(Image.new("L", (1, 1)), "a.txt"),
            ValueError,
            "no image format for 'a.txt'",
        ),
        (lambda: logger.log_artifact("missing.bin"), FileNotFoundError, "there is no file missing.bin"),
        (
            lambda: logger.log_artifact(__file__, metadata=[1]),
            TypeError,
            "metadata of 'test_logger.py' must be",
        ),
        (lambda: logger.log_artifact(__file__, metadata={"a": b"1"}), TypeError, "holds a bytes"),
        (lambda: logger.log_artifacts("missing"), NotADirectoryError, "there is no folder missing"),
        (
            lambda: logger.log_artifact(Path(__file__).parent, metadata={"a": 1}),
            ValueError,
            "is a folder, and metadata are those of one file",
        ),
        (lambda: logger.log_artifact(__file__, "../x"), ValueError, "cannot be the name of an artifact"),
    ],
)
def test_what_cannot_be_logged_is_refused_and_nothing_of_it_is_written(
    inside: AttemptFolder, call: Callable[[], None], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        call()

    assert message in str(raised.value)
    assert (logged(inside).values, logged(inside).artifacts) == ((), ())
    assert not inside.artifacts.exists()


def test_what_is_logged_can_be_read_at_once(inside: AttemptFolder) -> None:
    logger.log_metric("loss", 0.5)
    assert logged(inside).metrics == {"loss": 0.5}

    logger.log_text("x", "note.txt")
    assert content(inside) == b"x"


def test_of_two_artifacts_with_one_name_the_last_counts(inside: AttemptFolder) -> None:
    logger.log_text("the first, longer one", "note.txt")
    logger.log_dict(["the last"], "note.txt")

    assert json.loads(content(inside)) == ["the last"]
    assert [artifact.type for artifact in logged(inside).artifacts] == [ArtifactType.DATA]
    assert [path.name for path in inside.artifacts.iterdir()] == ["note.txt"]


def test_the_last_number_logged_is_the_metric(inside: AttemptFolder) -> None:
    for step, loss in enumerate((0.5, math.nan, math.inf, -math.inf, 0.25)):
        logger.log_metric("loss", loss, step)

    assert logged(inside).metrics == {"loss": 0.25}
    assert repr([value.value for value in logged(inside).values]) == "[0.5, nan, inf, -inf, 0.25]"


@pytest.mark.parametrize(
    "table",
    [
        {"name": ["a", "b"], "score": [0.5, math.nan]},
        {"name": ("a", "b"), "score": np.array([0.5, math.nan])},
        {"name": np.array(["a", "b"]), "score": pd.Series([0.5, None])},
        pd.DataFrame({"name": ["a", "b"], "score": np.array([0.5, math.nan], np.float32)}, index=[7, 8]),
    ],
    ids=["lists", "array", "series", "DataFrame"],
)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table.csv", "name,score\r\na,0.5\r\nb,nan\r\n"),
        ("table.json", '{"columns": ["name", "score"], "data": [["a", 0.5], ["b", null]]}'),
    ],
)
def test_a_table_is_columns_of_any_kind(inside: AttemptFolder, table: object, name: str, text: str) -> None:
    logger.log_table(table, name)

    assert content(inside).decode() == text


def test_a_csv_table_holds_any_text_and_time(inside: AttemptFolder) -> None:
    texts = ['a "quoted", text', "two\nlines", "größe"]
    table = pd.DataFrame({"text": texts, "at": pd.Timestamp("2026-11-23 03:17")})

    logger.log_table(table, "table.csv")

    read = pd.read_csv(io.BytesIO(content(inside)), parse_dates=["at"])
    assert list(read["text"]) == texts
    assert set(read["at"]) == {pd.Timestamp("2026-11-23 03:17")}


def test_a_dictionary_may_hold_numpys_numbers_and_nan(inside: AttemptFolder) -> None:
    logger.log_dict(
        {"support": np.int64(3), "scores": (np.float32(0.5), math.nan), "größe": None}, "facts.json"
    )

    assert content(inside).decode() == (
        '{\n  "support": 3,\n  "scores": [\n    0.5,\n    null\n  ],\n  "größe": null\n}'
    )


def test_a_dictionary_may_be_larger_than_a_value(inside: AttemptFolder) -> None:
    logger.log_dict({"text": "x" * 100_000}, "facts.json")

    assert len(content(inside)) > 100_000


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 3), (2, 3, 4)])
def test_an_array_becomes_an_image(inside: AttemptFolder, shape: tuple[int, ...]) -> None:
    array = np.arange(math.prod(shape), dtype=np.uint8).reshape(shape)

    logger.log_image(array, "image.png")

    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content(inside)))), array)


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.jpg", "image/jpeg"), ("a.JPEG", "image/jpeg"), ("a.webp", "image/webp")]
)
def test_an_image_is_written_as_its_name_says(inside: AttemptFolder, name: str, media_type: str) -> None:
    logger.log_image(Image.new("RGB", (4, 4)), name)

    assert Image.open(io.BytesIO(content(inside))).get_format_mimetype() == media_type
    assert logged(inside).artifacts[0].media_type == media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("data.csv.gz", "application/gzip"),
        ("data.csv.xz", "application/octet-stream"),
        ("data.parquet", "application/vnd.apache.parquet"),
        ("page.html", "text/html"),
        ("no ending", "application/octet-stream"),
    ],
)
def test_a_files_media_type_is_that_of_its_bytes(
    inside: AttemptFolder, tmp_path: Path, name: str, media_type: str
) -> None:
    (tmp_path / name).write_bytes(b"x")

    logger.log_artifact(tmp_path / name)

    assert logged(inside).artifacts[0].media_type == media_type
    assert content(inside) == b"x"


def test_a_large_file_is_logged_without_holding_it_in_memory(folder: RunFolder, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(200 * MIB)

    attempt = logged_by(
        f"""
        from pathlib import Path
        from nightbook.record import logger

        def peak_kib():
            [line] = [line for line in Path("/proc/self/status").open() if line.startswith("VmHWM")]
            return int(line.split()[1])

        logger.log_text("warm", "up.txt")
        before = peak_kib()
        logger.log_artifact({str(large)!r})
        logger.log_metric("growth_mib", (peak_kib() - before) / 1024)
        """,
        folder,
    )

    assert attempt.artifacts[1].size_bytes == 200 * MIB
    assert attempt.artifacts[1].sha256 == hashlib.sha256(bytes(200 * MIB)).hexdigest()
    assert attempt.metrics["growth_mib"] < 50


@pytest.mark.promise("What was logged before a process was killed is in the record.")
def test_a_process_killed_right_after_logging_keeps_what_it_logged(folder: RunFolder) -> None:
    with recorded_invocation(folder, [declared("work")], None):
        attempt = folder.task("work").attempt(1)
        with record_attempt(attempt, cell_count=1) as recorder:
            done = python(
                """
                import os, signal
                from nightbook.record import logger

                logger.log_text("kept", "note.txt")
                logger.log_metric("loss", 0.5)
                os.kill(os.getpid(), signal.SIGKILL)
                """,
                folder.path,
                to_environment(ActiveAttempt(attempt, recorder.context)),
            )

    assert done.returncode == -9, done.stderr
    assert logged(attempt).metrics == {"loss": 0.5}
    assert content(attempt) == b"kept"


@pytest.mark.promise("Values that several processes log at once are all kept.")
def test_children_of_a_notebook_log_into_the_same_attempt(folder: RunFolder) -> None:
    attempt = logged_by(
        """
        import multiprocessing
        from nightbook.record import logger

        def work(number):
            for step in range(50):
                logger.log_metric(f"child {number}", step, step)

        logger.log_metric("parent", 1)
        context = multiprocessing.get_context("fork")
        children = [context.Process(target=work, args=(number,)) for number in range(4)]
        [child.start() for child in children]
        [child.join() for child in children]
        """,
        folder,
    )

    assert len(attempt.values) == 201
    assert attempt.metrics == {"parent": 1} | {f"child {number}": 49 for number in range(4)}


@pytest.mark.promise("Values come back in the order in which they were logged.")
def test_ten_thousand_values_are_logged_and_read_back_in_order(folder: RunFolder) -> None:
    attempt = logged_by(
        """
        from nightbook.record import logger

        for step in range(10_000):
            logger.log_metric("loss", 1 / (step + 1), step)
        """,
        folder,
    )

    assert [(value.value, value.step) for value in attempt.values] == [
        (1 / (n + 1), n) for n in range(10_000)
    ]


def test_importing_the_logger_neither_reads_the_environment_nor_writes(tmp_path: Path) -> None:
    done = python("from nightbook.record import logger", tmp_path, {"NIGHTBOOK_RUN": str(tmp_path / "x")})

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_all_files_of_a_folder_are_logged_under_its_name(inside: AttemptFolder, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    for name in ("config.json", "weights/0.bin", ".hidden", "weights/Icon\r"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / "empty").mkdir()
    (folder / "gone").symlink_to(tmp_path / "missing")

    logger.log_artifact(folder)
    logger.log_artifacts(folder / "weights", "again")

    names = ["model/.hidden", "model/config.json", "model/weights/0.bin", "model/weights/Icon\r"]
    names += ["again/0.bin", "again/Icon\r"]
    assert [artifact.name for artifact in logged(inside).artifacts] == names
    for name, artifact in zip(names, logged(inside).artifacts, strict=True):
        content = (inside.task.run.path / artifact.path).read_bytes().decode()
        assert content.endswith(name.rpartition("/")[2])
        assert artifact.path == inside.artifact(name)


def test_a_file_is_logged_into_a_folder(inside: AttemptFolder) -> None:
    logger.log_artifact(__file__, "code/tests")

    assert [artifact.name for artifact in logged(inside).artifacts] == ["code/tests/test_logger.py"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Plots/roc.png", "it differs from 'plots' only in case"),
        ("plots/ROC.png", "it differs from 'roc.png' only in case"),
        ("plots", "it is a folder of artifacts"),
        ("plots/roc.png/x", "'plots/roc.png' is one, and no folder"),
    ],
)
def test_a_name_that_stands_in_anothers_way_is_refused(
    inside: AttemptFolder, name: str, message: str
) -> None:
    logger.log_text("x", "plots/roc.png")

    with pytest.raises(ValueError, match=message):
        logger.log_text("y", name)

    assert [artifact.name for artifact in logged(inside).artifacts] == ["plots/roc.png"]


def test_no_file_of_a_folder_is_logged_if_two_differ_only_in_case(
    inside: AttemptFolder, tmp_path: Path
) -> None:
    for name in ("A.txt", "a.txt"):
        (tmp_path / name).touch()

    with pytest.raises(ValueError, match=r"'a\.txt' .* differs from 'A\.txt' only in case"):
        logger.log_artifacts(tmp_path)

    assert logged(inside).artifacts == ()


def test_a_table_has_times_and_missing_values(inside: AttemptFolder) -> None:
    table = pd.DataFrame(
        {"at": [pd.Timestamp("2026-11-23"), pd.NaT], "n": pd.array([1, None], dtype="Int64")}
    )

    logger.log_table(table, "table.json")
    assert json.loads(content(inside))["data"] == [["2026-11-23T00:00:00", 1], [None, None]]

    logger.log_table(table.style, "table.json")
    assert json.loads(content(inside))["columns"] == ["at", "n"]


def test_what_is_missing_is_empty_in_csv(inside: AttemptFolder) -> None:
    logger.log_table({"at": [pd.NaT, None], "n": [pd.NA, math.inf]}, "table.csv")

    assert content(inside).decode() == "at,n\r\n,\r\n,inf\r\n"


def test_a_models_parameters_are_logged_whatever_they_are(inside: AttemptFolder) -> None:
    model = make_pipeline(SimpleImputer(), LogisticRegression(C=np.float64(0.5)))

    logger.log_params(model.get_params())

    params = {value.name: value.value for value in logged(inside).values}
    assert params["logisticregression"] == "LogisticRegression(C=np.float64(0.5))"
    assert params["logisticregression__C"] == 0.5
    assert repr(params["simpleimputer__missing_values"]) == "nan"


def test_metrics_have_the_names_and_numbers_that_notebooks_give(inside: AttemptFolder) -> None:
    metrics = {"val/loss": Decimal("0.1"), "f1[macro]": np.array(0.5), "größe 😀": 2**53 + 1}

    logger.log_metrics(metrics, step=-1)
    logger.log_metrics(metrics, step=-1)

    assert logged(inside).metrics == {"val/loss": 0.1, "f1[macro]": 0.5, "größe 😀": 2**53 + 1}
    assert [value.step for value in logged(inside).values] == [-1] * 6


def test_a_figure_of_plotly_is_two_artifacts(inside: AttemptFolder) -> None:
    logger.log_figure(Plotly(), "roc.png")

    assert [(artifact.name, artifact.type) for artifact in logged(inside).artifacts] == [
        ("roc.plotly.json", ArtifactType.DATA),
        ("roc.png", ArtifactType.FIGURE),
    ]
