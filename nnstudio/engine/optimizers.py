"""How a gradient changes the weights: the rules of descent, each as a few NumPy calls on flat vectors."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnstudio.network.layer import Array

CHUNK = 131_072
"""Numbers updated at a time: so many that the overhead of calls is small, and yet scratch stays small."""


@dataclass(frozen=True)
class Step:
    """The numbers of one update.

    ``number`` counts updates from 1. The gradient is first multiplied by ``scale`` and cut to
    ±``clip_value``. ``second`` is the share of the running mean of squares that is kept.
    """

    learning_rate: float
    momentum: float = 0.9
    second: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    number: int = 1
    clip_value: float = math.inf
    scale: float = 1.0


class Optimizer(ABC):
    """A rule for an update; ``memory`` names the vectors that it keeps between two updates.

    The rules are those of ``torch.optim``, so that a training can be compared with one there.
    Weight decay λ adds λ·w to the gradient, but see :class:`AdamW`.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    memory: ClassVar[tuple[str, ...]] = ()
    decoupled: ClassVar[bool] = False
    """Whether weight decay shrinks the weights by themselves instead of joining the gradient."""

    def __init__(self) -> None:
        self._scratch = np.empty((3, 0))

    def update(
        self, weights: Array, gradients: Sequence[Array], memory: Sequence[Array], step: Step
    ) -> None:
        """Change ``weights`` in place along the sum of ``gradients``.

        All are vectors of the same numbers, (n,), of one dtype; ``memory`` as named, in that order.
        """
        if self._scratch.shape[1] == 0 or self._scratch.dtype != weights.dtype:
            self._scratch = np.empty((3, CHUNK), weights.dtype)
        for start in range(0, weights.size, CHUNK):
            part = slice(start, start + CHUNK)
            w = weights[part]
            total, decay, other = self._scratch[:, : w.size]
            g = _prepared([gradient[part] for gradient in gradients], total, step)
            if step.weight_decay and not self.decoupled:
                np.multiply(w, w.dtype.type(step.weight_decay), out=decay)
                g = np.add(g, decay, out=total)
            self.change(w, g, [m[part] for m in memory], other, step)

    @abstractmethod
    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        """One chunk: change ``w`` along ``g``, with ``scratch`` of the same size."""


def _prepared(gradients: list[Array], out: Array, step: Step) -> Array:
    """The gradient of a chunk: summed, scaled, cut. A lone one that needs nothing is given as it is."""
    total = gradients[0]
    for gradient in gradients[1:]:
        total = np.add(total, gradient, out=out)
    if step.scale != 1:
        total = np.multiply(total, total.dtype.type(step.scale), out=out)
    if step.clip_value != math.inf:
        total = np.clip(total, -step.clip_value, step.clip_value, out=out)
    return total


class SGD(Optimizer):
    """w ← w − η·g: plain stochastic gradient descent (Robbins and Monro 1951)."""

    name, label = "sgd", "SGD"

    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        np.multiply(g, w.dtype.type(step.learning_rate), out=scratch)
        np.subtract(w, scratch, out=w)


class Momentum(Optimizer):
    """v ← m·v + g, w ← w − η·v (Polyak 1964)."""

    name, label, memory = "momentum", "Momentum", ("velocity",)

    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        (velocity,) = memory
        np.multiply(velocity, w.dtype.type(step.momentum), out=velocity)
        np.add(velocity, g, out=velocity)
        np.multiply(velocity, w.dtype.type(step.learning_rate), out=scratch)
        np.subtract(w, scratch, out=w)


class Nesterov(Optimizer):
    """v ← m·v + g, w ← w − η·(g + m·v): looks ahead along the velocity (Nesterov 1983)."""

    name, label, memory = "nesterov", "Nesterov", ("velocity",)

    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        (velocity,) = memory
        kept, ahead = w.dtype.type(step.momentum), scratch
        np.multiply(velocity, kept, out=velocity)
        np.add(velocity, g, out=velocity)
        np.multiply(velocity, kept, out=ahead)
        np.add(ahead, g, out=ahead)
        np.multiply(ahead, w.dtype.type(step.learning_rate), out=ahead)
        np.subtract(w, ahead, out=w)


class AdaGrad(Optimizer):
    """s ← s + g², w ← w − η·g/(√s + ε): rare directions keep long steps (Duchi et al. 2011)."""

    name, label, memory = "adagrad", "AdaGrad", ("square",)

    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        (square,) = memory
        np.multiply(g, g, out=scratch)
        np.add(square, scratch, out=square)
        _root(square, step.epsilon, scratch)
        _step(w, g, scratch, step.learning_rate)


class RMSProp(Optimizer):
    """s ← β·s + (1 − β)·g², w ← w − η·g/(√s + ε) (Tieleman and Hinton 2012)."""

    name, label, memory = "rmsprop", "RMSProp", ("square",)

    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        (square,) = memory
        _average_of_squares(square, g, step.second, scratch)
        _root(square, step.epsilon, scratch)
        _step(w, g, scratch, step.learning_rate)


class Adam(Optimizer):
    """m ← β₁·m + (1 − β₁)·g, s ← β₂·s + (1 − β₂)·g², w ← w − η·m̂/(√ŝ + ε).

    m̂ and ŝ are divided by 1 − βᵗ, since both begin at 0 (Kingma and Ba 2015, algorithm 1).
    """

    name, label, memory = "adam", "Adam", ("mean", "square")

    def change(self, w: Array, g: Array, memory: list[Array], scratch: Array, step: Step) -> None:
        mean, square = memory
        kind = w.dtype.type
        if self.decoupled and step.weight_decay:
            np.multiply(w, kind(1 - step.learning_rate * step.weight_decay), out=w)
        _average_of_squares(square, g, step.second, scratch)
        np.multiply(g, kind(1 - step.momentum), out=scratch)
        np.multiply(mean, kind(step.momentum), out=mean)
        np.add(mean, scratch, out=mean)
        # The corrections are plain numbers: √ŝ + ε = (√s + ε·c)/c with c = √(1 − β₂ᵗ).
        correction = math.sqrt(1 - step.second**step.number)
        rate = step.learning_rate * correction / (1 - step.momentum**step.number)
        _root(square, step.epsilon * correction, scratch)
        _step(w, mean, scratch, rate)


class AdamW(Adam):
    """Adam, with the weights shrunk by η·λ beside the step (Loshchilov and Hutter 2019)."""

    name, label, decoupled = "adamw", "AdamW", True


def _average_of_squares(square: Array, g: Array, kept: float, scratch: Array) -> None:
    kind = square.dtype.type
    np.multiply(g, g, out=scratch)
    np.multiply(scratch, kind(1 - kept), out=scratch)
    np.multiply(square, kind(kept), out=square)
    np.add(square, scratch, out=square)


def _root(square: Array, epsilon: float, out: Array) -> None:
    np.sqrt(square, out=out)
    np.add(out, out.dtype.type(epsilon), out=out)


def _step(w: Array, direction: Array, divisor: Array, rate: float) -> None:
    """W ← w − rate·direction/divisor; ``divisor`` is used up."""
    np.divide(direction, divisor, out=divisor)
    np.multiply(divisor, w.dtype.type(rate), out=divisor)
    np.subtract(w, divisor, out=w)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    kind.name: kind for kind in (SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW)
}
"""Name to rule."""
