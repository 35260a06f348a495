"""Where blocks stand: one column read like a table, parallel branches side by side."""

from __future__ import annotations

from collections.abc import Mapping

from nnstudio.app.editor.presentation import in_order, ranks
from nnstudio.network import NetworkSpec

BLOCK_WIDTH = 236.0
BLOCK_HEIGHT = 38.0
PITCH = 54.0
LANE = BLOCK_WIDTH + 28.0
"""Two columns and the ledger fit beside palette and inspector in a window 1280 wide."""

Place = tuple[float, float]


def lanes(spec: NetworkSpec) -> dict[str, int]:
    """Node id to its column: the longest way keeps column 0, what runs beside it moves right."""
    found: dict[str, int] = {}
    rank = ranks(spec)
    taken: set[tuple[int, int]] = set()
    trunk = _longest_way(spec, rank)
    for node in in_order(spec):
        lane = 0
        if node.id not in trunk and any(source in found for source in node.inputs):
            lane = 1
            while (rank[node.id], lane) in taken:
                lane += 1
        taken.add((rank[node.id], lane))
        found[node.id] = lane
    return found


def _longest_way(spec: NetworkSpec, rank: Mapping[str, int]) -> set[str]:
    """The ids on one longest way from the input to the last block that it reaches."""
    ordered = in_order(spec)
    if not ordered:
        return set()
    current = max(ordered, key=lambda node: rank[node.id])
    way = {current.id}
    while True:
        sources = [source for source in current.inputs if source in rank and source not in way]
        if not sources:
            return way
        current = spec.node(max(sources, key=rank.__getitem__))
        way.add(current.id)


def arrange(spec: NetworkSpec, moved: Mapping[str, Place]) -> dict[str, Place]:
    """Node id to the top left corner of its block; every block has a row of its own.

    A block moved by hand stands where it was put, and its row stays free, so that nothing else jumps.
    """
    lane = lanes(spec)
    return {
        node.id: moved.get(node.id, (lane[node.id] * LANE, row * PITCH))
        for row, node in enumerate(in_order(spec))
    }
