"""The image by itself: hardened, and with clear words for what its user can get wrong."""

import json
import os

import pytest

from nightbook.record.format.model import Outcome
from tests.support.containers import IMAGE, Containers, docker

pytestmark = pytest.mark.xdist_group("docker")

HARDENED = (
    "run",
    "--rm",
    "--init",
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--network=none",
)
STRANGER = 54321


@pytest.mark.promise("A run in a container needs no privilege and no network.")
def test_a_run_needs_no_privilege_and_no_network(containers: Containers) -> None:
    os.chown(containers.path / "runs", STRANGER, STRANGER)
    mount = f"--volume={containers.path}/runs:/nightbook/runs"

    done = docker(*HARDENED, f"--user={STRANGER}:{STRANGER}", mount, IMAGE)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert containers.record().outcome is Outcome.SUCCESS
    owners = {file.stat().st_uid for file in (containers.path / "runs").rglob("*") if file.name != ".gitkeep"}
    assert owners == {STRANGER}


def test_a_user_who_may_not_write_is_told(containers: Containers) -> None:
    (containers.path / "runs").chmod(0o755)
    mount = f"--volume={containers.path}/runs:/nightbook/runs"

    done = docker(*HARDENED, "--user=54321:54321", mount, IMAGE)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    note, error = done.stderr.splitlines()
    assert note.startswith("note: user 54321 cannot write to /nightbook/runs, which belongs to user ")
    assert '--user "$(id -u):$(id -g)"' in note
    assert error.startswith("error: cannot make the run record /nightbook/runs/")


def test_root_without_privileges_stays_root(containers: Containers) -> None:
    os.chown(containers.path / "runs", 0, 0)
    mount = f"--volume={containers.path}/runs:/nightbook/runs"

    assert docker(*HARDENED, "--user=0:0", mount, IMAGE).returncode == 0

    os.chown(containers.path / "runs", STRANGER, STRANGER)
    refused = docker(*HARDENED, "--user=0:0", mount, IMAGE)
    assert refused.returncode == 2
    assert refused.stderr.startswith("note: user 0 cannot write to /nightbook/runs")
    assert "Traceback" not in refused.stderr


@pytest.mark.usefixtures("built")
def test_a_full_disk_ends_the_run_with_its_name() -> None:
    done = docker(*HARDENED, "--tmpfs=/nightbook/runs:size=40k,uid=1000", IMAGE)

    assert done.returncode in (1, 2)
    assert "No space left on device" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.usefixtures("built")
def test_a_command_that_is_not_there() -> None:
    done = docker(*HARDENED, IMAGE, "pythn", "-m", "nightbook", "run")

    assert done.returncode == 127
    assert "error: the container has no such command: ['pythn'," in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("built")
def test_anyone_may_install_in_the_development_image() -> None:
    """A development container has the number of its user, whose `make` follows a changed lock file."""
    folders = "/opt/venv /opt/venv/bin /opt/venv/lib/python3.*/site-packages/numpy"
    script = f"for folder in {folders}; do test -w $folder || exit 1; done"

    assert (
        docker("run", "--rm", "--user=54321:54321", f"{IMAGE}-development", "sh", "-c", script).returncode
        == 0
    )


@pytest.mark.usefixtures("built")
def test_the_image_says_what_it_is_and_holds_no_tools() -> None:
    (image,) = json.loads(docker("image", "inspect", IMAGE).stdout)

    assert image["Config"]["User"] == "nightbook"
    assert image["Config"]["Labels"]["org.opencontainers.image.title"] == "nightbook"
    tools = "for tool in gcc cc make git uv pip ruff jupyter-lab; do command -v $tool; done; true"
    assert docker(*HARDENED, IMAGE, "sh", "-c", tools).stdout == ""
    assert "No module named pip" in docker(*HARDENED, IMAGE, "python", "-m", "pip").stderr
    listed = docker(*HARDENED, IMAGE, "ls", "-A", "/nightbook").stdout.split()
    assert listed == [
        "checkout.json",
        "luigi.cfg",
        "nightbook",
        "notebooks",
        "pyproject.toml",
        "runs",
        "site",
        "tasks",
        "uv.lock",
    ]


@pytest.mark.promise("No file of an image gives its user more rights, and none is there for all to change.")
@pytest.mark.usefixtures("built")
def test_no_file_gives_rights_or_is_there_for_all_to_change() -> None:
    """But /tmp and its like, in which nobody can replace the files of another."""
    gives = "find / -xdev -type f -perm /6000"
    changes = "find / -xdev ! -type l ! -type c -perm -0002 ! -perm -1000"
    for image, search in (
        (IMAGE, f"{gives}; {changes}"),
        (f"{IMAGE}-development", f"{gives}; {changes} ! -path '/opt/venv*'"),  # whose user installs there
    ):
        done = docker("run", "--rm", "--user=0:0", "--entrypoint=sh", image, "-c", search)
        assert (done.returncode, done.stdout) == (0, ""), image


@pytest.mark.promise("Neither the history nor a file of secrets gets into an image.")
@pytest.mark.usefixtures("built")
def test_no_history_and_no_secret_gets_into_the_development_image() -> None:
    listed = docker("run", "--rm", "--entrypoint", "ls", f"{IMAGE}-development", "-A", "/nightbook").stdout

    assert "Makefile" in listed.split()
    assert {".git", ".env"}.isdisjoint(listed.split())
