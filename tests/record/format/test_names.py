from pathlib import Path

import pytest

from nightbook.record.format.names import MAX_NAME_LENGTH, check_file_name, check_name, check_task_id


@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "accuracy (mean of 5) @ 10%",
        "val:loss+l2=1e-3",
        "_private",
        "confusion.matrix.png",
        "Größe",
        "日本語",
        "x" * MAX_NAME_LENGTH,
        "ß" * MAX_NAME_LENGTH,
    ],
)
def test_a_name_is_returned_and_can_be_a_file_while_it_is_written(tmp_path: Path, name: str) -> None:
    assert check_name(name, "an artifact") == name
    (tmp_path / f".{name}.part").touch()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a..b",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "nul\0",
        "line\nbreak",
        "ends\n",
        "tab\t",
        ".hidden",
        "-rf",
        " x",
        "x ",
        "x.",
        "<b>",
        "a|b",
        '"',
        "'",
        "`",
        "\u202egpj.exe",
        "zero\u200bwidth",
        "😀",
        "half\ud800",
        "x" * (MAX_NAME_LENGTH + 1),
        "日" * MAX_NAME_LENGTH,
    ],
)
def test_a_name_that_could_be_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of an artifact"):
        check_name(name, "an artifact")


@pytest.mark.parametrize("name", [None, 5, b"x", ["x"], Path("x")])
def test_a_name_is_a_string(name: object) -> None:
    with pytest.raises(TypeError, match="the name of a metric must be a string, not"):
        check_name(name, "a metric")


@pytest.mark.parametrize(
    "task_id", ["", "/", "a/", "/a", "../../x", "a/..", ".a", "a/b/c", "a\n", "größe", "a\\b"]
)
def test_what_is_no_folder_below_tasks_is_no_task_id(task_id: str) -> None:
    with pytest.raises(ValueError, match="is not a task id"):
        check_task_id(task_id)


def test_an_artifacts_name_has_no_colon() -> None:
    assert check_name("a:b", "a metric") == "a:b"
    assert check_file_name("a.png") == "a.png"
    with pytest.raises(ValueError, match=r"'a:b\.png' cannot be the name of an artifact"):
        check_file_name("a:b.png")
