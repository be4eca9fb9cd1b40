"""The layout of a graph of tasks."""

import pytest

from nightbook.tracker.drawings.dag_layout import NODE_HEIGHT, NODE_WIDTH, DagLayout, lay_out

DIAMOND = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c", "a"]}


def crossings(layout: DagLayout) -> int:
    """How many pairs of edges between the same layers cross."""
    corners = {node.key: (node.x, node.y) for node in layout.nodes}
    ends = [(corners[edge.source], corners[edge.target]) for edge in layout.edges]
    return sum(
        (a[1] < c[1] and b[1] > d[1]) for a, b in ends for c, d in ends if a[0] == c[0] and b[0] == d[0]
    )


def test_a_dag_is_drawn_in_layers_and_no_boxes_overlap() -> None:
    layout = lay_out(DIAMOND)
    corners = {node.key: (node.x, node.y) for node in layout.nodes}
    assert corners["a"][0] < corners["b"][0] == corners["c"][0] < corners["d"][0]
    assert abs(corners["b"][1] - corners["c"][1]) >= NODE_HEIGHT
    assert all(
        x + NODE_WIDTH <= layout.width and y + NODE_HEIGHT <= layout.height for x, y in corners.values()
    )
    assert {(edge.source, edge.target) for edge in layout.edges} == {
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d"),
    }  # fmt: skip


def test_an_order_without_crossings_is_found() -> None:
    needs: dict[str, list[str]] = {f"in{n}": [] for n in range(6)}
    needs |= {f"out{n}": [f"in{5 - n}"] for n in range(6)}
    assert crossings(lay_out(needs)) == 0


@pytest.mark.parametrize(
    "needs",
    [{}, {"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["nothing"]}, {"a": [], "b": ["a", "a"]}],
)
def test_whatever_a_record_says_is_drawn(needs: dict[str, list[str]]) -> None:
    layout = lay_out(needs)
    assert [node.key for node in layout.nodes] == list(needs)
    assert len(layout.edges) == (needs == {"a": [], "b": ["a", "a"]})


def test_three_hundred_tasks_are_laid_out_too() -> None:
    chain = {str(n): [str(n - 1)] if n else [] for n in range(300)}
    fan = {str(n): ["0"] if n else [] for n in range(300)}
    assert lay_out(chain).width == pytest.approx(300 * (NODE_WIDTH + 42), rel=0.01)
    assert lay_out(fan).height > 299 * NODE_HEIGHT


def test_a_node_has_room_for_its_texts() -> None:
    layout = lay_out({"a": []})
    (node,) = layout.nodes
    baselines = [node.alone_y, node.glyph_y, node.count_y, node.name_y, node.params_y]

    assert (layout.node_width, layout.node_height) == (NODE_WIDTH, NODE_HEIGHT)
    assert node.x < node.glyph_x < node.text_x < node.x + layout.node_width
    assert all(node.y < baseline < node.y + layout.node_height for baseline in baselines)
    assert node.glyph_y < node.count_y
    assert node.name_y < node.params_y
