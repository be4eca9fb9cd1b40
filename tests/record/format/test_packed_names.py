import re

import pytest

from nightbook.record.format.packed_names import pack_name, unpack_name


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("plots/roc [1].png", "plots/roc [1].png"),
        ("mean (5) @ 10%.png", "mean (5) @ 10%.png"),
        ("a:b.png", "a%3Ab.png"),
        ('"<>|*?\\', "%22%3C%3E%7C%2A%3F%5C"),
        ("Icon\r", "Icon%0D"),
        ("two\nlines", "two%0Alines"),
        (".hidden/.x/a.b", "%2Ehidden/%2Ex/a.b"),
        ("a%3Ab.png", "a%253Ab.png"),
        ("100%25", "100%2525"),
    ],
)
def test_what_github_refuses_comes_back(name: str, packed: str) -> None:
    assert pack_name(name) == packed
    assert unpack_name(packed) == name
    assert not re.search(r'[":<>|*?\\\r\n]|(^|/)\.', packed)


@pytest.mark.parametrize("packed", ["100%.png", "a%2Fb", "a%41", "%e4%3a", "%2e%2e/x"])
def test_what_was_never_packed_stays_as_it_is(packed: str) -> None:
    assert unpack_name(packed) == packed
