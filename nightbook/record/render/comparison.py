"""The gate's comparisons as Markdown, for the job summary and a pull request's comment."""

from collections.abc import Iterator, Sequence

from nightbook.record.gate import MIN_RUNS, Comparison, Verdict, overall
from nightbook.record.render.markdown import LEFT, RIGHT, code, table
from nightbook.record.render.number_columns import format_numbers
from nightbook.record.render.plain_text import counted

_SYMBOLS = {
    Verdict.REGRESSED: "✗",
    Verdict.MISSING: "○",
    Verdict.NOT_ENOUGH_HISTORY: "?",
    Verdict.PASS: "✓",
    Verdict.WATCHED: "·",
}


def verdict_text(verdict: Verdict) -> str:
    """Return the verdict with its symbol, such as ``✗ regressed``: colour alone is not readable by all."""
    return f"{_SYMBOLS[verdict]} {verdict}"


def verdict_line(comparisons: Sequence[Comparison]) -> str:
    """Return the verdict of the whole run in one sentence, as plain text."""
    verdict = overall(comparisons)
    text = verdict_text(verdict)
    match verdict:
        case Verdict.REGRESSED:
            regressed = sum(each.verdict is Verdict.REGRESSED for each in comparisons)
            judged = regressed + sum(each.verdict is Verdict.PASS for each in comparisons)
            return f"{text}: {regressed} of {counted(judged, 'metric')} worse than on main beyond the noise"
        case Verdict.PASS:
            judged = sum(each.verdict is Verdict.PASS for each in comparisons)
            return f"{text}: {counted(judged, 'metric')} compared, none worse than on main beyond the noise"
        case _:
            known = max((each.nr_runs for each in comparisons), default=0)
            return f"{text}: main has {counted(known, 'comparable run')}, and {MIN_RUNS} are needed"


def comparison_table(comparisons: Sequence[Comparison]) -> str:
    """Return a table of all comparisons, regressions first; it is empty without any."""
    worst_first = sorted(comparisons, key=lambda each: list(Verdict).index(each.verdict))
    return table(
        [
            ("Verdict", LEFT),
            ("Task", LEFT),
            ("Metric", LEFT),
            ("Value", RIGHT),
            ("Main's latest", RIGHT),
            ("Main's median", RIGHT),
            ("Difference", RIGHT),
            ("Noise band", RIGHT),
            ("Runs", RIGHT),
        ],
        (
            (
                verdict_text(each.verdict),
                code(each.task_id),
                code(each.goal.metric),
                *comparison_numbers(each),
            )
            for each in worst_first
        ),
    )


def comparison_numbers(comparison: Comparison) -> Iterator[str]:
    """Yield value, main's latest and median, signed difference, noise band, runs, with equal decimals."""
    shown = (comparison.value, comparison.latest, comparison.median)
    yield from format_numbers(shown)
    difference, band = format_numbers((comparison.difference, comparison.band), like=shown)
    yield f"+{difference}" if (comparison.difference or 0) > 0 else difference
    yield f"±{band}" if band else ""
    yield str(comparison.nr_runs)
