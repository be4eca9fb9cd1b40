import re
from pathlib import Path, PurePosixPath

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.read import portable
from nightbook.record.read.portable import (
    files_of,
    is_compact,
    is_portable,
    pack_path,
    pack_record,
    unpack_path,
)
from nightbook.record.read.reader import read_run


@pytest.mark.promise("Only files of the record leave the machine.")
@pytest.mark.parametrize(
    ("path", "compact", "portable"),
    [
        ("spans/run-01.jsonl", True, True),
        ("spans/train.data=a%2Fb.csv.attempt-02.notebook.jsonl", True, True),
        ("report/summary.md", True, True),
        ("tasks/train/size=1/attempt-01/notebook.ipynb", False, True),
        ("tasks/eda/attempt-12/notebook.html", False, True),
        ("tasks/eda/attempt-01/output.log", False, True),
        ("tasks/eda/attempt-01/progress.json", False, False),
        ("tasks/eda/attempt-01/artifacts/model.onnx", False, True),
        ("luigi.log", False, False),
        ("origin.json", False, False),
        ("spans/.run-01.jsonl", False, False),
        ("spans/run-01.json", False, False),
        ("spans/sub/run-01.jsonl", False, False),
        ("report/other.md", False, False),
        ("tasks/eda/attempt-01/kernel.log", False, False),
        ("tasks/eda/attempt-01/artifacts/sub/file", False, True),
        ("tasks/train/size=1/attempt-01/artifacts/a/b/c.png", False, True),
        ("tasks/eda/attempt-01/artifacts/.hidden", False, True),
        ("tasks/eda/attempt-01/artifacts/attempt-01/notebook.ipynb", False, True),
        ("tasks/eda/attempt-01/artifacts/../notebook.ipynb", False, False),
        ("tasks/eda/attempt-01/artifacts/.note.txt.part", False, False),
        ("tasks/eda/attempt-01/artifacts", False, False),
        ("tasks/a/b/c/attempt-01/artifacts/file", False, False),
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


@pytest.mark.promise("Only files of the record leave the machine.")
def test_all_files_of_a_real_record_are_portable_and_links_are_left_out(recorded: RunFolder) -> None:
    (recorded.path / "spans" / "link.jsonl").symlink_to("/etc/passwd")
    (recorded.path / "linked").symlink_to(Path("/etc"))

    files = list(files_of(recorded.path))

    assert [str(file) for file in files if not is_portable(file)] == []
    assert PurePosixPath("tasks/use/attempt-01/artifacts/note.txt") in files


def test_a_packed_record_reads_the_same_and_has_no_log(recorded: RunFolder, tmp_path: Path) -> None:
    recorded.log.write_text("/home/somebody/secret")
    (recorded.task("use").output / "data.npz").parent.mkdir(parents=True)
    (recorded.task("use").output / "data.npz").write_text("large")

    assert pack_record(recorded.path, tmp_path / "packed") == []

    packed = tmp_path / "packed" / recorded.run_id
    assert read_run(packed) == read_run(recorded.path)
    assert [str(file) for file in files_of(packed) if not is_portable(file)] == []
    assert (packed / "tasks/use/attempt-01/artifacts/note.txt").read_text() == "attempt 1"
    assert pack_record(recorded.path, tmp_path / "packed") == []


def test_what_is_too_large_stays_behind_but_never_a_span(
    recorded: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifacts = recorded.task("use").attempt(1).artifacts
    for name, size in (("small", 10), ("large", 4000), ("huge", 50_000)):
        (artifacts / name).write_bytes(bytes(size))
    compact_bytes = sum((recorded.path / f).stat().st_size for f in files_of(recorded.path) if is_compact(f))
    monkeypatch.setattr(portable, "MAX_FILE_BYTES", 20_000)
    monkeypatch.setattr(portable, "MAX_RECORD_BYTES", compact_bytes + 100)

    left_out = pack_record(recorded.path, tmp_path / "packed")

    assert [file.name for file in left_out] == ["huge", "large"]
    monkeypatch.setattr(portable, "MAX_FILES", 1)
    assert {file.parts[0] for file in pack_record(recorded.path, tmp_path / "packed")} == {"tasks"}
    assert read_run(tmp_path / "packed" / recorded.run_id) == read_run(recorded.path)


def test_names_that_github_refuses_are_packed_and_come_back(recorded: RunFolder, tmp_path: Path) -> None:
    names = ["plots/roc.png", 'what? "5:<*>|".txt', "back\\slash", "Icon\r", ".hidden/.x"]
    artifacts = recorded.task("use").attempt(1).artifacts
    for name in names:
        (artifacts / name).parent.mkdir(exist_ok=True)
        (artifacts / name).write_bytes(name.encode())

    pack_record(recorded.path, tmp_path / "packed")

    folder = PurePosixPath("tasks/use/attempt-01/artifacts")
    packed = tmp_path / "packed" / recorded.run_id
    found = {file for file in files_of(packed) if folder in file.parents}
    assert not [file for file in found if re.search(r'[":<>|*?\\\r\n]|/\.', str(file))]
    assert {unpack_path(file) for file in found} == {folder / name for name in (*names, "note.txt")}
    assert {(packed / pack_path(folder / name)).read_bytes() for name in names} == set(map(str.encode, names))
