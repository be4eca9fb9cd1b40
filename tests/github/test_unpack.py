import io
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nightbook.github import unpack
from nightbook.github.errors import UntrustedError
from nightbook.github.unpack import unpack_record
from nightbook.record.read.portable import MAX_FILE_BYTES, pack_record
from nightbook.record.read.reader import read_run
from tests.github.conftest import RUN_ID
from tests.support.fake_github import zip_of, zip_of_record


@pytest.fixture
def try_unpack(tmp_path: Path) -> Callable[[bytes], Path]:
    def attempt(content: bytes) -> Path:
        file = tmp_path / "artifact-5.zip"
        file.write_bytes(content)
        return unpack_record(file, tmp_path / "into")

    return attempt


def refused(try_unpack: Callable[[bytes], Path], content: bytes, tmp_path: Path, reason: str) -> None:
    with pytest.raises(UntrustedError, match=reason):
        try_unpack(content)
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"artifact-5.zip", "recorded"}


def with_member(record: Path, member: zipfile.ZipInfo | str, content: bytes = b"x") -> bytes:
    file = io.BytesIO(zip_of_record(record))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return file.getvalue()


def test_a_record_is_unpacked_as_it_was(try_unpack: Callable[[bytes], Path], night: Path) -> None:
    folder = try_unpack(zip_of_record(night))

    assert folder.name == RUN_ID
    assert read_run(folder) == read_run(night)
    assert (folder / "tasks/use/attempt-01/artifacts/note.txt").read_text() == "attempt 1"


def test_a_packed_record_has_its_artifacts_names_again(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    names = {
        "plots/roc.png",
        'what? "5:<*>|".txt',
        "back\\slash",
        "Icon\r",
        ".hidden/.x",
        "a%3Ab",
        "note.txt",
    }
    artifacts = night / "tasks/use/attempt-01/artifacts"
    for name in names:
        (artifacts / name).parent.mkdir(exist_ok=True)
        (artifacts / name).write_bytes(name.encode())
    pack_record(night, tmp_path / "packed")

    folder = try_unpack(zip_of_record(tmp_path / "packed" / night.name))

    unpacked = folder / "tasks/use/attempt-01/artifacts"
    found = {file.relative_to(unpacked).as_posix() for file in unpacked.rglob("*") if file.is_file()}
    assert found == names
    assert all((unpacked / name).read_bytes() == name.encode() for name in names)


def test_two_members_that_are_one_artifact_are_refused(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    (night / "tasks/use/attempt-01/artifacts/a:b").touch()
    member = f"{RUN_ID}/tasks/use/attempt-01/artifacts/a%3Ab"

    refused(try_unpack, with_member(night, member), tmp_path, "two of its members have the same name")


@pytest.mark.promise("An archive with a link, another path or too much in it is refused as a whole.")
@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        f"{RUN_ID}/../evil",
        f"{RUN_ID}/spans/../../../evil.jsonl",
        "/etc/evil",
        "C:\\evil",
        f"{RUN_ID}\\spans\\evil.jsonl",
        f"{RUN_ID}/spans/a\0.jsonl",
        f"{RUN_ID}//spans/evil.jsonl",
        f"./{RUN_ID}/spans/evil.jsonl",
        f"{RUN_ID}/origin.json",
        f"{RUN_ID}/luigi.log",
        f"{RUN_ID}/spans/",
        f"{RUN_ID}/tasks/x/attempt-01/artifacts/..",
        f"{RUN_ID}/tasks/x/attempt-01/artifacts/%2E%2E",
        f"{RUN_ID}/tasks/x/attempt-01/artifacts/%2E./%2E./evil",
        f"{RUN_ID}/tasks/x/attempt-01/%2E%2E",
        f"{RUN_ID}/.git/config",
        ".gitattributes",
    ],
)
def test_a_member_that_is_not_a_file_of_a_record_refuses_all(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path, name: str
) -> None:
    refused(try_unpack, with_member(night, name), tmp_path, "the member")


@pytest.mark.promise("An archive with a link, another path or too much in it is refused as a whole.")
@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_a_link_or_device_is_refused(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path, kind: int
) -> None:
    member = zipfile.ZipInfo(f"{RUN_ID}/spans/link.jsonl")
    member.external_attr = (kind | 0o777) << 16

    refused(try_unpack, with_member(night, member, b"/etc/passwd"), tmp_path, "is not a regular file")


