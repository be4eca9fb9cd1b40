"""Errors in a record do not reveal the name of the home folder."""

from pathlib import Path

import pytest

from nightbook.record.format.model import Error
from nightbook.record.write.home_folder import without_home

ALICE = Path("/home/alice")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('File "/home/alice/digits/tasks/a.py", line 3', 'File "~/digits/tasks/a.py", line 3'),
        ("No such file: '/home/alice'", "No such file: '~'"),
        ("file:/home/alice/x /home/alice/y", "file:~/x ~/y"),
        ("/home/alice2/x /home/alice.old/x", "/home/alice2/x /home/alice.old/x"),
        ("/mnt/home/alice/x ./home/alice", "/mnt/home/alice/x ./home/alice"),
    ],
)
def test_a_path_below_the_home_folder_is_shortened(text: str, shown: str) -> None:
    assert without_home(Error("ValueError", text, text), ALICE) == Error("ValueError", shown, shown)


def test_a_user_without_a_home_has_nothing_to_shorten() -> None:
    error = Error("ValueError", "/tmp/x", "/tmp/y")

    assert without_home(error, Path("/")) == error
