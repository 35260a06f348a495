"""Copies of what panels show, taken between two steps; and the search for where numbers broke."""

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


def first_not_finite(network: CompiledNetwork, images: Array) -> str:
    """The id of the first node that gives infinity or NaN for ``images`` (N, C, H, W).

    If all outputs are finite, the gradient overflowed on its way back: then the last node with a
    gradient that is not finite, where it began. Empty when neither is found.
    """
    with np.errstate(all="ignore"):
        for node_id, values in network.activations(images).items():
            if not np.isfinite(values).all():
                return node_id
    broken = [
        network.layout.slots[name].node
        for name, gradient in network.gradients().items()
        if not np.isfinite(gradient).all()
    ]
    return broken[-1] if broken else ""
