import pytest

from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import trace_id_of
from nightbook.record.write.span_context import from_traceparent, span_context, to_traceparent
from tests.support.recording import RUN_ID

TRACE_ID = trace_id_of(RUN_ID)


def test_a_context_goes_through_a_traceparent() -> None:
    context = span_context(TRACE_ID, 0xABC)

    text = to_traceparent(context)

    assert text == f"00-{TRACE_ID:032x}-{0xABC:016x}-01"
    read = from_traceparent(text)
    assert (read.trace_id, read.span_id, read.trace_flags.sampled) == (TRACE_ID, 0xABC, True)


@pytest.mark.parametrize("text", ["", "nonsense", f"00-{TRACE_ID:032x}-{0:016x}-01"])
def test_what_is_no_traceparent_is_an_error(text: str) -> None:
    with pytest.raises(RecordError, match="is not a W3C traceparent"):
        from_traceparent(text)
