from pathlib import Path

import pytest

from nightbook.github.client import GitHubClient
from nightbook.github.errors import GitHubError, UntrustedError
from nightbook.github.transport import Clock
from tests.github.conftest import NOW
from tests.support.fake_github import REPOSITORY, TOKEN, FakeGitHub

CONTENT = bytes(range(256)) * 20_000
ENOUGH = 10_000_000


def download(client: GitHubClient, artifact_id: int, target: Path, max_bytes: int = ENOUGH) -> None:
    client.download(f"/actions/artifacts/{artifact_id}/zip", target, max_bytes)


def test_all_pages_are_read(github: FakeGitHub, client: GitHubClient) -> None:
    for run_id in range(1, 251):
        github.add_artifact(b"", run_id=run_id)

    names = [found["name"] for found in client.pages("/actions/artifacts", key="artifacts")]

    assert names == [f"run-record-{run_id}-1" for run_id in range(250, 0, -1)]
    assert github.requests["/actions/artifacts"] == 3


@pytest.mark.promise("A token is sent to the API of GitHub alone.")
def test_the_token_stays_with_the_api(github: FakeGitHub, client: GitHubClient, tmp_path: Path) -> None:
    artifact_id = github.add_artifact(CONTENT, run_id=1)

    download(client, artifact_id, tmp_path / "file.zip")

    assert (tmp_path / "file.zip").read_bytes() == CONTENT


def test_nobody_elses_credentials_reach_the_file(
    github: FakeGitHub, client: GitHubClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests asks ~/.netrc, which would replace the token and be sent to the storage too."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\nmachine localhost login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    artifact_id = github.add_artifact(CONTENT, run_id=1)

    download(client, artifact_id, tmp_path / "file.zip")


@pytest.mark.promise("A part of a download is continued, and never taken for the whole.")
def test_a_broken_download_continues_where_it_broke(
    github: FakeGitHub, client: GitHubClient, waits: list[float], tmp_path: Path
) -> None:
    artifact_id = github.add_artifact(CONTENT, run_id=1)
    github.breaks_after[artifact_id] = 3_000_000

    download(client, artifact_id, tmp_path / "file.zip")

    assert (tmp_path / "file.zip").read_bytes() == CONTENT
    assert github.ranges == ["bytes=2097152-"]  # the whole MiB before
    assert waits == [0]
    assert [file.name for file in tmp_path.iterdir()] == ["file.zip"]


@pytest.mark.promise("A part of a download is continued, and never taken for the whole.")
def test_a_killed_download_is_resumed_by_the_next_call(
    github: FakeGitHub, client: GitHubClient, tmp_path: Path
) -> None:
    artifact_id = github.add_artifact(CONTENT, run_id=1)
    (tmp_path / ".file.zip.part").write_bytes(CONTENT[:1000])

    download(client, artifact_id, tmp_path / "file.zip")

    assert (tmp_path / "file.zip").read_bytes() == CONTENT
    assert github.ranges == ["bytes=1000-"]


def test_a_part_that_is_longer_than_the_file_is_dropped(
    github: FakeGitHub, client: GitHubClient, tmp_path: Path
) -> None:
    artifact_id = github.add_artifact(CONTENT, run_id=1)
    (tmp_path / ".file.zip.part").write_bytes(b"x" * (len(CONTENT) + 1))

    download(client, artifact_id, tmp_path / "file.zip")

    assert (tmp_path / "file.zip").read_bytes() == CONTENT


def test_a_file_larger_than_allowed_is_not_kept(
    github: FakeGitHub, client: GitHubClient, tmp_path: Path
) -> None:
    artifact_id = github.add_artifact(CONTENT, run_id=1)

    with pytest.raises(UntrustedError, match="larger than the 4,000,000 bytes"):
        download(client, artifact_id, tmp_path / "file.zip", max_bytes=4_000_000)

    assert list(tmp_path.iterdir()) == []


def test_an_expired_artifact_is_an_error_with_its_status(
    github: FakeGitHub, client: GitHubClient, tmp_path: Path
) -> None:
    artifact_id = github.add_artifact(CONTENT, run_id=1, expired=True)

    with pytest.raises(GitHubError, match="Artifact has expired") as raised:
        download(client, artifact_id, tmp_path / "file.zip")

    assert raised.value.status == 410


@pytest.mark.parametrize(
    ("status", "headers", "waited"),
    [
        (403, {"retry-after": "7"}, 7),
        (429, {"retry-after": "60"}, 60),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW + 100:.0f}"}, 101),
        (429, {}, 1),
        (502, {}, 1),
    ],
)
def test_a_refused_request_is_repeated_when_github_says(
    github: FakeGitHub,
    client: GitHubClient,
    waits: list[float],
    status: int,
    headers: dict[str, str],
    waited: float,
) -> None:
    github.refusals = [(status, headers)]

    assert list(client.pages("/pulls")) == []
    assert waits == [waited]


