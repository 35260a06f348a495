"""Copies of what panels show, taken between two steps."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.network import CompiledNetwork
from nnstudio.engine.optimizers import Step
from nnstudio.engine.statistics import size_of
from nnstudio.network.layer import Array


def weights(network: CompiledNetwork) -> dict[str, Array]:
    """Node id to a copy of its weights, (out, in, kh, kw) or (out, in), without biases."""
    return {
        slot.node: np.array(
            network.layout.view(network.weights, name).transpose(slot.spec.exchange_axes)
        )
        for name, slot in network.layout.slots.items()
        if slot.spec.name == "weight"
    }


def update_ratios(network: CompiledNetwork, step: Step) -> dict[str, float]:
    """Node id to rms(change) / rms(weight), of the change that another step along the last gradient makes.

    About 1e-3 is healthy: each step changes a weight by a thousandth of its usual size.
    """
    change = network.next_change(step)
    ratios = {}
    for name, slot in network.layout.within(change).items():
        if slot.spec.name == "weight":
            size = size_of(network.layout.view(network.weights, name)).rms
            moved = size_of(network.layout.view(change, name)).rms
            ratios[slot.node] = moved / size if size > 0 else float("inf")
    return ratios
