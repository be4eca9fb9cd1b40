"""Each promise has a test, and each test that proves one is named; UPDATE_EXPECTED=1 writes the names."""

import os
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tools.promises import PAGE, Proof, find_proofs, read_promises, with_tests

WRITTEN = """# Guarantees

## Promised

### Nothing is lost

- No value is lost.
  - `tests/test_gone.py`: `test_gone`
- No file is lost.

## Not promised

- Nothing is promised here.
"""


def test_no_promise_is_without_a_test_and_no_proof_without_its_promise() -> None:
    promises = read_promises((REPOSITORY / PAGE).read_text(encoding="utf-8"))
    proved = {proof.promise for proof in find_proofs(REPOSITORY)}

    assert len(promises) == len(set(promises))
    assert sorted(set(promises) - proved) == [], "these have no test with @pytest.mark.promise"
    assert sorted(proved - set(promises)) == [], f"these are not in {PAGE}"


def test_the_page_names_the_tests_of_each_promise() -> None:
    page = (REPOSITORY / PAGE).read_text(encoding="utf-8")

    expected = with_tests(page, find_proofs(REPOSITORY))

    if os.environ.get("UPDATE_EXPECTED"):
        (REPOSITORY / PAGE).write_text(expected, encoding="utf-8")
    else:
        assert page == expected


def test_a_test_is_named_below_its_promise_until_its_mark_is_gone() -> None:
    proofs = [Proof(Path("tests/test_a.py"), f"test_{name}", "No value is lost.") for name in "ab"]

    page = with_tests(WRITTEN, proofs)

    assert "- No value is lost.\n  - `tests/test_a.py`: `test_a`, `test_b`\n- No file is lost.\n\n" in page
    assert read_promises(page) == read_promises(WRITTEN) == ["No value is lost.", "No file is lost."]
    assert "test_a" not in with_tests(page, [])


def test_a_page_without_promises_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"has no section `## Promised`"):
        read_promises("# Guarantees\n\n- No value is lost.\n")


@pytest.mark.parametrize("marks", ["@pytest.mark.skip\n", "@pytest.mark.xfail(strict=True)\n"])
def test_a_test_that_is_not_run_proves_nothing(tmp_path: Path, marks: str) -> None:
    promise = '@pytest.mark.promise("No value is lost.")\n'
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        f"{promise}def test_run(): ...\n\n{promise}{marks}def test_not_run(): ...\n\ndef test_other(): ...\n"
    )

    assert find_proofs(tmp_path) == [Proof(Path("tests/test_a.py"), "test_run", "No value is lost.")]
