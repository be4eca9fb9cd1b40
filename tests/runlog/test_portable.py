from pathlib import Path, PurePosixPath

import pytest

from tasks.runlog.layout import RunFolder
from tasks.runlog.portable import files_of, is_compact, is_portable


@pytest.mark.parametrize(
    ("path", "compact", "portable"),
    [
        ("spans/run-01.jsonl", True, True),
        ("spans/train.data=a%2Fb.csv.attempt-02.notebook.jsonl", True, True),
        ("report/summary.md", True, True),
        ("tasks/train/size=1/attempt-01/notebook.ipynb", False, True),
        ("tasks/eda/attempt-12/notebook.html", False, True),
        ("tasks/eda/attempt-01/artifacts/model.onnx", False, True),
        ("luigi.log", False, False),
        ("origin.json", False, False),
        ("spans/.run-01.jsonl", False, False),
        ("spans/run-01.json", False, False),
        ("spans/sub/run-01.jsonl", False, False),
        ("report/other.md", False, False),
        ("tasks/eda/attempt-01/kernel.log", False, False),
        ("tasks/eda/attempt-01/artifacts/sub/file", False, False),
        ("tasks/eda/attempt-01/artifacts/.hidden", False, False),
        ("tasks/eda/output/data.npz", False, False),
        ("tasks/eda/attempt-1/notebook.ipynb", False, False),
        ("tasks/a/b/c/attempt-01/notebook.ipynb", False, False),
        ("tasks/attempt-01/notebook.ipynb", False, False),
        ("tasks/../attempt-01/notebook.ipynb", False, False),
        ("spans/../run-01.jsonl", False, False),
        ("/spans/run-01.jsonl", False, False),
        ("", False, False),
    ],
)
def test_only_what_a_record_is_made_of_leaves_the_machine(
    path: str, *, compact: bool, portable: bool
) -> None:
    assert is_compact(PurePosixPath(path)) is compact
    assert is_portable(PurePosixPath(path)) is portable


def test_all_files_of_a_real_record_are_portable_and_links_are_left_out(recorded: RunFolder) -> None:
    (recorded.path / "spans" / "link.jsonl").symlink_to("/etc/passwd")
    (recorded.path / "linked").symlink_to(Path("/etc"))

    files = list(files_of(recorded.path))

    assert [str(file) for file in files if not is_portable(file)] == []
    assert PurePosixPath("tasks/use/attempt-01/artifacts/note.txt") in files
