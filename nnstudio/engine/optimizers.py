"""How a gradient changes the weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnstudio.network.layer import Array

CHUNK = 16_384
"""Numbers updated at a time, so that the operands of the five steps stay in the nearest cache."""


@dataclass(frozen=True)
class Step:
    """The numbers of one update; ``number`` counts updates from 1, ``scale`` multiplies the gradient."""

    learning_rate: float
    momentum: float = 0.9
    second: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    number: int = 1
    clip_value: float = float("inf")
    scale: float = 1.0


class Optimizer(ABC):
    """A rule for an update; ``memory`` names the vectors that it keeps between two updates."""

    memory: ClassVar[tuple[str, ...]]

    @abstractmethod
    def update(
        self, weights: Array, gradients: Sequence[Array], memory: Sequence[Array], step: Step
    ) -> None:
        """Change ``weights`` in place, each array a 1-D slice of the same numbers."""


class Momentum(Optimizer):
    """v ← m·v + g, w ← w − η·v (Polyak 1964; the same convention as common frameworks)."""

    memory = ("velocity",)

    def __init__(self) -> None:
        self._scratch = np.zeros(0)

    def update(
        self, weights: Array, gradients: Sequence[Array], memory: Sequence[Array], step: Step
    ) -> None:
        """One step on ``weights`` (parameters,) along the sum of ``gradients``, each (parameters,)."""
        if not self._scratch.size or self._scratch.dtype != weights.dtype:
            self._scratch = np.zeros(CHUNK, weights.dtype)
        rate, kept = weights.dtype.type(step.learning_rate), weights.dtype.type(step.momentum)
        for start in range(0, weights.size, CHUNK):
            part = slice(start, start + CHUNK)
            velocity = memory[0][part]
            np.multiply(velocity, kept, out=velocity)
            for gradient in gradients:
                np.add(velocity, gradient[part], out=velocity)
            scratch = self._scratch[: velocity.size]
            np.multiply(velocity, rate, out=scratch)
            np.subtract(weights[part], scratch, out=weights[part])
