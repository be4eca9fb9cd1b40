from pathlib import Path

import pytest

from nightbook.record.format.names import (
    MAX_NAME_BYTES,
    MAX_NAME_LENGTH,
    MAX_VALUE_NAME_LENGTH,
    check_artifact_name,
    check_task_id,
    check_task_name,
    check_value_name,
)
from nightbook.record.format.packed_names import pack_name

LONGEST = "x" * MAX_NAME_LENGTH


@pytest.mark.parametrize(
    "name", ["accuracy", "mean (of 5) @ 10%", "val:l2=1e-3", "_private", "a.b", "Größe", "日本語", LONGEST]
)
def test_a_tasks_name_is_returned(name: str) -> None:
    assert check_task_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a..b",
        "/etc",
        "a/b",
        "a\\b",
        "nul\0",
        "a\nb",
        ".hidden",
        "-rf",
        " x",
        "x ",
        "x.",
        "<b>",
        "a|b",
        '"',
        "\u202egpj.exe",
        "zero\u200bwidth",
        "😀",
        "\ud800",
        f"{LONGEST}x",
        "日" * MAX_NAME_LENGTH,
    ],
)
def test_a_name_that_a_task_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of a task"):
        check_task_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "val/loss",
        "a/b/c",
        "f1[macro]",
        "p < 0.05",
        "x | y",
        "'a\"`",
        ".5",
        "-log p",
        "a..b",
        "50%",
        "Größe",
        "日本語",
        "😀",
        "$\\alpha$",
        "x" * MAX_VALUE_NAME_LENGTH,
    ],
)
def test_a_values_name_is_any_text_of_a_line(name: str) -> None:
    assert check_value_name(name, "a metric") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        ".",
        "..",
        "../x",
        "a/../b",
        " x",
        "x ",
        "a\nb",
        "x\n",
        "a\tb",
        "nul\0",
        "\x1b[31m",
        "\u202ex",
        "a\u200bb",
        "half\ud800",
        "x" * 1000,
    ],
)
def test_a_values_name_is_visible_and_no_way_elsewhere(name: str) -> None:
    with pytest.raises(ValueError, match="name of a metric") as raised:
        check_value_name(name, "a metric")
    assert len(str(raised.value).splitlines()) == 1
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    "name",
    [
        "roc.png",
        "plots/roc.png",
        "a/b/c/d",
        "f[1] (2).png",
        ".hidden",
        ".cfg/.x",
        "-rf",
        " a ",
        "x.",
        "a..b",
        "a:b?.csv",
        '"<>|*',
        "a\\b",
        "Icon\r",
        "two\nlines",
        "50%.png",
        "Screenshot at\u202f3.png",
        "日" * 80,
        "/".join(["x" * MAX_NAME_BYTES] * 4),
    ],
)
def test_an_artifacts_name_is_that_of_a_file(tmp_path: Path, name: str) -> None:
    assert check_artifact_name(name) == name
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.with_name(f".{file.name}.part").touch()
    packed = tmp_path / pack_name(name)
    packed.parent.mkdir(parents=True, exist_ok=True)
    packed.touch()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "a/",
        "a//b",
        ".",
        "..",
        "../x",
        "a/../b",
        "a/.",
        "nul\0",
        "\x1b[31m",
        "\u202egpj.exe",
        "\ud800",
        "x" * (MAX_NAME_BYTES + 1),
        "日" * 100,
        ":" * 100,
        "a/" * 600 + "a",
        ".roc.png.part",
        "a/.x.part",
    ],
)
def test_a_name_that_could_be_more_than_a_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of an artifact") as raised:
        check_artifact_name(name)
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize("name", [None, 5, b"x", ["x"], Path("x")])
def test_a_name_is_a_string(name: object) -> None:
    with pytest.raises(TypeError, match="the name of a metric must be a string, not"):
        check_value_name(name, "a metric")
    with pytest.raises(TypeError, match="the name of an artifact must be a string, not"):
        check_artifact_name(name)


@pytest.mark.parametrize(
    "task_id", ["", "/", "a/", "/a", "../../x", "a/..", ".a", "a/b/c", "a\n", "größe", "a\\b"]
)
def test_what_is_no_folder_below_tasks_is_no_task_id(task_id: str) -> None:
    with pytest.raises(ValueError, match="is not a task id"):
        check_task_id(task_id)
