import pytest

from nightbook.github.comment import BOT, MARKER, comment_content, comment_text
from nightbook.record.gate import judge, metrics_of
from nightbook.record.goals import Better, Goal
from tests.github.test_trust import RUN as WORKFLOW_RUN
from tests.support.fake_github import FakeGitHub
from tests.support.fake_repository import CI, Repository
from tests.support.sample_runs import make_gated_run

MAX_COMMENT = 65_536

PULL = {"event": "pull_request", "workflow": CI, "fork": True, "branch": "main"}


@pytest.fixture
def nights(repository: Repository) -> Repository:
    """A repository with six nights in its archive."""
    for run_id in range(1, 7):
        repository.upload(repository.new_record(0.97), run_id=run_id)
    done = repository.run("publish")
    assert done.returncode == 0, done.stderr
    return repository


def comment(repository: Repository, run_id: int = 50) -> str:
    done = repository.run("comment", "--run-id", str(run_id), "--attempt", "1")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()[-1]


def test_a_regression_is_reported_in_one_comment_that_is_kept_up_to_date(
    nights: Repository, github: FakeGitHub
) -> None:
    github.add_pull(12, "main", fork=True)
    nights.upload(nights.new_record(0.9), run_id=50, conclusion="failure", **PULL)
    nights.upload(nights.new_record(0.98), run_id=51, **PULL)

    assert comment(nights, 50) == "comment written in pull request 12"
    (first,) = (found["body"] for found in github.comments)
    assert comment(nights, 51) == "comment updated in pull request 12"
    (second,) = (found["body"] for found in github.comments)

    lines = first.splitlines()
    assert lines[0] == MARKER
    assert lines[2] == "### ✗ regressed: 1 of 1 metric worse than on main beyond the noise"
    assert "| ✗ regressed | `use` | `accuracy` | 0.9000 | 0.9700 | 0.9700 | -0.0700 | ±0.0100 | 6 |" in lines
    assert lines[-1].startswith(
        "[Run 50](https://github.com/octo/nightly/actions/runs/50): failure · commit `ababababab` · took "
    )
    assert "### ✓ pass: 1 metric compared" in second


def test_good_metrics_of_a_red_run_are_not_its_verdict(nights: Repository, github: FakeGitHub) -> None:
    github.add_pull(12, "main", fork=True)
    nights.upload(nights.new_record(0.98), run_id=50, conclusion="failure", **PULL)

    comment(nights)

    lines = github.comments[0]["body"].splitlines()
    assert lines[2] == "### ✗ failure"
    assert "Metrics: ✓ pass: 1 metric compared, none worse than on main beyond the noise" in lines


def test_a_branch_with_newer_commits_gets_no_comment(nights: Repository, github: FakeGitHub) -> None:
    github.add_pull(12, "main", fork=True, sha="cd" * 20)
    github.add_pull(13, "other", fork=True)
    github.add_pull(14, "main")  # a branch of the same name, in this repository
    nights.upload(nights.new_record(0.9), run_id=50, **PULL)

    assert comment(nights).startswith("no comment: no open pull request is at the commit abab")
    assert github.comments == []


def test_only_our_own_comment_is_updated(nights: Repository, github: FakeGitHub) -> None:
    github.add_pull(12, "main", fork=True)
    theirs = [
        {"id": 1, "user": {"login": "mallory"}, "body": f"{MARKER}\nlooks like ours"},
        {"id": 2, "user": {"login": BOT}, "body": f"another bot's\n{MARKER}"},
        {"id": 3, "user": None, "body": MARKER},
    ]
    github.comments = [dict(found) for found in theirs]
    nights.upload(nights.new_record(0.97), run_id=50, **PULL)

    assert comment(nights) == "comment written in pull request 12"
    assert github.comments[:3] == theirs
    assert comment(nights) == "comment updated in pull request 12"
    assert len(github.comments) == 4


@pytest.mark.promise("The comment on a pull request shows no name that main does not have.")
def test_names_that_main_does_not_have_are_not_shown(nights: Repository, github: FakeGitHub) -> None:
    github.add_pull(12, "main", fork=True)
    record = nights.new_record(0.97)
    for file in (record / "spans").iterdir():
        text = file.read_text().replace('"use"', '"@everyone"').replace("use.attempt", "@everyone.attempt")
        file.write_text(text)
    nights.upload(record, run_id=50, **PULL)

    assert comment(nights) == "comment written in pull request 12"

    (text,) = (found["body"] for found in github.comments)
    assert "everyone" not in text
    assert "1 row left out" in text


@pytest.mark.parametrize("content", [b"no zip", None])
def test_a_comment_says_that_there_is_no_readable_record(
    nights: Repository, github: FakeGitHub, content: bytes | None
) -> None:
    github.add_pull(12, "main", fork=True)
    github.add_artifact(content or b"", run_id=50, conclusion="failure", **PULL)  # type: ignore[arg-type]
    if content is None:
        github.artifacts.pop(0)

    assert comment(nights) == "comment written in pull request 12"
    assert "### ✗ no record" in github.comments[0]["body"]


def test_a_comment_on_hundreds_of_metrics_is_not_too_long() -> None:
    run = make_gated_run({f"task-{'x' * 80}-{number}": {"accuracy": 0.9} for number in range(1000)})
    history = [metrics_of(run)] * 5
    comparisons = judge(history[0], history, [Goal("accuracy", Better.HIGHER, 0.01)])

    text = comment_text(WORKFLOW_RUN, comment_content(run, comparisons, history))

    assert len(text) < MAX_COMMENT
    assert "940 rows left out" in text
