"""Where the tasks of a run stand in a drawing: layers from left to right, few crossings.

The layered method of Sugiyama, Tagawa and Toda (https://doi.org/10.1109/TSMC.1981.4308636): longest
path, a point on every layer that an edge passes, and barycentres for the order within a layer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE_WIDTH, NODE_HEIGHT = 184, 52
_GAP_X, _GAP_Y, _MARGIN = 42, 16, 4
_POINT_HEIGHT = 12  # what an edge needs that only passes
_SWEEPS = 8
_Point = tuple[int, str, str]  # layer, from, to: where an edge passes a layer
_Item = str | _Point


@dataclass(frozen=True, slots=True)
class Node:
    """A task's box: its upper left corner."""

    key: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency; ``path`` is the path data of an SVG."""

    source: str
    target: str
    path: str


@dataclass(frozen=True, slots=True)
class DagLayout:
    """A drawing of that size, in pixels."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


def lay_out(dependencies: Mapping[str, Sequence[str]]) -> DagLayout:
    """The layout of nodes, each with those that it needs. What is part of a circle is put first."""
    needs = {
        key: [needed for needed in dict.fromkeys(all_) if needed in dependencies and needed != key]
        for key, all_ in dependencies.items()
    }
    depth = _depths(needs)
    edges = [(needed, key) for key, all_ in needs.items() for needed in all_ if depth[needed] < depth[key]]
    layers = _ordered(_layers(depth, edges), _neighbours(depth, edges))
    places = _places(layers)
    return DagLayout(
        nodes=tuple(Node(key, *places[key]) for key in dependencies),
        edges=tuple(Edge(source, target, _path(depth, places, source, target)) for source, target in edges),
        width=len(layers) * (NODE_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN if layers else 0,
        height=max((y + NODE_HEIGHT for x, y in places.values()), default=0) + _MARGIN,
    )


def _depths(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest path to each node, found layer by layer: a chain can be longer than Python's stack."""
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
    """The edge's way: its ends, and a point on each layer between them."""
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
    """What stands left and right of each item on the edges' ways."""
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
    """The layers, each sorted by where its items' neighbours stand; to and fro."""
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


def _places(layers: Sequence[Sequence[_Item]]) -> dict[_Item, tuple[int, int]]:
    """Each item's corner; every layer is centred."""
    heights = [sum(_height(item) + _GAP_Y for item in layer) - _GAP_Y for layer in layers]
    tallest = max(heights, default=0)
    places = {}
    for index, layer in enumerate(layers):
        y = _MARGIN + (tallest - heights[index]) // 2
        for item in layer:
            places[item] = (_MARGIN + index * (NODE_WIDTH + _GAP_X), y)
            y += _height(item) + _GAP_Y
    return places


def _height(item: _Item) -> int:
    return NODE_HEIGHT if isinstance(item, str) else _POINT_HEIGHT


def _path(depth: Mapping[str, int], places: Mapping[_Item, tuple[int, int]], source: str, target: str) -> str:
    """A curve through the edge's points; it is level where it crosses a layer."""
    way = _passed(depth, source, target)
    x, y = places[source][0] + NODE_WIDTH, places[source][1] + NODE_HEIGHT // 2
    commands = [f"M{x} {y}"]
    for item in way[1:]:
        next_x, next_y = places[item][0], places[item][1] + _height(item) // 2
        middle = (x + next_x) // 2
        commands.append(f"C{middle} {y} {middle} {next_y} {next_x} {next_y}")
        x, y = next_x, next_y
        if not isinstance(item, str):
            x += NODE_WIDTH
            commands.append(f"H{x}")
    return "".join(commands)
