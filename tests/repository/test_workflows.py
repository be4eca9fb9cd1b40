"""What GitHub runs: make targets and pinned actions only, and nothing that strangers can make write."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nightbook.github.trust import Rules
from tests.support.project import REPOSITORY
from tests.support.workflow_files import FOREIGN_EVENTS, LOCAL, Workflow, read_workflow, read_workflows

WORKFLOWS = read_workflows(REPOSITORY)
# One target, and settings on its command line; nothing of the event, which others may have written.
MAKE = re.compile(r"make (?P<target>[a-z-]+)( [A-Z_]+=[\w./-]+)*")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def test_there_are_workflows() -> None:
    assert {workflow.name.rpartition("/")[2] for workflow in WORKFLOWS} == {
        "checks.yml",
        "ci.yml",
        "main.yml",
        "nightly.yml",
        "pipeline.yml",
        "pr-comment.yml",
        "publish.yml",
    }


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
    assert targets <= {line.split()[0] for line in known.splitlines()}


def test_every_action_is_pinned_by_its_commit_and_says_its_version() -> None:
    for workflow in WORKFLOWS:
        text = (REPOSITORY / workflow.name).read_text()
        for action in workflow.uses():
            if not action.startswith(LOCAL):
                assert PINNED.fullmatch(action), action
                assert re.search(rf"{re.escape(action)} # v\d+\.\d+\.\d+$", text, re.MULTILINE), action


def test_no_stranger_reaches_a_permission_to_write() -> None:
    foreign = [workflow for workflow in WORKFLOWS if workflow.events & FOREIGN_EVENTS]

    assert [workflow.name for workflow in foreign] == [".github/workflows/ci.yml"]
    assert {workflow.name: workflow.writes() for workflow in foreign} == {".github/workflows/ci.yml": set()}
    assert {call.name for call in foreign[0].calls()} == {
        ".github/workflows/checks.yml",
        ".github/workflows/pipeline.yml",
    }


def test_what_runs_after_a_pull_request_has_none_of_its_code() -> None:
    after = [workflow for workflow in WORKFLOWS if "workflow_run" in workflow.events]

    assert [workflow.name for workflow in after] == [".github/workflows/pr-comment.yml"]
    assert after[0].writes() == {"pull-requests"}
    checkouts = [step for step in after[0].steps() if "checkout" in step.get("uses", "")]
    assert [set(step["with"]) for step in checkouts] == [{"persist-credentials"}]  # no ref: main's
    assert not any("download-artifact" in action for action in after[0].uses())


def test_the_workflows_that_make_records_are_those_that_are_trusted() -> None:
    rules = Rules(repository_id=1)
    recording = {
        workflow.name: "pull_request" in workflow.events
        for workflow in WORKFLOWS
        if ".github/workflows/pipeline.yml" in {call.name for call in workflow.calls()}
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
    jobs = read_workflow(REPOSITORY, ".github/workflows/publish.yml").jobs
    (upload,) = (step for step in jobs["build"]["steps"] if "pages-artifact" in step.get("uses", ""))
    (deploy,) = jobs["deploy"]["steps"]

    assert upload["with"]["name"] == jobs["build"]["outputs"]["artifact"]
    assert "github.run_attempt" in upload["with"]["name"]
    assert deploy["with"]["artifact_name"] == "${{ needs.build.outputs.artifact }}"
    (newest,) = (step for step in jobs["build"]["steps"] if step.get("run") == "make site-is-newest")
    assert jobs["build"]["outputs"]["newest"] == f"${{{{ steps.{newest['id']}.outputs.newest }}}}"
    assert "needs.build.outputs.newest == 'true'" in jobs["deploy"]["if"]


def test_only_main_publishes_also_when_it_is_started_by_hand() -> None:
    writers = [workflow for workflow in WORKFLOWS if "contents" in workflow.writes()]

    assert len(writers) == 3
    for workflow in writers:
        for job in workflow.jobs.values():
            if "write" in job["permissions"].values() and "needs" not in job:
                assert "github.ref == 'refs/heads/main'" in job["if"], workflow.name


@pytest.mark.parametrize(
    ("change", "writes"),
    [
        ("permissions: {}", {"contents"}),  # of the job
        ("permissions: write-all", {"contents", "write-all"}),
        ("permissions: read-all", {"contents"}),
        ("", {"contents", "write-all"}),
    ],
)
def test_this_test_finds_what_it_looks_for(tmp_path: Path, change: str, writes: set[str]) -> None:
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


@pytest.mark.parametrize("target", ["publish-runs", "pr-comment"])
@pytest.mark.parametrize("text", ["1; touch {}", "$(shell touch {})", "`touch {}`", '"; touch {}; "'])
def test_what_somebody_types_as_the_id_of_a_workflow_run_is_no_command(
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
    assert "invalid int value" in done.stderr
    assert not made.exists()
