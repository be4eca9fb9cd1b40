"""``nightbook`` itself: its help, its errors, its completion in shells, and what it imports."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

import nightbook
from nightbook.cli.commands import COMMAND_LINE
from nightbook.cli.github import COMMANDS as GITHUB_COMMANDS
from nightbook.cli.github import run as github
from nightbook.cli.lazy_group import Command
from tests.support.project import NIGHTBOOK, Project, ended

NAMES = [entry.name for entry in COMMAND_LINE.entries]
COMMANDS = [
    *((COMMAND_LINE, name) for name in NAMES if name != "github"),
    *((github, entry.name) for entry in GITHUB_COMMANDS),
]

# The line of each script that names the command to complete.
REGISTRATIONS = {
    "bash": "complete -o nosort -F _nightbook_completion nightbook\n",
    "zsh": "#compdef nightbook\n",
    "fish": "complete --no-files --command nightbook ",
}


def modules_after(project: Project, *arguments: str) -> set[str]:
    """The modules that a process has loaded when it has carried out a command."""
    code = "import sys\nfrom nightbook.__main__ import main\nmain(sys.argv[1:])\nprint(*sys.modules)"
    return set(ended(project.start_python("-c", code, *arguments)).stdout.splitlines()[-1].split())


@pytest.mark.parametrize(("group", "name"), COMMANDS, ids=[name for _, name in COMMANDS])
def test_a_command_has_a_sentence_options_with_help_and_an_example(group: click.Group, name: str) -> None:
    command = group.get_command(click.Context(group), name)

    assert isinstance(command, Command)
    assert command.name == name
    assert command.help
    assert command.get_short_help_str(1000).endswith((".", "newest"))
    assert command.examples
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert all(option.help and option.help.endswith((".", "Default: all processors.")) for option in options)


def test_the_help_lists_the_commands_under_their_headings(project: Project) -> None:
    done = project.nightbook("--help")

    headings = [line for line in done.stdout.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Options:", "Running:", "Reading:", "Publishing:", "Serving:", "Updating:"]
    assert "  scheduler  Serve Luigi's scheduler" in done.stdout
    assert "container" not in done.stdout


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["show", "--nothing"], ["gate"], ["run", "--workers", "0"]]
)
def test_an_error_in_the_arguments_ends_with_2(project: Project, arguments: list[str]) -> None:
    done = project.nightbook(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert "`python -m nightbook" in done.stderr
    assert "--help` shows what there is" in done.stderr


@pytest.mark.promise("An error of the system is one line that says what it is, and no traceback.")
@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--port", "99999"],
        ["scheduler", "--port", "99999"],
        ["scheduler", "--address", "no.such.host.invalid"],
        ["serve", "--output", "/proc/nothing"],
        ["site", "--site", "nowhere"],
    ],
)
def test_what_the_system_refuses_is_an_error_on_one_line(project: Project, arguments: list[str]) -> None:
    done = project.nightbook(*arguments)

    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_a_misspelt_command_is_answered_with_the_one_that_is_meant(project: Project) -> None:
    assert "'show'" in project.nightbook("shw").stderr
    assert "'publish'" in project.nightbook("github", "publsh").stderr


def test_no_arguments_show_the_help(project: Project) -> None:
    assert "Usage: nightbook" in project.nightbook().stderr


def test_the_version_is_printed(project: Project) -> None:
    assert project.nightbook("--version").stdout == f"nightbook {nightbook.__version__}\n"
    assert nightbook.__version__.count(".") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["resume"],
        ["work", "--scheduler", "http://localhost:1"],
        ["scheduler"],
        ["list", "--json"],
        ["show"],
        ["report"],
        ["gate", "--against", "."],
        ["pack", "--into", "packed"],
        ["watch"],
        ["serve"],
        ["site"],
        ["github", "doctor", "--repository", "a/b"],
    ],
)
def test_without_a_project_a_command_says_so_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    done = Project(tmp_path).nightbook(*arguments)

    advice = "change to the folder of a Nightbook project"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: there is no luigi.cfg in {tmp_path}: {advice}\n"
    assert list(tmp_path.iterdir()) == []


def test_some_commands_need_no_project(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()

    for arguments in (
        ["--help"],
        ["run", "--help"],
        ["--version"],
        ["migrate", "runs"],
        ["container", "true"],
    ):
        done = Project(tmp_path).nightbook(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments


def test_a_command_imports_its_own_module_and_no_framework(project: Project) -> None:
    modules = modules_after(project, "list")

    own = {f"nightbook.cli.{name}" for name in NAMES} | {"nightbook.cli.list_runs"}
    assert modules & own == {"nightbook.cli.list_runs"}
    assert (
        modules & {"luigi", "pelican", "rich", "nbformat", "opentelemetry", "nightbook.cli.github"} == set()
    )
    assert modules_after(project, "list", "--json") & {"luigi", "pelican", "rich"} == set()


def test_a_system_that_is_not_supported_is_named_before_anything_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; sys.platform = 'win32'\nfrom nightbook.__main__ import main\nprint(main(['run']))\n"
        "print('nightbook.cli' in sys.modules)"
    )

    done = ended(Project(tmp_path).start_python("-c", code))

    assert done.stdout == "2\nFalse\n"
    assert done.stderr == "error: Windows is not supported: use WSL, the Windows Subsystem for Linux\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script_for_completion(project: Project, shell: str) -> None:
    done = project.nightbook(_NIGHTBOOK_COMPLETE=f"{shell}_source")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"_NIGHTBOOK_COMPLETE={shell}_complete" in done.stdout
    assert REGISTRATIONS[shell] in done.stdout


def complete(project: Project, words: str) -> list[str]:
    """What Bash offers after these words, the last of which is being typed."""
    place = str(len(words.split(" ")) - 1)
    done = project.nightbook(_NIGHTBOOK_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=place)
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_options_and_runs_are_completed(project: Project) -> None:
    for run_id in ("20261101T031700Z-7f3a2c", "20261102T031700Z-7f3a2c"):
        (project.path / "runs" / run_id).mkdir(parents=True)

    assert complete(project, "nightbook re") == ["resume", "report"]
    assert "container" not in complete(project, "nightbook ")
    assert complete(project, "nightbook github d") == ["doctor"]
    assert complete(project, "nightbook list --j") == ["--json"]
    assert complete(project, "nightbook show 2026") == ["20261102T031700Z-7f3a2c", "20261101T031700Z-7f3a2c"]
    (project.path / "luigi.cfg").unlink()
    assert complete(project, "nightbook show 2026") == []


def test_messages_name_the_command_as_it_was_started(project: Project) -> None:
    (script,) = NIGHTBOOK
    (project.path / "bin").mkdir()
    (project.path / "bin" / "nightbook").symlink_to(script)
    message = f"no runs in {project.path / 'runs'}: start one with "

    def listed(*command: str, **environment: str) -> str:
        return subprocess.run(
            [*command, "list"], cwd=project.path, capture_output=True, text=True, check=True, env=environment
        ).stdout

    assert listed(sys.executable, "-m", "nightbook") == f"{message}`python -m nightbook run`\n"
    assert listed(script) == f"{message}`{script} run`\n"
    assert listed("bin/nightbook") == f"{message}`bin/nightbook run`\n"
    assert listed(script, PATH=str(Path(script).parent)) == f"{message}`nightbook run`\n"


def test_a_reader_that_has_enough_is_no_error(project: Project) -> None:
    with subprocess.Popen(
        [*NIGHTBOOK, "list"], cwd=project.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
