"""Says what a place of the drawn network means: the wire of a drop, the block next door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLineF, QPointF, QRectF

from nnstudio.app.editor.layout import BLOCK_HEIGHT, BLOCK_WIDTH, Place
from nnstudio.app.editor.wires import WireItem, reach, wire_path
from nnstudio.network import NetworkSpec

BESIDE = 12.0
_BETWEEN = 8.0
Wire = tuple[str, str]


def ports(place: Place) -> tuple[QPointF, QPointF]:
    """Where the wires enter and leave a block whose top left corner is ``place``."""
    x, y = place
    return QPointF(x + BLOCK_WIDTH / 2, y), QPointF(x + BLOCK_WIDTH / 2, y + BLOCK_HEIGHT)


def bows(places: Mapping[str, Place], source: str, target: str) -> bool:
    """Whether other blocks stand between two of one column, so that their wire goes around."""
    (x, y), (x2, y2) = places[source], places[target]
    return any(
        abs(other_x - x) < BLOCK_WIDTH / 2 and y < other_y < y2
        for other_x, other_y in (places.values() if x == x2 else ())
    )


def wire_at(
    point: QPointF, places: Mapping[str, Place], wires: Mapping[Wire, WireItem]
) -> Wire | None:
    """The wire that something dropped at ``point`` belongs on: on a block's upper half its input.

    It depends on where the blocks stand at rest and on nothing else, so that a gap that opens
    under the pointer cannot change the answer.
    """
    for node_id, (x, y) in places.items():
        body = QRectF(x, y, BLOCK_WIDTH, BLOCK_HEIGHT)
        if body.adjusted(-BESIDE, -_BETWEEN, BESIDE, _BETWEEN).contains(point):
            before = point.y() < y + BLOCK_HEIGHT / 2
            ends = [key for key in wires if key[1 if before else 0] == node_id]
            other = 0 if before else 1
            return min(ends, key=lambda key: abs(places[key[other]][0] - x), default=None)
    near: list[tuple[float, Wire]] = []
    for key, wire in wires.items():
        path = wire_path(
            ports(places[key[0]])[1], ports(places[key[1]])[0], bows=bows(places, *key)
        )
        if reach(path, wire.label).contains(point):
            near.append((QLineF(point, path.pointAtPercent(0.5)).length(), key))
    return min(near)[1] if near else None


def may_change_place(spec: NetworkSpec, node_id: str) -> bool:
    """Whether this is a block of a chain: it reads one block and is not the last."""
    layer = spec.node(node_id).layer
    return layer.reads == 1 and not layer.is_output


def place_along(spec: NetworkSpec, node_id: str, direction: int) -> Wire | None:
    """The next wire up (-1) or down (1) the chain that a block may move to.

    The target is "" behind the last block of a network that has no output yet.
    """
    if not may_change_place(spec, node_id):
        return None
    if direction < 0:
        sources = spec.inputs_of(spec.node(node_id))
        above = spec.inputs_of(spec.node(sources[0])) if sources else ()
        return (above[0], sources[0]) if above else None
    below = _readers(spec, node_id)
    if not below or spec.node(below[0]).layer.is_output:
        return None
    return below[0], next(iter(_readers(spec, below[0])), "")


def branch_beside(
    spec: NetworkSpec, places: Mapping[str, Place], node_id: str, direction: int
) -> str:
    """The block of the next branch to the left (-1) or right (1), or "".

    Only a block that is neither in front of this one nor behind it is on another branch.
    """
    x, y = places[node_id]
    chain = _reached(spec, node_id, -1) | _reached(spec, node_id, 1)
    found = [
        (abs(other_x - x), abs(other_y - y), other)
        for other, (other_x, other_y) in places.items()
        if other not in chain and (other_x - x) * direction >= BLOCK_WIDTH / 2
    ]
    return min(found)[2] if found else ""


def _readers(spec: NetworkSpec, node_id: str) -> list[str]:
    return [node.id for node in spec if node_id in node.inputs]


def _reached(spec: NetworkSpec, node_id: str, direction: int) -> set[str]:
    """The block and all in front of it (-1) or behind it (1)."""
    found: set[str] = set()
    left = [node_id]
    while left:
        current = left.pop()
        if current not in found:
            found.add(current)
            nexts: Iterable[str] = spec.inputs_of(spec.node(current))
            left.extend(nexts if direction < 0 else _readers(spec, current))
    return found
