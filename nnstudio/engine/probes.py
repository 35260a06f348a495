"""Copies of what panels show, taken between two steps."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.network import CompiledNetwork
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


def update_ratios(network: CompiledNetwork, learning_rate: float) -> dict[str, float]:
    """Node id to learning rate · rms(gradient) / rms(weight) of the last batch.

    About 1e-3 is healthy: each step changes a weight by a thousandth of its usual size.
    """
    ratios = {}
    for name, gradient in network.gradients().items():
        slot = network.layout.slots[name]
        if slot.spec.name == "weight":
            size = _rms(network.layout.view(network.weights, name))
            ratios[slot.node] = learning_rate * _rms(gradient) / size if size > 0 else float("inf")
    return ratios


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
