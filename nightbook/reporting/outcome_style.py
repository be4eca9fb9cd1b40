"""The colours of outcomes on a terminal."""

from nightbook.record.format.model import Outcome

_STYLES = {Outcome.SUCCESS: "green", Outcome.FAILURE: "red", Outcome.TIMEOUT: "yellow"}


def outcome_style(outcome: Outcome) -> str:
    """Return the colour of the outcome, as Rich names it."""
    return _STYLES.get(outcome, "magenta")
