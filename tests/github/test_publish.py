"""Which records become part of the branch of records, by the commands that the workflows call."""

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nightbook.github.git import archive_git
from nightbook.record.read.reader import read_run
from tests.support.built_site import Site
from tests.support.fake_github import FakeGitHub
from tests.support.fake_repository import CI, Repository


def test_250_artifacts_become_the_branch_and_the_site_and_a_repetition_adds_no_commit(
    repository: Repository, github: FakeGitHub
) -> None:
    repository.fill()
    github.refusals = [(403, {"retry-after": "1"}), (502, {})]
    github.breaks_after = {found["id"]: 500 for found in github.artifacts[::20]}

    first = repository.run("publish")

    assert (first.returncode, first.stderr) == (0, "")
    assert repository.archived() == repository.expected()
    assert [record.name for record in repository.records()] == repository.expected()
    assert github.requests["/actions/artifacts"] == 5  # 3 pages, and two refusals
    assert first.stdout.count("skipped, because") == repository.nr_refused
    assert not (repository.path / "evil").exists()
    assert len(repository.commits()) == 1

    again = repository.run("publish")
    for found in github.artifacts[60:]:  # but for some, the 90 days are over
        found["expired"] = True
    later = repository.run("publish", folder="another runner")

    assert (again.returncode, later.returncode) == (0, 0), again.stderr + later.stderr
    assert len(repository.commits()) == 1
    assert [record.name for record in repository.records("another runner")] == repository.expected()
    check_site(repository, repository.path / "another runner" / "runs")


def check_site(repository: Repository, runs: Path) -> None:
    """Check that the tracker of the published records has all runs, and links no file that is gone."""
    site = Site(repository.path)
    shutil.copytree(runs, site.runs)
    site.build(settings="publishconf", SITEURL="https://octo.github.io/nightly")

    shown = {run["run_id"]: run for run in site.data("api/runs.json")["runs"]}
    assert sorted(shown) == repository.expected()
    assert {shown[run_id]["trigger"] for run_id in repository.branches} == {"pull_request"}
    assert {shown[run_id]["branch"] for run_id in repository.branches} == {"smaller"}
    with_files = {run_id for run_id in shown if (runs / run_id / "tasks").is_dir()}
    assert 0 < len(with_files) < len(shown)
    for run_id in shown:
        (_, use) = site.data(f"api/runs/{run_id}.json")["tasks"]
        assert use["metrics"]["accuracy"] >= 0.97
        assert bool(use["artifacts"][0]["url"]) is (run_id in with_files)


def test_nothing_that_was_refused_is_left_anywhere(repository: Repository) -> None:
    repository.upload(repository.new_record(), run_id=1, digest="sha256:" + "0" * 64)

    repository.run("publish")

    left = [file for file in (repository.path / "checkout" / "runs").rglob("*") if file.is_file()]
    assert left == []


def test_a_published_record_has_githubs_account_of_its_origin(
    repository: Repository, github: FakeGitHub
) -> None:
    record = repository.new_record(branch="main")  # so says the record
    repository.upload(record, run_id=7, event="pull_request", branch="smaller", workflow=CI)
    github.add_pull(41, "other")
    github.add_pull(42, "smaller")

    repository.run("publish")

    origin = read_run(repository.records()[0]).provenance
    assert (origin.branch, origin.pull_request, origin.trigger) == ("smaller", "42", "pull_request")
    assert origin.ci_run_url == "https://github.com/octo/nightly/actions/runs/7"


@pytest.mark.promise("The run of a fork never counts as main's, whatever its branch is called.")
def test_a_run_of_a_fork_is_published_only_when_a_maintainer_asks_and_never_as_mains(
    repository: Repository, github: FakeGitHub
) -> None:
    fork = {"event": "pull_request", "workflow": CI, "fork": True}
    repository.upload(repository.new_record(), run_id=7, **fork)
    repository.upload(repository.new_record(), run_id=8, **fork)
    github.add_pull(43, "main", fork=True)

    repository.run("publish")
    assert repository.archived() == []
    assert not any(path.startswith("/actions/runs/") for path in github.requests)  # the list says enough
    asked = repository.run("publish", "--run-id", "7")

    assert asked.returncode == 0, asked.stderr
    (record,) = repository.records()
    origin = read_run(record).provenance
    assert (origin.branch, origin.pull_request) == ("mallory:main", "43")


