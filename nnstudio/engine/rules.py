"""Rearrangements that change no result, only the work: what may be computed on fewer numbers."""

from __future__ import annotations

from nnstudio.network import NetworkSpec, Node


def feeds_maximum(spec: NetworkSpec, node: Node) -> bool:
    """Whether the output of ``node`` reaches a max-pool alone, at most through monotone layers.

    max(f(a), f(b)) = f(max(a, b)) for a non-decreasing f. So a bias, ReLU or tanh between a
    convolution and a 2×2 max-pool may be computed behind the pool, on a quarter of the numbers.
    """
    readers = spec.consumers(node.id)
    if len(readers) != 1:
        return False
    (reader,) = readers
    return reader.layer.takes_maximum or (reader.layer.monotone and feeds_maximum(spec, reader))
