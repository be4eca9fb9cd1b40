"""What templates may call."""

import pytest

from nightbook.tracker.pages.renderer import is_link


@pytest.mark.parametrize("address", ["https://example.org/a", "http://x"])
def test_a_web_address_becomes_a_link(address: str) -> None:
    assert is_link(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://",
        "//evil.example",
        "data:text/html,x",
        "https://[",
        f"http://{'a' * 3000}",
    ],
)
def test_another_address_does_not(address: str) -> None:
    assert not is_link(address)
