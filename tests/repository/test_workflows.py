"""Workflows run only make targets and pinned actions, and let no stranger write.

Those of the machinery are called by those of the forker, which GitHub starts.
"""

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from nightbook.github.trust import Rules
from tests.support.project import REPOSITORY
from tests.support.workflow_files import FOREIGN_EVENTS, LOCAL, Workflow, read_workflow, read_workflows

WORKFLOWS = read_workflows(REPOSITORY)
CALLED = [workflow for workflow in WORKFLOWS if Path(workflow.name).name.startswith("_")]
STARTED = [workflow for workflow in WORKFLOWS if workflow not in CALLED]
# One target, and settings on its command line; nothing of the event, which others may have written.
MAKE = re.compile(r"make (?P<target>[a-z-]+)( [A-Z_]+=[\w./-]+)*")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def test_only_workflows_of_the_forker_are_started_and_they_only_call_those_of_the_machinery() -> None:
    assert len(CALLED) == 6
    assert {workflow.name for workflow in WORKFLOWS} - {workflow.name for workflow in CALLED} == {
        f".github/workflows/{name}.yml"
        for name in ("audit", "ci", "faults", "main", "nightly", "pr-comment", "publish")
    }
    for workflow in WORKFLOWS:
        if workflow in CALLED:
            assert workflow.events == {"workflow_call"}
            assert not list(workflow.calls())
        else:
            assert not list(workflow.steps())
            assert {call.name for call in workflow.calls()} <= {called.name for called in CALLED}


def test_the_forker_chooses_every_runner() -> None:
    for workflow in CALLED:
        runners = {job["runs-on"] for job in workflow.called_with({"runs-on": "my-runner"}).jobs.values()}
        assert runners == {"my-runner"}, workflow.name
    for workflow in STARTED:
        assert all("runs-on" in job["with"] for job in workflow.jobs.values()), workflow.name


def test_every_file_says_in_its_first_line_whose_it_is() -> None:
    folder = REPOSITORY / ".github"
    files = {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()}
    first_lines = {name: file.read_text().splitlines()[0] for name, file in files.items()}
    yours = {name for name, line in first_lines.items() if line.startswith("# YOURS: ")}
    machinerys = {name for name, line in first_lines.items() if re.match("(#|<!--) The machinery's: ", line)}

    assert yours == {"CODEOWNERS", *(f"workflows/{Path(workflow.name).name}" for workflow in STARTED)}
    assert yours | machinerys == files.keys()


def test_the_code_owners_of_the_forkers_files_are_the_forkers() -> None:
    lines = (REPOSITORY / ".github" / "CODEOWNERS").read_text().splitlines()
    owners = dict(line.split() for line in lines if line and not line.startswith("#"))
    (machinery,) = (owner for pattern, owner in owners.items() if pattern == "*")

    assert next(iter(owners)) == "*"  # the last matching line counts
    assert machinery not in [owner for pattern, owner in owners.items() if pattern != "*"]
    assert {f"/{workflow.name}" for workflow in STARTED} <= owners.keys()
    assert not [pattern for pattern in owners if pattern.startswith(("/nightbook", "/.github/workflows/_"))]


def test_the_main_branch_is_the_same_in_all_files() -> None:
    settings = ConfigParser(interpolation=None)
    settings.read(REPOSITORY / "luigi.cfg")
    main_branch = settings.get("nightbook", "main_branch", fallback="main")
    publishing = [job["with"] for w in STARTED for job in w.jobs.values() if "_publish" in job["uses"]]

    assert [inputs["main-branch"] for inputs in publishing] == [main_branch] * 3
    pushed = read_workflow(REPOSITORY, ".github/workflows/main.yml").content[True]["push"]
    assert pushed == {"branches": [main_branch]}


