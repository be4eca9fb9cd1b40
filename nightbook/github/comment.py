"""The one comment on a pull request: the outcome of its run, compared with main.

The record was made by the pull request's code, which may be anybody's. The comment shows only numbers of
it, under names that main's own history and settings have. The pull request and the outcome of the workflow
run come from GitHub, never from the record.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nightbook.github.client import GitHubClient
from nightbook.github.model import PullRequest, WorkflowRun
from nightbook.record.format.model import Run
from nightbook.record.gate import Comparison, Result, Verdict, overall
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
class CommentContent:
    """The part of a record that a comment shows: its duration, and comparisons under names of main."""

    duration_ns: int
    comparisons: tuple[Comparison, ...]
    nr_left_out: int


def comment_content(run: Run, comparisons: Sequence[Comparison], history: Sequence[Result]) -> CommentContent:
    """Return the part of a run, recorded by anybody, that is safe to show."""
    known = {task_id for other in history for task_id in other.metrics}
    worst_first = sorted(comparisons, key=lambda each: list(Verdict).index(each.verdict))
    allowed = [each for each in worst_first if each.task_id in known][:_MAX_ROWS]
    return CommentContent(run.end_ns - run.start_ns, tuple(allowed), len(comparisons) - len(allowed))


def comment_text(run: WorkflowRun, content: CommentContent | None) -> str:
    """Return the comment in Markdown. ``content`` is None if the run left no record."""
    conclusion = run.conclusion if _WORD.fullmatch(run.conclusion) else "ended"
    facts = [
        f"{link(f'Run {run.run_id}', run.url)}: {conclusion}",
        f"commit `{run.head_sha[:_SHA_LENGTH]}`",
        *([f"took {format_duration(content.duration_ns)}"] if content else []),
    ]
    body = _verdict(content, conclusion) if content else _no_record()
    return "\n\n".join([MARKER, *body, " · ".join(facts)]) + "\n"


def post_comment(client: GitHubClient, pull_request: PullRequest, text: str) -> str:
    """Write the comment, in place of an earlier one. Return "written" or "updated"."""
    for comment in client.pages(f"/issues/{pull_request.number}/comments"):
        author = comment.get("user") or {}
        if author.get("login") == BOT and str(comment.get("body", "")).startswith(MARKER):
            client.send("PATCH", f"/issues/comments/{int(comment['id'])}", {"body": text})
            return "updated"
    client.send("POST", f"/issues/{pull_request.number}/comments", {"body": text})
    return "written"


def _verdict(content: CommentContent, conclusion: str) -> list[str]:
    left_out = content.nr_left_out
    hidden = f"{counted(left_out, 'row')} left out: of tasks that main does not have, or too many."
    table = comparison_table(content.comparisons)
    return [
        *_heading(content, conclusion),
        *([table] if table else []),
        *([hidden] if left_out else []),
    ]


def _heading(content: CommentContent, conclusion: str) -> list[str]:
    """Return the verdict on the metrics as heading, unless the run is red for another reason."""
    line = verdict_line(content.comparisons)
    if conclusion == _SUCCESS or overall(content.comparisons) is Verdict.REGRESSED:
        return [f"### {line}"]
    return [f"### ✗ {conclusion}", f"Metrics: {line}"]


def _no_record() -> list[str]:
    return ["### ✗ no record", "The run ended before it recorded anything that can be read."]
