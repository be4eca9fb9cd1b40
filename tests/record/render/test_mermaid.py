import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from nightbook.record.format.model import Run
from nightbook.record.render.mermaid import MAX_EDGES, dag_diagram, gantt_diagram
from nightbook.record.render.mermaid_text import MAX_LENGTH, escape, fit
from tests.support.sample_runs import make_large_run


@pytest.mark.parametrize("name", ["success", "failed", "hostile"])
def test_diagrams_are_as_expected(
    name: str, request: pytest.FixtureRequest, check_text: Callable[[str, str], None]
) -> None:
    run = request.getfixturevalue(f"{name}_run")
    check_text(f"{name}.dag.mmd", dag_diagram(run))
    check_text(f"{name}.gantt.mmd", gantt_diagram(run))


@pytest.mark.promise("The text of a record is text on pages, in summaries and in diagrams, never markup.")
@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("train-model nr_train=600", "train-model nr_train=600"),
        ('"];n9', "#34;#93;#59;n9"),
        ("%%{init}", "#37;#37;#123;init#125;"),
        ("a:b", "a#58;b"),
        ("a\\n$$x$$ fa:fa-x", "a#92;#8288;n#36;#8288;#36;x#36;#8288;#36; fa#58;#8288;fa-x"),
        ("#35;", "#35;35#59;"),
        ("Größe 日本 😀", "Größe 日本 #128512;"),
        ("ﬂ°°60¶ß", "#64258;#176;#176;60#182;ß"),
    ],
)
def test_escape_leaves_nothing_that_mermaid_reads(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_a_text_that_fits_is_the_first_one_made() -> None:
    assert fit(lambda limit, count: f"{limit} {count}", 7) == "120 7"


def test_a_long_text_gets_shorter_labels_before_things_are_left_out() -> None:
    assert fit(lambda limit, count: "x" * limit * count, 900) == "x" * 24 * 900


def test_as_many_things_as_fit_are_kept() -> None:
    assert fit(lambda limit, count: "x" * 3 * limit * count, 3000) == "x" * (MAX_LENGTH // 72) * 72


def test_a_run_of_300_tasks_is_shown_whole_but_for_some_edges() -> None:
    dag, gantt = dag_diagram(make_large_run(300)), gantt_diagram(make_large_run(300))
    assert (dag.count(":::"), dag.count(" --> ")) == (300, MAX_EDGES)
    assert f"… {4 * 300 - 10 - MAX_EDGES} more dependency arrows left out" in dag
    assert (gantt.count("  section "), gantt.count("  attempt ")) == (300, 300)
    assert max(len(dag), len(gantt)) <= MAX_LENGTH


def test_of_a_run_of_3000_tasks_as_many_are_shown_as_fit() -> None:
    dag, gantt = dag_diagram(make_large_run(3000)), gantt_diagram(make_large_run(3000))
    assert f"… {3000 - dag.count(':::'):,} more tasks left out" in dag
    assert f"title … {3000 - gantt.count('  section '):,} more attempts left out" in gantt
    assert all(MAX_LENGTH - 200 < len(text) <= MAX_LENGTH for text in (dag, gantt))


def test_of_a_large_run_the_failed_tasks_are_kept() -> None:
    assert dag_diagram(make_large_run(3000)).count(":::failure") == 300


def test_sections_are_in_the_order_of_their_first_start(success_run: Run) -> None:
    backwards = replace(success_run, tasks=success_run.tasks[::-1])
    names = re.findall(r"section \d+\. ([\w-]+)", gantt_diagram(backwards))
    assert names == ["ingest", "split-data", "train-model", "train-model", "report"]
