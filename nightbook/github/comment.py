"""The one comment on a pull request: what its run says against main.

The record was made by the pull request's code, which may come from anybody. Shown of it are numbers
alone, under names that main's own history and settings have; which pull request is meant, and how its
run ended, is asked of GitHub.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nightbook.github.client import Client
from nightbook.github.model import PullRequest, WorkflowRun, parse_pull_request
from nightbook.record.format.model import Run
from nightbook.record.gate import Comparison, RunMetrics, Verdict, overall
from nightbook.record.render.comparison import comparison_table, verdict_line
from nightbook.record.render.durations import format_duration
from nightbook.record.render.markdown import link
from nightbook.record.render.plain_text import counted

MARKER = "<!-- nightbook: the run of this pull request -->"
BOT = "github-actions[bot]"
_MAX_ROWS = 60  # a comment has at most 65,536 characters
_SHA_LENGTH = 10
_SUCCESS = "success"
_WORD = re.compile(r"[a-z_]{1,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a comment shows of a record: its duration, and comparisons under names that main knows."""

    duration_ns: int
    comparisons: tuple[Comparison, ...]
    nr_left_out: int


def shown_of(run: Run, comparisons: Sequence[Comparison], history: Sequence[RunMetrics]) -> Shown:
    """What may be shown of a run that anybody may have recorded."""
    known = {task_id for other in history for task_id in other.metrics}
    worst_first = sorted(comparisons, key=lambda each: list(Verdict).index(each.verdict))
    allowed = [each for each in worst_first if each.task_id in known][:_MAX_ROWS]
    return Shown(run.end_ns - run.start_ns, tuple(allowed), len(comparisons) - len(allowed))


def comment_text(run: WorkflowRun, shown: Shown | None) -> str:
    """The comment; ``shown`` is None if the run has left no record."""
    ended = run.conclusion if _WORD.fullmatch(run.conclusion) else "ended"
    facts = [
        f"{link(f'Run {run.run_id}', run.url)}: {ended}",
        f"commit `{run.head_sha[:_SHA_LENGTH]}`",
        *([f"took {format_duration(shown.duration_ns)}"] if shown else []),
    ]
    return (
        "\n\n".join([MARKER, *(_verdict(shown, ended) if shown else _no_record()), " · ".join(facts)]) + "\n"
    )


def find_pull_request(client: Client, run: WorkflowRun) -> PullRequest | None:
    """The open pull request whose newest commit the run was made of; None if it has moved on."""
    for found in client.pages("/pulls", head=f"{run.head_owner}:{run.head_branch}", state="open"):
        pull_request = parse_pull_request(found)
        if (pull_request.head_sha, pull_request.head_repository_id) == (run.head_sha, run.head_repository_id):
            return pull_request
    return None


def post_comment(client: Client, pull_request: PullRequest, text: str) -> str:
    """Write the comment, or write it anew where there is one of ours; returns which of the two."""
    for comment in client.pages(f"/issues/{pull_request.number}/comments"):
        author = comment.get("user") or {}
        if author.get("login") == BOT and str(comment.get("body", "")).startswith(MARKER):
            client.send("PATCH", f"/issues/comments/{int(comment['id'])}", {"body": text})
            return "updated"
    client.send("POST", f"/issues/{pull_request.number}/comments", {"body": text})
    return "written"


def _verdict(shown: Shown, ended: str) -> list[str]:
    hidden = f"{counted(shown.nr_left_out, 'row')} left out: of tasks that main does not have, or too many."
    table = comparison_table(shown.comparisons)
    return [
        *_heading(shown, ended),
        *([table] if table else []),
        *([hidden] if shown.nr_left_out else []),
    ]


def _heading(shown: Shown, ended: str) -> list[str]:
    """The metrics' verdict, unless the run is red for another reason: a test, or a task that failed."""
    line = verdict_line(shown.comparisons)
    if ended == _SUCCESS or overall(shown.comparisons) is Verdict.REGRESSED:
        return [f"### {line}"]
    return [f"### ✗ {ended}", f"Metrics: {line}"]


def _no_record() -> list[str]:
    return ["### ✗ no record", "The run ended before it recorded anything that can be read."]