@pytest.mark.parametrize(
    "headers", [{}, {"x-ratelimit-remaining": "12", "x-ratelimit-reset": f"{NOW + 100:.0f}"}]
)
def test_a_forbidden_request_is_not_repeated(
    github: FakeGitHub, client: GitHubClient, waits: list[float], headers: dict[str, str]
) -> None:
    github.refusals = [(403, headers)]

    with pytest.raises(GitHubError, match=r"GET 127.0.0.1/repos/octo/nightly/pulls \(403\): You have"):
        list(client.pages("/pulls"))
    assert waits == []


@pytest.mark.promise("GitHub is not waited for when it stays down.")
def test_nobody_waits_for_an_hour(github: FakeGitHub, client: GitHubClient, waits: list[float]) -> None:
    github.refusals = [(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW + 3000:.0f}"})]

    with pytest.raises(GitHubError, match="try again in 50 minutes"):
        list(client.pages("/pulls"))
    assert waits == []


@pytest.mark.promise("GitHub is not waited for when it stays down.")
def test_a_server_that_stays_down_is_given_up(
    github: FakeGitHub, client: GitHubClient, waits: list[float]
) -> None:
    github.refusals = [(503, {})] * 6

    with pytest.raises(GitHubError, match=r"\(503\)"):
        list(client.pages("/pulls"))
    assert waits == [1, 2, 4, 8, 16]


def test_a_change_is_made_once(github: FakeGitHub, client: GitHubClient, waits: list[float]) -> None:
    github.refusals = [(502, {})]

    with pytest.raises(GitHubError, match=r"POST .* \(502\)"):
        client.send("POST", "/issues/1/comments", {"body": "x"})
    assert (waits, github.comments) == ([], [])

    github.refusals = [(403, {"retry-after": "1"})]
    client.send("POST", "/issues/1/comments", {"body": "x"})
    assert (waits, len(github.comments)) == ([1], 1)


def test_an_error_of_the_network_does_not_show_the_signed_url(waits: list[float]) -> None:
    client = GitHubClient("http://127.0.0.1:9", REPOSITORY, TOKEN, Clock(sleep=waits.append))

    with pytest.raises(GitHubError) as raised:
        client.get("/x", sig="secret")

    assert str(raised.value) == "GET 127.0.0.1: no answer (ConnectionError); is there a network?"
    assert len(waits) == 5


def test_a_wrong_token_is_an_error(github: FakeGitHub) -> None:
    with pytest.raises(GitHubError, match="Bad credentials"):
        GitHubClient(github.api_url, REPOSITORY, "wrong").get("/pulls")


@pytest.mark.promise("A token is sent to the API of GitHub alone.")
def test_the_next_page_is_on_the_same_host(github: FakeGitHub, client: GitHubClient) -> None:
    github.artifacts = [{}] * 101
    github.api_url = "http://evil.example"

    with pytest.raises(GitHubError, match="the next page is on another host"):
        list(client.pages("/actions/artifacts", key="artifacts"))
