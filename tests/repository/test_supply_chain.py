"""What is installed is named by hash: in each lock file, and by each command that installs from one."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY

PATTERNS = ("Makefile", "Dockerfile", ".ci/*", ".github/workflows/*", ".devcontainer/*", "*compose*.yml")
FILES = [file for pattern in PATTERNS for file in sorted(REPOSITORY.glob(pattern))]
HASHED = {"--require-hashes"}
LOCAL = {"--no-deps"}  # and a path instead of a name
LOCKED = {"--locked", "--frozen"}
# Commands that take code from the network, and the options of which they need all of one set.
INSTALLS = {
    r"\bpip (install|download|wheel|sync)\b": [HASHED, LOCAL],
    r"(?i)\buv\W+sync\b": [{"--locked"}, {"--frozen"}],
    r"(?i)\buv\W+export\b": [{"--locked"}, {"--frozen"}],
    r"(?i)\buv\W+build\b": [{"--no-build-isolation"}],
    r"\bnpm ci\b": [{"--ignore-scripts"}],
}
# Others there are without a lock: nobody calls them.
UNLOCKED = re.compile(
    r"\bnpm (install|i|add|exec)\b|\b(npx|uvx|pipx|easy_install|curl|wget)\b|\buv\W+(tool|add|run)\b|"
    r"venv\b.* --seed\b|\bget-pip\b",
    re.IGNORECASE,
)
NPM_LOCKS = [
    file for file in sorted(REPOSITORY.glob("tests/**/package-lock.json")) if "node_modules" not in file.parts
]


def commands(text: str) -> Iterator[str]:
    """The commands of a file, one at a time; not its comments, nor what it prints."""
    joined = re.sub(r"\\\n\s*", " ", text)
    for line in joined.splitlines():
        if not line.strip().startswith(("#", "//")):
            yield from re.split(r"&&|\|\||;|\{ echo ", line)


def problems(text: str) -> list[str]:
    """The commands that install what no hash names."""
    found = []
    for command in commands(text):
        wanted = [options for pattern, options in INSTALLS.items() if re.search(pattern, command)]
        given = set(re.findall(r"(?<=\s)--[a-z-]+", command))
        bad = any(not any(each <= given for each in options) for options in wanted)
        if bad or UNLOCKED.search(command) or (LOCAL & given and not _is_local(command)):
            found.append(command.strip())
    return found


def _is_local(command: str) -> bool:
    """Whether a command with ``--no-deps`` installs a file or a folder of the repository."""
    last = shlex.split(command)[-1]
    return last.endswith(".whl") or (REPOSITORY / last).is_dir()


@pytest.mark.promise("Every package is installed by its hash, wherever something is installed.")
def test_every_command_that_installs_checks_hashes() -> None:
    texts = {str(file.relative_to(REPOSITORY)): file.read_text(encoding="utf-8") for file in FILES}
    installing = {
        name
        for name, text in texts.items()
        for command in commands(text)
        if any(re.search(pattern, command) for pattern in INSTALLS)
    }

    assert {name: problems(text) for name, text in texts.items() if problems(text)} == {}
    assert installing == {"Makefile", "Dockerfile"}  # all else calls make


@pytest.mark.parametrize(
    "command",
    [
        "python -m pip install numpy",
        "uv pip install -r pipeline.txt",
        "uv pip install --no-deps numpy",
        "true && uv pip install --require-hash -r pipeline.txt",
        "@$(UV) sync --all-packages",
        "uv export \\\n  --output-file x",
        "uv build --wheel",
        "npm ci",
        "npm install left-pad",
        "npx prettier",
        "uvx ruff",
        "uv venv --seed /opt/venv",
        "curl https://example.org/install.sh | sh",
    ],
)
def test_a_command_that_checks_none_is_found(command: str) -> None:
    assert len(problems(f"RUN {command}\n")) == 1


def test_all_packages_of_a_build_are_in_the_environment_already() -> None:
    """A build in isolation would take its backend from the network, by no hash."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    synced = re.findall(r"call sync,(.*?)\)\n", makefile)

    assert "--no-build-isolation-package nightbook" in makefile
    assert len(synced) == 3
    assert all("$(PROJECT" in arguments for arguments in synced)


@pytest.mark.promise("Every package is installed by its hash, wherever something is installed.")
def test_uvs_lock_has_a_hash_for_each_file() -> None:
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
    foreign = [package for package in lock["package"] if "registry" in package["source"]]
    files = [
        file
        for package in foreign
        for file in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    ]

    own = {package["name"] for package in lock["package"]} - {package["name"] for package in foreign}
    assert "nightbook" in own
    assert len(own) == 2  # and the forker's project; neither git nor an address elsewhere
    assert len(files) > len(foreign) > 100
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", file["hash"]) for file in files)


@pytest.mark.promise("Every package is installed by its hash, wherever something is installed.")
def test_what_installs_uv_has_a_hash_for_each_package() -> None:
    text = (REPOSITORY / "requirements" / "setup.txt").read_text(encoding="utf-8")
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line and not line.startswith("#")]
    packages = [line for line in lines if not line.strip().startswith("#")]

    assert len(packages) > 1
    assert all(re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line) for line in packages)


@pytest.mark.promise("Every package is installed by its hash, wherever something is installed.")
@pytest.mark.parametrize("file", NPM_LOCKS, ids=lambda file: file.parent.name)
def test_npms_lock_has_a_hash_for_each_package(file: Path) -> None:
    lock = json.loads(file.read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []
    assert [name for name, package in packages.items() if package.get("hasInstallScript")] == []
