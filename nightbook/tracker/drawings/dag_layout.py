"""The positions of a run's tasks in a drawing: in layers from left to right, with few crossings.

The layered method of Sugiyama, Tagawa and Toda (https://doi.org/10.1109/TSMC.1981.4308636): longest
path, a point on every layer that an edge passes, and barycentres for the order within a layer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE_WIDTH, NODE_HEIGHT = 184, 52
_GLYPH_X, _TEXT_X = 18, 36  # within a node: the middle of its glyph, the begin of its texts
_ALONE_Y = 31  # the baseline of a text that has the node's height for itself
_GLYPH_Y, _COUNT_Y = 24, 41  # of a glyph with a count below it
_NAME_Y, _PARAMS_Y = 23, 40  # of a name with parameters below it
_GAP_X, _GAP_Y, _MARGIN = 42, 16, 4
_POINT_HEIGHT = 12  # what an edge needs that only passes
_SWEEPS = 8
_Point = tuple[int, str, str]  # layer, from, to: where an edge passes a layer
_Item = str | _Point


@dataclass(frozen=True, slots=True)
class Node:
    """A task's box: its upper left corner, and the positions of its texts."""

    key: str
    x: int
    y: int

    @property
    def glyph_x(self) -> int:
        """The middle of the glyph, and of the count below it."""
        return self.x + _GLYPH_X

    @property
    def text_x(self) -> int:
        """The left end of the name and of the parameters."""
        return self.x + _TEXT_X

    @property
    def alone_y(self) -> int:
        """The baseline of a glyph or name with nothing below it."""
        return self.y + _ALONE_Y

    @property
    def glyph_y(self) -> int:
        """The baseline of a glyph with a count below it."""
        return self.y + _GLYPH_Y

    @property
    def count_y(self) -> int:
        """The baseline of the count."""
        return self.y + _COUNT_Y

    @property
    def name_y(self) -> int:
        """The baseline of a name with parameters below it."""
        return self.y + _NAME_Y

    @property
    def params_y(self) -> int:
        """The baseline of the parameters."""
        return self.y + _PARAMS_Y


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency; ``path`` is the path data of an SVG."""

    source: str
    target: str
    path: str


@dataclass(frozen=True, slots=True)
class DagLayout:
    """A drawing of that size, in pixels; all nodes are equally large."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT


def lay_out(dependencies: Mapping[str, Sequence[str]]) -> DagLayout:
    """Return the layout of nodes, each with those that it needs; nodes of a circle come first."""
    needs = {
        key: [needed for needed in dict.fromkeys(all_) if needed in dependencies and needed != key]
        for key, all_ in dependencies.items()
    }
    depth = _depths(needs)
    edges = [(needed, key) for key, all_ in needs.items() for needed in all_ if depth[needed] < depth[key]]
    layers = _ordered(_layers(depth, edges), _neighbours(depth, edges))
    corners = _corners(layers)
    return DagLayout(
        nodes=tuple(Node(key, *corners[key]) for key in dependencies),
        edges=tuple(Edge(source, target, _path(depth, corners, source, target)) for source, target in edges),
        width=len(layers) * (NODE_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN if layers else 0,
        height=max((y + NODE_HEIGHT for x, y in corners.values()), default=0) + _MARGIN,
    )


def _depths(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the length of the longest path to each node.

    It is found layer by layer, because a chain can be longer than Python's stack.
    """
    depth = dict.fromkeys(needs, 0)
    waiting = {key: len(all_) for key, all_ in needs.items()}
    needed_by: dict[str, list[str]] = {key: [] for key in needs}
    for key, all_ in needs.items():
        for needed in all_:
            needed_by[needed].append(key)
    ready = [key for key, count in waiting.items() if count == 0]
    for key in ready:
        for other in needed_by[key]:
            depth[other] = max(depth[other], depth[key] + 1)
            waiting[other] -= 1
            if waiting[other] == 0:
                ready.append(other)
    return depth


def _passed(depth: Mapping[str, int], source: str, target: str) -> list[_Item]:
    """Return the edge's ends, and a point on each layer between them."""
    between: list[_Item] = [(layer, source, target) for layer in range(depth[source] + 1, depth[target])]
    return [source, *between, target]


def _layers(depth: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> list[list[_Item]]:
    layers: list[list[_Item]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key, layer in depth.items():
        layers[layer].append(key)
    for source, target in edges:
        for offset, item in enumerate(_passed(depth, source, target)[1:-1], start=1):
            layers[depth[source] + offset].append(item)
    return layers


def _neighbours(
    depth: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> tuple[dict[_Item, list[_Item]], dict[_Item, list[_Item]]]:
    """Return the neighbours of each item to its left and to its right, along the edges."""
    left: dict[_Item, list[_Item]] = {}
    right: dict[_Item, list[_Item]] = {}
    for source, target in edges:
        way = _passed(depth, source, target)
        for one, next_ in pairwise(way):
            right.setdefault(one, []).append(next_)
            left.setdefault(next_, []).append(one)
    return left, right


def _ordered(
    layers: list[list[_Item]], neighbours: tuple[dict[_Item, list[_Item]], dict[_Item, list[_Item]]]
) -> list[list[_Item]]:
    """Return the layers, each sorted by its items' neighbours, in sweeps to the right and back."""
    left, right = neighbours
    for sweep in range(_SWEEPS):
        beside = left if sweep % 2 == 0 else right
        indexes = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for index in indexes:
            fixed = layers[index - 1 if sweep % 2 == 0 else index + 1]
            rank = {item: position for position, item in enumerate(fixed)}
            layer = layers[index]
            keys = {
                item: _mean([rank[other] for other in beside.get(item, [])], position)
                for position, item in enumerate(layer)
            }
            layers[index] = sorted(layer, key=keys.__getitem__)
    return layers


def _mean(ranks: Sequence[int], otherwise: int) -> float:
    return sum(ranks) / len(ranks) if ranks else float(otherwise)


def _corners(layers: Sequence[Sequence[_Item]]) -> dict[_Item, tuple[int, int]]:
    """Return each item's upper left corner; every layer is centred."""
    heights = [sum(_height(item) + _GAP_Y for item in layer) - _GAP_Y for layer in layers]
    tallest = max(heights, default=0)
    corners = {}
    for index, layer in enumerate(layers):
        y = _MARGIN + (tallest - heights[index]) // 2
        for item in layer:
            corners[item] = (_MARGIN + index * (NODE_WIDTH + _GAP_X), y)
            y += _height(item) + _GAP_Y
    return corners


def _height(item: _Item) -> int:
    return NODE_HEIGHT if isinstance(item, str) else _POINT_HEIGHT


def _path(
    depth: Mapping[str, int], corners: Mapping[_Item, tuple[int, int]], source: str, target: str
) -> str:
    """Return a curve through the edge's points; it is level where it crosses a layer."""
    way = _passed(depth, source, target)
    x, y = corners[source][0] + NODE_WIDTH, corners[source][1] + NODE_HEIGHT // 2
    commands = [f"M{x} {y}"]
    for item in way[1:]:
        next_x, next_y = corners[item][0], corners[item][1] + _height(item) // 2
        middle = (x + next_x) // 2
        commands.append(f"C{middle} {y} {middle} {next_y} {next_x} {next_y}")
        x, y = next_x, next_y
        if not isinstance(item, str):
            x += NODE_WIDTH
            commands.append(f"H{x}")
    return "".join(commands)