@pytest.mark.promise("An archive with a link, another path or too much in it is refused as a whole.")
def test_a_bomb_is_refused_before_it_is_unpacked(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    name = f"{RUN_ID}/tasks/use/attempt-01/artifacts/zeros"
    bomb = with_member(night, name, bytes(MAX_FILE_BYTES + 1))
    assert len(bomb) < 200_000

    refused(try_unpack, bomb, tmp_path, "larger than 100,000,000 bytes")


@pytest.mark.promise("An archive with a link, another path or too much in it is refused as a whole.")
def test_a_bomb_that_lies_about_its_size_is_refused_while_it_is_unpacked(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    size = 50_000_000
    bomb = with_member(night, f"{RUN_ID}/tasks/use/attempt-01/artifacts/zeros", bytes(size))
    lying = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb

    refused(try_unpack, lying, tmp_path, "cannot be unpacked|larger than it claims")


def test_empty_folders_are_skipped(try_unpack: Callable[[bytes], Path], night: Path) -> None:
    folder = try_unpack(with_member(night, f"{RUN_ID}/spans/", b""))

    assert read_run(folder) == read_run(night)


def test_a_folder_elsewhere_is_not_made(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    try_unpack(with_member(night, "../evil/", b""))

    assert not (tmp_path / "evil").exists()


@pytest.mark.promise("An archive with a link, another path or too much in it is refused as a whole.")
def test_too_many_members_and_too_large_a_record_are_refused(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = zip_of_record(night)
    monkeypatch.setattr(unpack, "MAX_RECORD_BYTES", 1000)
    refused(try_unpack, content, tmp_path, "it is larger than 1,000 bytes")
    monkeypatch.setattr(unpack, "MAX_FILES", 3)
    refused(try_unpack, content, tmp_path, r"it has \d+ members")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be unpacked"),
        (b"PK\x03\x04" + bytes(100), "cannot be unpacked"),
        (zip_of({}), "it has 0 members"),
        (zip_of({f"{RUN_ID}/spans/run-01.jsonl": b"{}\n"}), "no readable span"),
        (zip_of({f"{RUN_ID}/report/summary.md": b"# ok"}), "no readable span"),
    ],
)
def test_a_file_that_is_not_a_record_is_refused(
    try_unpack: Callable[[bytes], Path], tmp_path: Path, content: bytes, reason: str
) -> None:
    refused(try_unpack, content, tmp_path, reason)


def test_the_spans_of_another_run_are_refused(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    renamed = night.rename(night.with_name("20261124T031700Z-000000"))

    refused(try_unpack, zip_of_record(renamed), tmp_path, "does not say what was run")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_runs_and_two_members_of_one_name_are_refused(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    other = with_member(night, "20261124T031700Z-000000/report/summary.md")
    refused(try_unpack, other, tmp_path, "it holds more than one run")
    twice = with_member(night, f"{RUN_ID}/spans/run-01.jsonl")
    refused(try_unpack, twice, tmp_path, "two of its members have the same name")


def test_a_damaged_member_is_refused(
    try_unpack: Callable[[bytes], Path], night: Path, tmp_path: Path
) -> None:
    content = bytearray(zip_of_record(night))
    content[200:210] = bytes(10)

    refused(try_unpack, bytes(content), tmp_path, "cannot be unpacked")


def test_whatever_is_broken_in_a_zip_file_is_refused_and_nothing_else_is_raised(
    try_unpack: Callable[[bytes], Path], tmp_path: Path
) -> None:
    content = zip_of({f"{RUN_ID}/spans/ä.jsonl": b"{}\n", f"{RUN_ID}/report/summary.md": b"# ok"})
    choose = random.Random(1)

    for _ in range(1500):
        broken = bytearray(content)
        for _ in range(choose.randint(1, 4)):
            broken[choose.randrange(len(broken))] = choose.choice([0, 1, 128, 255, choose.randrange(256)])
        refused(try_unpack, bytes(broken), tmp_path, "is refused|cannot be unpacked")
