"""``nightbook logs``: what tasks have printed, and what they print while a run goes on."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from nightbook.cli.commands import COMMAND_LINE
from nightbook.record.format.layout import RunFolder
from nightbook.record.write.run_lock import run_lock
from tests.support.project import Project, ended, wait_for
from tests.support.recording import MAKE, RUN_ID, TASKS, USE, recorded_invocation, run_attempt


@pytest.fixture
def folder(project: Project) -> RunFolder:
    """The record of a run of two tasks, the first of which had two attempts."""
    folder = RunFolder(project.path / "runs" / RUN_ID)
    with recorded_invocation(folder, TASKS):
        for number in (1, 2):
            run_attempt(folder, MAKE, number)
            folder.task(MAKE).attempt(number).output_log.write_text(f"made {number}\nand more")
        run_attempt(folder, USE)
        folder.task(USE).attempt(1).output_log.write_text("\x1b]0;owned\x07used\x1b[2J\n")
    return folder


@pytest.mark.usefixtures("folder")
def test_all_tasks_are_printed_each_under_its_name(project: Project) -> None:
    done = project.nightbook("logs")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("== make/size=600, attempt 2 ==\nmade 2\nand more\n== use, attempt 1 ==\nused\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "arguments", [("make",), (RUN_ID, "make/size"), ("make/size=600", RUN_ID), ("make", "--attempt", "2")]
)
def test_one_task_is_printed_as_it_is(project: Project, arguments: tuple[str, ...]) -> None:
    assert project.nightbook("logs", *arguments).stdout == "made 2\nand more\n"


@pytest.mark.usefixtures("folder")
def test_an_earlier_attempt_is_printed_by_its_number(project: Project) -> None:
    assert project.nightbook("logs", "make", "--attempt", "1").stdout == "made 1\nand more\n"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mkae",), f"there is no task 'mkae' in run {RUN_ID}: is make/size=600 meant?"),
        (("zzzzzzzzzzz",), f"there is no task 'zzzzzzzzzzz' in run {RUN_ID}: there are make/size=600, use"),
        (("",), "several tasks begin with '': make/size=600, use"),
        (("make", "use"), "name one run and one task at most, not 'make use'"),
        (("make", "--attempt", "9"), f"there is no attempt 9 of make/size=600 in run {RUN_ID}"),
        (("20260101T000000Z-000000",), "there is no run 20260101T000000Z-000000 in "),
    ],
)
def test_what_is_unknown_is_an_error_of_one_line(
    project: Project, arguments: tuple[str, ...], message: str
) -> None:
    done = project.nightbook("logs", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1


def test_a_task_that_printed_nothing_is_a_note(project: Project, folder: RunFolder) -> None:
    folder.task(USE).attempt(1).output_log.unlink()

    done = project.nightbook("logs", "use")

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "note: nothing has been printed by use\n"


@pytest.mark.usefixtures("folder")
def test_an_ended_run_is_not_waited_for(project: Project) -> None:
    done = project.nightbook("logs", "-f")

    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "== make/size=600, attempt 2 ==",
        "make/size=600 | made 2",
        "== use, attempt 1 ==",
        "use | used",
        "make/size=600 | and more",  # which has no end, and might have got one
    ]


WAITING = """
    import pathlib, time
    print("begins")
    while not pathlib.Path("go").exists():
        time.sleep(0.05)
    print("ends")
"""


def test_a_run_is_followed_to_its_end(project: Project) -> None:
    project.chain("first", "second")
    project.notebook("first", WAITING)
    project.notebook("second", "print('the second')", parameters="inputs = {}")
    run = project.start("run", "--pipeline", "pipe:Root")
    wait_for(lambda: bool(project.runs), "the run begins")
    seen = project.path / "seen"
    with seen.open("wb") as stream:
        logs = subprocess.Popen(
            [sys.executable, "-m", "nightbook", "logs", "-f"], cwd=project.path, stdout=stream
        )
    wait_for(lambda: "first | begins\n" in seen.read_text(), "the line is shown", timeout_s=60)
    (project.path / "notebooks" / "go").touch()
    assert ended(run).returncode == 0

    assert logs.wait(30) == 0
    lines = seen.read_text().splitlines()
    assert [line for line in lines if "──" not in line] == [
        "== first, attempt 1 ==",
        "first | begins",
        "first | ends",
        "== second, attempt 1 ==",
        "second | the second",
    ]


@pytest.mark.promise("What `nightbook logs` prints has colours, and no other control of the terminal.")
def test_a_terminal_gets_colours_and_nothing_else(project: Project, folder: RunFolder) -> None:
    folder.task(USE).attempt(1).output_log.write_text("\x1b[31mred\x1b]0;owned\x07\x1b[2J\n")
    master, slave = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "nightbook", "logs", "use"], cwd=project.path, stdout=slave, check=True
        )
        shown = os.read(master, 1000)
    finally:
        os.close(master)
        os.close(slave)

    assert shown == b"\x1b[31mred\x1b[0m\r\n"


def test_a_terminal_shows_a_progress_bar_as_it_moves(project: Project, folder: RunFolder) -> None:
    log = folder.task(USE).attempt(1).output_log
    log.write_text("begins\n 10%")
    master, slave = pty.openpty()
    shown = b""

    def shows(text: bytes) -> bool:
        nonlocal shown
        while select.select([master], [], [], 0)[0]:
            shown += os.read(master, 1000)
        return text in shown

    try:
        with run_lock(folder):
            logs = subprocess.Popen(
                [sys.executable, "-m", "nightbook", "logs", "-f", "use"], cwd=project.path, stdout=slave
            )
            wait_for(lambda: shows(b"begins\r\n\r\x1b[K 10%"), "10%", timeout_s=30)
            log.write_text("begins\n 20%")
            wait_for(lambda: shows(b"\r\x1b[K 20%"), "20%", timeout_s=30)
            log.write_text("begins\n 20%\nends\n")
            wait_for(lambda: shows(b"\r\x1b[K 20%\r\nends\r\n"), "the end", timeout_s=30)
        assert logs.wait(30) == 0
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.usefixtures("folder")
def test_runs_and_tasks_are_completed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.path)
    complete = ShellComplete(COMMAND_LINE, {}, "nightbook", "_NIGHTBOOK_COMPLETE").get_completions

    assert [item.value for item in complete(["logs"], "")] == [MAKE, USE, RUN_ID]
    assert [item.value for item in complete(["logs", RUN_ID], "m")] == [MAKE]


@pytest.mark.promise("No name in a record leads out of its folder.")
def test_what_leads_out_of_a_record_is_not_read(project: Project, folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "attempt-03").mkdir()
    (folder.path / "tasks" / "linked").symlink_to(tmp_path / "outside")

    assert "linked" not in project.nightbook("logs").stdout
