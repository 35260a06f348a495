"""The search for the layer in which numbers stopped being finite."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.network import CompiledNetwork
from nnstudio.engine.program import Program
from nnstudio.engine.shards import Feed

MANY_AT_A_LOOK = 32
"""Images of a batch that are computed again at a time, where they can be computed apart."""


def first_not_finite(network: CompiledNetwork, feed: Feed, count: int) -> str:
    """The id of the node in which numbers broke, for the batch of ``count`` images that ``feed`` gives.

    The batch is computed again with every layer apart. Forward it is the first node that gives
    infinity or NaN; if all are finite, the first one that breaks on the way back, and "" when it is
    the loss. What only the noise of dropout broke is not seen so: then the gradient of the step
    itself decides.
    """
    at_once = count if network.mixes_images else MANY_AT_A_LOOK
    with np.errstate(all="ignore"):
        for start in range(0, count, at_once):
            end = min(start + at_once, count)
            program = network.observing.program(end - start, gradients=True)
            feed(program, start, end)
            assert program.loss is not None
            program.loss.scale[...] = 1 / count
            program.forward()
            broken = _forward(network, program)
            if broken is None:
                program.backward()
                broken = _backward(network, program)
            if broken is not None:
                return broken
        return _of_the_step(network)


def _forward(network: CompiledNetwork, program: Program) -> str | None:
    for node in network.nodes:
        if not np.isfinite(program.values[node.id]).all():
            return node.id
    assert program.loss is not None
    if not np.isfinite(program.loss.total):
        return ""
    return _averages(network, program)


def _averages(network: CompiledNetwork, program: Program) -> str | None:
    """The first node that keeps averages of numbers whose squares are beyond what can be computed."""
    keeping = {slot.node for slot in network.layout.slots.values() if not slot.spec.learned}
    for node in network.nodes:
        if node.id in keeping:
            sources = network.spec.inputs_of(node)
            if not all(np.isfinite(np.square(program.values[source])).all() for source in sources):
                return node.id
    return None


def _backward(network: CompiledNetwork, program: Program) -> str | None:
    """A node breaks numbers when what arrives at it is finite, and what it learns or passes on is not."""
    learned = network.observing.parameter_gradients()
    for node in reversed(network.nodes):
        arriving = program.gradients.get(node.id)
        if arriving is None:
            continue
        if not np.isfinite(arriving).all():
            # Only the loss comes after the last node; between two nodes the reader is found first.
            return ""
        own = [g for name, g in learned.items() if network.layout.slots[name].node == node.id]
        passed = [program.gradients.get(source) for source in network.spec.inputs_of(node)]
        given = [*own, *(gradient for gradient in passed if gradient is not None)]
        if not all(np.isfinite(gradient).all() for gradient in given):
            return node.id
    return None


def _of_the_step(network: CompiledNetwork) -> str:
    """The last node with a gradient that is not finite, else the one with the largest."""
    sizes = {
        network.layout.slots[name].node: float(np.abs(gradient).max())
        for name, gradient in network.gradients().items()
    }
    broken = [node for node, largest in sizes.items() if not np.isfinite(largest)]
    return broken[-1] if broken else max(sizes, key=lambda node: sizes[node], default="")