def test_the_run_that_publishes_is_published_although_it_failed(repository: Repository) -> None:
    record = repository.new_record()
    repository.upload(record, run_id=9999, conclusion=None)
    repository.upload(repository.new_record(), run_id=9998, conclusion=None)

    repository.run("publish")

    assert repository.archived() == [record.name]


def test_a_repeated_publication_takes_the_record_of_the_first_attempt(
    repository: Repository,
) -> None:
    record = repository.new_record()
    repository.upload(record, run_id=9999, attempt=1, conclusion="failure")

    repository.run("publish", GITHUB_RUN_ATTEMPT="2")

    assert repository.archived() == [record.name]


def test_a_failed_run_of_main_that_was_not_published_is_taken_when_a_maintainer_asks(
    repository: Repository,
) -> None:
    record = repository.new_record()
    repository.upload(record, run_id=7, conclusion="failure")

    repository.run("publish")
    assert repository.archived() == []
    repository.run("publish", "--run-id", "7")

    assert repository.archived() == [record.name]


def test_a_site_without_what_others_have_archived_meanwhile_is_not_deployed(repository: Repository) -> None:
    outputs = repository.path / "outputs"

    def output_of(folder: str) -> str:
        outputs.write_text("")
        done = repository.run("newest", folder=folder, GITHUB_OUTPUT=str(outputs))
        assert done.returncode == 0, done.stderr
        return outputs.read_text()

    repository.run("publish", folder="a")
    assert output_of("a") == "newest=true\n"
    repository.upload(repository.new_record(), run_id=1)
    repository.run("publish", folder="a")
    assert output_of("a") == "newest=true\n"
    repository.upload(repository.new_record(), run_id=2)
    repository.run("publish", folder="b")
    assert (output_of("a"), output_of("b")) == ("newest=false\n", "newest=true\n")


@pytest.mark.promise("A record on the branch `runs` is never changed, and publishers at once lose none.")
def test_publishers_at_once_end_with_all_records(repository: Repository) -> None:
    names = [repository.new_record().name for _ in range(6)]
    for number, name in enumerate(names):
        repository.upload(repository.path / "made" / name, run_id=100 + number)

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda number: repository.run("publish", folder=f"runner {number}"), range(3)))

    assert [one.returncode for one in done] == [0, 0, 0], [one.stderr for one in done]
    assert repository.archived() == names
    assert len(repository.commits()) == 1


