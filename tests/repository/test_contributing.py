"""The worked examples of CONTRIBUTING.md, carried out on a copy of the repository."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, Project, copy_repository

GUIDE = REPOSITORY / "CONTRIBUTING.md"
EXAMPLES = re.compile(
    r"^```(python|jinja|diff)\n(?:#|\{#) ([\w/.]+)(?: #\})?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
LOG_A_SOUND = """
import wave
with wave.open("beep.wav", "wb") as sound:
    sound.setnchannels(1)
    sound.setsampwidth(1)
    sound.setframerate(8000)
    sound.writeframes(bytes(12000))
nightbook.log_artifact("beep.wav")
"""


def examples() -> list[tuple[str, str, str]]:
    """The blocks of the guide that have a file: their language, the file, and what stands in them."""
    return EXAMPLES.findall(GUIDE.read_text(encoding="utf-8"))


def apply_examples(folder: Path) -> None:
    """Write the new files, and change the others where the old lines stand."""
    for language, name, body in examples():
        file = folder / name
        if language == "diff":
            lines = body.splitlines(keepends=True)
            old, new = ("".join(line[1:] for line in lines if line[0] in kinds) for kinds in (" -", " +"))
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{name} has no single place for\n{body}"
            file.write_text(text.replace(old, new), encoding="utf-8")
        else:
            assert not file.exists(), f"{name} exists"
            file.write_text(body, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machinery with all examples, and a run of a notebook that logs a sound."""
    folder = tmp_path_factory.mktemp("copy")
    copy_repository(folder, without=("notebooks/", "tests/", "docs/"))
    apply_examples(folder)
    (folder / "luigi.cfg").write_text("[engine]\nname = patient\n")
    project = Project(folder)
    project.notebook("work", LOG_A_SOUND)
    project.single()
    done = project.run(PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def nightbook(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nightbook", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_engine_executes_attempts_when_memory_is_free(copy: Path) -> None:
    code = (
        "from nightbook.execution.engines import patient\n"
        "patient._FREE_BYTES = 1 << 60\n"
        "handle = patient.PatientEngine().start(None, None)\n"
        "assert handle.poll() is None and handle.sentinel is None\n"
        "handle.cancel()\n"
        "assert handle.poll().lost\n"
        "from nightbook.execution.engines.registry import find_engine\n"
        "from nightbook.settings import settings\n"
        "print(type(find_engine(settings().engine)).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("PatientEngine\n", "")


def test_the_command_prints_the_records_folder(copy: Path) -> None:
    (run,) = Project(copy).runs
    assert nightbook(copy, "path").strip() == str(run)
    assert "path " in nightbook(copy, "--help")


def test_the_preview_and_the_attribute_are_on_the_tracker(copy: Path) -> None:
    nightbook(copy, "site")

    (run,) = Project(copy).runs
    pages = copy / "site" / "output" / "runs" / run.name
    assert f"<dt>Architecture</dt><dd>{os.uname().machine}</dd>" in (pages / "index.html").read_text()
    assert "1.5 s at 8000 Hz" in (pages / "tasks" / "work" / "index.html").read_text()


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join
)
def test_the_examples_pass_the_checks(copy: Path, command: list[str]) -> None:
    files = sorted({name for _, name, _ in examples() if name.endswith(".py")})
    settings = ["--config-file", "nightbook/pyproject.toml"] if command == ["mypy"] else []
    done = subprocess.run(
        [Path(sys.executable).with_name(command[0]), *command[1:], *settings, *files],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
