"""How a gradient changes the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnstudio.engine.buffers import zeros
from nnstudio.network.layer import Array

CHUNK = 16_384
"""Numbers updated at a time, so that the operands of the five steps stay in the nearest cache."""


class Momentum:
    """v ← m·v + g, w ← w − η·v (Polyak 1964; the same convention as common frameworks).

    ``velocity`` (parameters,) is the optimiser's whole memory.
    """

    def __init__(self, size: int, dtype: np.dtype[Any]) -> None:
        self.velocity = zeros((size,), dtype)
        self._step = zeros((min(size, CHUNK),), dtype)

    def update(
        self, weights: Array, gradients: Sequence[Array], learning_rate: float, momentum: float
    ) -> None:
        """One step on ``weights`` (parameters,) along the sum of ``gradients``, each (parameters,)."""
        rate, kept = weights.dtype.type(learning_rate), weights.dtype.type(momentum)
        for start in range(0, weights.size, CHUNK):
            part = slice(start, start + CHUNK)
            velocity = self.velocity[part]
            np.multiply(velocity, kept, out=velocity)
            for gradient in gradients:
                np.add(velocity, gradient[part], out=velocity)
            step = self._step[: velocity.size]
            np.multiply(velocity, rate, out=step)
            np.subtract(weights[part], step, out=weights[part])