def test_every_run_is_one_make_target() -> None:
    commands = [step["run"] for workflow in WORKFLOWS for step in workflow.steps() if "run" in step]
    targets = set()
    for command in commands:
        found = MAKE.fullmatch(command)
        assert found, command
        targets.add(found["target"])

    assert len(commands) >= 11
    known = subprocess.run(
        ["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    assert targets <= {line.split()[0] for line in known.splitlines() if line.startswith("  ")}


@pytest.mark.promise("Every action of a workflow is pinned by its commit.")
def test_every_action_is_pinned_by_its_commit_and_says_its_version() -> None:
    for workflow in WORKFLOWS:
        text = (REPOSITORY / workflow.name).read_text()
        for action in workflow.uses():
            if not action.startswith(LOCAL):
                assert PINNED.fullmatch(action), action
                assert re.search(rf"{re.escape(action)} # v\d+\.\d+\.\d+$", text, re.MULTILINE), action


@pytest.mark.promise("No workflow that a stranger can start is able to write.")
def test_no_stranger_reaches_a_permission_to_write() -> None:
    foreign = [workflow for workflow in WORKFLOWS if workflow.events & FOREIGN_EVENTS]

    assert [workflow.name for workflow in foreign] == [".github/workflows/ci.yml"]
    assert {workflow.name: workflow.writes() for workflow in foreign} == {".github/workflows/ci.yml": set()}
    assert {call.name for call in foreign[0].calls()} == {
        ".github/workflows/_checks.yml",
        ".github/workflows/_pipeline.yml",
    }


@pytest.mark.promise("A workflow that follows a pull request runs none of its code.")
def test_a_workflow_that_follows_a_pull_request_runs_none_of_its_code() -> None:
    (after,) = (workflow for workflow in WORKFLOWS if "workflow_run" in workflow.events)
    (called,) = after.calls()

    assert after.name == ".github/workflows/pr-comment.yml"
    assert after.writes() == {"pull-requests"}
    assert [job["cache-mode"] for job in after.jobs.values()] == ["none"]
    checkouts = [step for step in called.steps() if "checkout" in step.get("uses", "")]
    assert [set(step["with"]) for step in checkouts] == [{"persist-credentials"}]  # no ref: main's
    assert not any("download-artifact" in action for action in called.uses())


def test_the_comment_follows_the_workflow_of_pull_requests() -> None:
    comment, ci = (
        read_workflow(REPOSITORY, f".github/workflows/{name}.yml") for name in ("pr-comment", "ci")
    )

    assert comment.content[True]["workflow_run"]["workflows"] == [ci.content["name"]]


def test_the_trusted_workflows_are_those_that_make_records() -> None:
    rules = Rules(repository_id=1)
    recording = {
        workflow.name: "pull_request" in workflow.events
        for workflow in WORKFLOWS
        if ".github/workflows/_pipeline.yml" in {call.name for call in workflow.calls()}
    }

    assert {name for name, foreign in recording.items() if foreign} == set(rules.branch_workflows)
    assert {name for name, foreign in recording.items() if not foreign} == set(rules.main_workflows)


def test_nothing_is_allowed_unless_a_job_says_so() -> None:
    for workflow in WORKFLOWS:
        assert workflow.content["permissions"] == {}, workflow.name
        for name, job in workflow.jobs.items():
            assert isinstance(job["permissions"], dict), f"{workflow.name}: {name}"


def test_no_checkout_keeps_the_token_and_no_job_runs_for_ever() -> None:
    for workflow in WORKFLOWS:
        for step in workflow.steps():
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False, workflow.name
        for job in workflow.jobs.values():
            assert "timeout-minutes" in job or "uses" in job, workflow.name


@pytest.mark.promise("A token is sent to the API of GitHub alone.")
def test_the_tokens_stay_with_the_steps_that_need_them() -> None:
    holders = {
        step["run"]
        for workflow in WORKFLOWS
        for step in workflow.steps()
        if "GITHUB_TOKEN" in step.get("env", {})
    }
    others = [part.get("env", {}) for w in WORKFLOWS for part in [w.content, *w.jobs.values()]]

    assert holders == {"make history", "make publish-runs", "make site-is-newest", "make pr-comment"}
    assert not any("GITHUB_TOKEN" in env for env in others)


def test_pages_and_the_branch_of_records_are_never_cancelled() -> None:
    cancels = {w.name for w in WORKFLOWS if w.content.get("concurrency", {}).get("cancel-in-progress")}

    assert cancels == {".github/workflows/ci.yml"}


def test_running_failed_jobs_again_deploys_one_site_and_not_an_older_one() -> None:
    jobs = read_workflow(REPOSITORY, ".github/workflows/_publish.yml").jobs
    (upload,) = (step for step in jobs["build"]["steps"] if "pages-artifact" in step.get("uses", ""))
    (deploy,) = jobs["deploy"]["steps"]

    assert upload["with"]["name"] == jobs["build"]["outputs"]["artifact"]
    assert "github.run_attempt" in upload["with"]["name"]
    assert deploy["with"]["artifact_name"] == "${{ needs.build.outputs.artifact }}"
    (newest,) = (step for step in jobs["build"]["steps"] if step.get("run") == "make site-is-newest")
    assert jobs["build"]["outputs"]["newest"] == f"${{{{ steps.{newest['id']}.outputs.newest }}}}"
    assert "needs.build.outputs.newest == 'true'" in jobs["deploy"]["if"]


def test_only_main_publishes_also_when_a_workflow_is_started_by_hand() -> None:
    writing = [
        (workflow.name, job)
        for workflow in WORKFLOWS
        for job in workflow.jobs.values()
        if job["permissions"].get("contents") == "write"
    ]
    running = [(name, job) for name, job in writing if "steps" in job]
    deploy = read_workflow(REPOSITORY, ".github/workflows/_publish.yml").jobs["deploy"]

    assert [name for name, _ in running] == [".github/workflows/_publish.yml"]
    condition = "${{ github.ref == format('refs/heads/{0}', inputs.main-branch) }}"
    assert [job["if"] for _, job in running] == [condition]
    assert deploy["needs"] == "build"
    calls = [job["uses"] for _, job in writing if "uses" in job]
    assert calls == ["$/.github/workflows/_publish.yml"] * 3


@pytest.mark.parametrize(
    ("change", "writes"),
    [
        ("permissions: {}", {"contents"}),  # of the job
        ("permissions: write-all", {"contents", "write-all"}),
        ("permissions: read-all", {"contents"}),
        ("", {"contents", "write-all"}),
    ],
)
def test_a_permission_to_write_is_found_in_called_workflows(
    tmp_path: Path, change: str, writes: set[str]
) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(
        "on: pull_request\npermissions: {}\n"
        "jobs:\n  a: { permissions: {}, uses: $/.github/workflows/b.yml }\n"
    )
    (folder / "b.yml").write_text(
        f"on: workflow_call\n{change}\njobs:\n"
        "  b: { permissions: { contents: write }, steps: [{ run: 'true' }] }\n  c: { steps: [] }\n"
    )
    (workflow,) = (one for one in read_workflows(tmp_path) if one.events & FOREIGN_EVENTS)

    assert isinstance(workflow, Workflow)
    assert workflow.writes() == writes


@pytest.mark.promise("What somebody types on GitHub is never a command.")
@pytest.mark.parametrize("target", ["publish-runs", "pr-comment"])
@pytest.mark.parametrize("text", ["1; touch {}", "$(shell touch {})", "`touch {}`", '"; touch {}; "'])
def test_the_id_of_a_workflow_run_that_somebody_types_is_not_executed(
    tmp_path: Path, target: str, text: str
) -> None:
    made = tmp_path / "made"
    venv = Path(sys.prefix)

    done = subprocess.run(
        ["make", f"VENV={venv}", f"--assume-old={venv / '.ready'}", target],
        cwd=REPOSITORY,
        env={**os.environ, "WORKFLOW_RUN_ID": text.format(made), "GITHUB_REPOSITORY": "octo/nightly"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "is not a valid integer" in done.stderr
    assert not made.exists()
