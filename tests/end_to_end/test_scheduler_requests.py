"""What our luigid answers: its own pages and programs, and no other page in somebody's browser."""

import http.client
import json

import pytest

from tests.support.luigid import Scheduler

EVIL = "https://evil.example"


def asked(luigid: Scheduler, path: str, host: str, **headers: str) -> tuple[int, str]:
    """The status and text of the answer to a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", luigid.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": host, **named})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_no_page_of_another_site_changes_the_scheduler(luigid: Scheduler) -> None:
    own = f"localhost:{luigid.port}"
    foreign = [
        asked(luigid, "/api/pause", own, Origin=EVIL),
        asked(luigid, "/api/pause", own, Origin="null"),
        asked(luigid, "/api/pause", own, Origin="http://localhost:8000"),
        asked(luigid, "/api/pause", own, Sec_Fetch_Site="cross-site"),
        asked(luigid, "/api/pause", own, Sec_Fetch_Site="same-site"),
        asked(luigid, "/api/pause", "evil.example"),
        asked(luigid, "/api/pause", f"localhost.evil.example:{luigid.port}"),
        asked(luigid, "/static/visualiser/index.html", "evil.example"),
    ]

    assert {status for status, _ in foreign} == {403}
    assert "name it in scheduler_hosts of luigi.cfg" in foreign[5][1]
    assert luigid.ask("is_paused") == {"paused": False}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "192.0.2.1", "scheduler:8082"])
def test_its_own_pages_and_programs_are_answered(luigid: Scheduler, host: str) -> None:
    program = asked(luigid, "/api/pause", host)
    page = asked(luigid, "/api/unpause", host, Origin=f"http://{host}", Sec_Fetch_Site="same-origin")
    link = asked(luigid, "/static/visualiser/index.html", host, Sec_Fetch_Site="cross-site")

    assert (program[0], page[0], link[0]) == (200, 200, 200)
    assert json.loads(page[1]) == {"response": None}


def test_a_further_name_is_a_setting(luigid: Scheduler) -> None:
    config = luigid.project.path / "luigi.cfg"
    config.write_text(
        config.read_text().replace("[nightbook]", "[nightbook]\nscheduler_hosts = nightly.lan", 1)
    )
    luigid.kill()
    luigid.start()

    assert asked(luigid, "/api/is_paused", "nightly.lan")[0] == 200
    assert asked(luigid, "/api/is_paused", "other.lan")[0] == 403
