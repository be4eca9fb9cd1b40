from nightbook.record.read.otlp import Span
from nightbook.record.read.span_order import in_order


def names(*spans: tuple[str, str, int]) -> str:
    """Return the names of the spans, given with their files and times, in their order."""
    made = [(file, Span("", name, "", time_ns, time_ns, {}, {})) for file, name, time_ns in spans]
    return "".join(span.span_id for _, span in in_order(made))


def test_a_file_keeps_its_order_whatever_its_times_are() -> None:
    assert names(("a.jsonl", "1", 5), ("a.jsonl", "2", 3), ("a.jsonl", "3", 4)) == "123"


def test_files_of_different_tasks_are_ordered_by_time() -> None:
    assert names(
        ("a.attempt-01.jsonl", "1", 1),
        ("a.attempt-01.jsonl", "4", 4),
        ("b.attempt-01.jsonl", "2", 2),
        ("b.attempt-01.jsonl", "3", 3),
    ) == "1234"  # fmt: skip


def test_invocations_and_attempts_follow_each_other_by_number() -> None:
    files = [f"{stem}-{number}.jsonl" for stem in ("run", "a.attempt") for number in ("02", "99", "100")]
    spans = [(file, str(index), 100 - index) for index, file in enumerate(files)]

    order = names(*reversed(spans))
    assert [order.index(one) for one in "012"] == sorted(order.index(one) for one in "012")
    assert [order.index(one) for one in "345"] == sorted(order.index(one) for one in "345")