def test_the_later_of_two_publishers_has_the_run_of_the_earlier_one_which_has_not_ended(
    repository: Repository, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site that is deployed last stays, so it must have all records of the branch."""
    earlier, later = repository.new_record(), repository.new_record()
    repository.upload(earlier, run_id=501, conclusion=None)
    repository.upload(later, run_id=502, conclusion=None)
    answer = github.answer

    def answer_after_the_earlier(path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        monkeypatch.setattr(github, "answer", answer)
        assert repository.run("publish", folder="earlier", GITHUB_RUN_ID="501").returncode == 0
        return answer(path, query)

    monkeypatch.setattr(github, "answer", answer_after_the_earlier)
    done = repository.run("publish", folder="later", GITHUB_RUN_ID="502")

    assert done.returncode == 0, done.stderr
    assert repository.archived() == [earlier.name, later.name]
    assert [record.name for record in repository.records("later")] == [earlier.name, later.name]


@pytest.mark.promise("Records outlive the artifacts of GitHub.")
def test_history_outlives_the_artifacts(repository: Repository, github: FakeGitHub) -> None:
    record = repository.new_record()
    repository.upload(record, run_id=1)
    repository.run("publish")
    github.artifacts.clear()

    done = repository.run("fetch", folder="laptop")

    assert done.returncode == 0, done.stderr
    (fetched,) = repository.records("laptop")
    assert read_run(fetched).tasks == read_run(record).tasks
    assert not (fetched / "tasks").exists()


def test_a_fetch_from_another_repository_takes_only_the_files_of_records(repository: Repository) -> None:
    secret = repository.path / "secret" / "spans" / "key.jsonl"
    secret.parent.mkdir(parents=True)
    secret.write_text("PRIVATE KEY")
    runs = repository.path / "theirs" / "runs"
    record = runs / "20261123T031700Z-7f3a2c"
    shutil.copytree(repository.new_record(), record)
    (record / "spans" / "link.jsonl").symlink_to(secret)
    (record / "index.html").write_text("<script>")
    (runs / "20261123T031700Z-7f3a2d").symlink_to(secret.parents[1])
    theirs = archive_git(runs.parent)
    theirs("init", "--quiet", "--initial-branch", "runs")
    theirs("-c", "core.symlinks=true", "add", "--all")
    theirs("commit", "--quiet", "--message", "Add runs")
    theirs("push", "--quiet", str(repository.remote), "runs")

    done = repository.run("fetch", folder="laptop", GITHUB_TOKEN="")

    assert done.returncode == 0, done.stderr
    fetched = [file for file in (repository.path / "laptop" / "runs").rglob("*") if file.is_file()]
    assert fetched
    assert not any("PRIVATE KEY" in file.read_text() or file.name == "index.html" for file in fetched)
    assert not any(file.is_symlink() for file in (repository.path / "laptop").rglob("*"))


def test_a_fetch_without_a_token_gets_the_compact_records(repository: Repository) -> None:
    repository.upload(repository.new_record(), run_id=1)
    repository.run("publish")

    done = repository.run("fetch", folder="laptop", GITHUB_TOKEN="")

    assert done.returncode == 0, done.stderr
    assert len(repository.records("laptop")) == 1
    assert "notebooks and files only for a token" in done.stdout


def test_a_local_run_is_never_touched(repository: Repository) -> None:
    record = repository.new_record()
    repository.upload(record, run_id=1)
    mine = repository.path / "laptop" / "runs" / record.name
    shutil.copytree(record, mine)
    before = sorted(mine.rglob("*"))

    done = repository.run("fetch", folder="laptop")

    assert done.returncode == 0
    assert f"a record of the run {record.name} is already here" in done.stdout
    assert sorted(mine.rglob("*")) == before


@pytest.mark.promise("A part of a download is continued, and never taken for the whole.")
def test_a_fetch_that_was_killed_is_continued(repository: Repository, github: FakeGitHub) -> None:
    record = repository.new_record()
    artifact_id = repository.upload(record, run_id=1)
    workplace = repository.path / "laptop" / "runs" / ".incoming"
    (workplace / str(artifact_id)).mkdir(parents=True)
    (workplace / f".artifact-{artifact_id}.zip.part").write_bytes(github.files[artifact_id][:700])

    done = repository.run("fetch", folder="laptop")

    assert done.returncode == 0, done.stderr
    assert github.ranges == ["bytes=700-"]
    assert read_run(repository.records("laptop")[0]).tasks == read_run(record).tasks


def test_a_wrong_token_ends_at_once(repository: Repository) -> None:
    repository.upload(repository.new_record(), run_id=1)

    done = repository.run("fetch", GITHUB_TOKEN="wrong")

    assert done.returncode == 2
    assert "Bad credentials" in done.stderr


def test_the_history_is_what_the_gate_compares_with(repository: Repository) -> None:
    none = repository.run("history")
    for run_id in range(1, 7):
        repository.upload(repository.new_record(), run_id=run_id)
    repository.run("publish")
    done = repository.run("history", folder="gate", GITHUB_TOKEN="")

    assert none.stdout.splitlines()[-1] == "0 archived records in build/archive/runs"
    assert done.stdout.splitlines()[-1] == "6 archived records in build/archive/runs"
