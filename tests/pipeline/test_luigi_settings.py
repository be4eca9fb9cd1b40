"""What Luigi needs is set by the machinery: a luigi.cfg need not say any of it."""

import subprocess
import sys

import luigi
import pytest

from nightbook.pipeline.luigi_settings import set_luigi_defaults
from nightbook.record.format.model import Outcome
from tests.support.project import Project

FLAKY = "if nightbook.active_attempt().number < 3:\n    raise ValueError('not yet')"


@pytest.fixture
def bare(project: Project) -> Project:
    """A project whose luigi.cfg has nothing but our section, and a task with two retries."""
    (project.path / "luigi.cfg").write_text("[nightbook]\npipeline = pipe:Root\n")
    project.single("timeout_s = 300\nretry_count = 3")
    return project


def luigi_command(bare: Project) -> subprocess.CompletedProcess[str]:
    """Luigi's own command. It would refuse to run beside the same command of another test."""
    return bare.luigi("--local-scheduler", "--lock-pid-dir", str(bare.path / "locks"))


def test_luigis_own_command_retries_and_succeeds(bare: Project) -> None:
    bare.notebook("work", FLAKY)

    done = luigi_command(bare)

    assert done.returncode == 0, done.stderr
    outcomes = [attempt.outcome for attempt in bare.record().task("work").attempts]
    assert outcomes == [Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS]


def test_the_exit_code_of_luigis_own_command_is_that_of_a_failed_task(bare: Project) -> None:
    bare.notebook("work", "1 / 0")

    assert luigi_command(bare).returncode == 30
    assert len(bare.record().task("work").attempts) == 3


def test_luigis_own_command_refuses_a_broken_pipeline(bare: Project) -> None:
    bare.pipeline("class Root(Pipeline):\n    def requires(self):\n        raise ValueError('broken')\n")

    done = luigi_command(bare)

    assert done.returncode == 2
    assert "error: Root.requires() fails with ValueError: broken" in done.stderr


def test_an_option_in_luigi_cfg_comes_first(bare: Project) -> None:
    with (bare.path / "luigi.cfg").open("a") as config:
        config.write("[retcode]\ntask-failed = 7\n")
    bare.notebook("work", "1 / 0")

    assert luigi_command(bare).returncode == 7


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("timeout = 5", "timeout is 5, with which Luigi ends a task in the middle of writing"),
        ("task_process_context = nowhere.Context", "task_process_context is nowhere.Context, which cannot"),
    ],
)
@pytest.mark.parametrize("command", ["nightbook", "luigi"])
def test_an_option_that_cannot_work_is_refused(
    bare: Project, option: str, message: str, command: str
) -> None:
    with (bare.path / "luigi.cfg").open("a") as config:
        config.write(f"[worker]\n{option}\n")

    done = bare.run() if command == "nightbook" else luigi_command(bare)

    assert done.returncode == 2
    assert f"error: luigi.cfg, section [worker]: {message}" in done.stderr
    assert bare.runs == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("50% of all", "write %% for a percent sign"),
        ("%(nothing)s", "write %% for a percent sign"),
        ("%(label)s", "write %% for a percent sign"),
        ("${NO_SUCH_VARIABLE}", "set it"),
    ],
)
@pytest.mark.parametrize("command", ["nightbook", "luigi"])
def test_a_value_that_luigi_cannot_replace_is_named_with_its_line(
    bare: Project, value: str, message: str, command: str
) -> None:
    (bare.path / "luigi.cfg").write_text(f"[nightbook]\npipeline = pipe:Root\n\n[Work]\nlabel = {value}\n")

    done = bare.run() if command == "nightbook" else luigi_command(bare)

    assert done.returncode == 2
    (error,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert "Traceback" not in done.stderr
    assert error.startswith("error: luigi.cfg, line 5, section [Work]: label cannot be read (")
    assert error.endswith(message)
    assert bare.runs == []


def test_a_percent_sign_that_is_doubled_is_one(bare: Project) -> None:
    (bare.path / "luigi.cfg").write_text(
        "[nightbook]\npipeline = pipe:Root\nrecord_url = https://a.org/b%20c\n\n[Work]\nlabel = 50%% of all\n"
    )
    bare.single('label = luigi.Parameter(default="")\ntimeout_s = 300')
    bare.notebook("work", "nightbook.log_text(label, 'label.txt')", parameters='label = ""')

    assert bare.run().returncode == 0
    assert bare.record().tasks[0].parameters == {"label": "50% of all"}


def test_our_scheduler_has_the_same_settings(bare: Project) -> None:
    code = (
        "import luigi.server\n"
        "luigi.server.run = lambda scheduler, **_: print(scheduler._config.retry_delay,"
        " scheduler._config.prune_on_get_work, scheduler._config.worker_disconnect_delay)\n"
        "from pathlib import Path\nfrom nightbook.pipeline.scheduling.scheduler import serve\n"
        "serve(address='', port=0, runs=Path('runs'))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=bare.path, capture_output=True, text=True, check=False
    )

    assert done.stdout == "1.0 True 15.0\n", done.stderr


def test_there_are_at_least_four_processors_to_count_against(monkeypatch: pytest.MonkeyPatch) -> None:
    config = luigi.configuration.get_config()
    monkeypatch.setattr("nightbook.pipeline.luigi_settings.default_workers", lambda: 1)
    monkeypatch.setattr(luigi.configuration, "get_config", lambda: changed)
    changed = type(config)()

    set_luigi_defaults()

    assert changed.getintdict("resources") == {"num_cpus": 4}
