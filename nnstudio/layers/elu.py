"""The exponential linear unit, and its self-normalising form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op
from nnstudio.settings import setting


@layer
@dataclass(frozen=True)
class ELU(Activation):
    """Exponential linear unit: y = x for x > 0, else α·(eˣ − 1). Below 0 it bends smoothly towards −α.

    Its outputs lie around 0, which helps the layer behind it (Clevert, Unterthiner and Hochreiter 2016).
    """

    alpha: float = setting(
        1.0,
        minimum=0.0,
        maximum=10.0,
        label="Depth α",
        help="How far below 0 it goes for very negative x.",
    )

    label = "ELU"
    stem = "elu"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        return emit_exponential(b, x, self.alpha, 1.0)

    def slope(self, y: Array) -> Array:
        return np.where(y > 0, 1, y + self.alpha)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Elu", attributes={"alpha": self.alpha}),)

    def summary(self) -> str:
        return f"α = {self.alpha:g}"


def emit_exponential(b: Builder, x: Value, alpha: float, scale: float) -> Value:
    """Y = scale·x for x > 0, else scale·alpha·(eˣ − 1)."""
    y = b.overwrite(x, kept=True)
    below = b.scratch(x.value.shape)
    b.forward(np.minimum, x.value, 0, out=below)
    b.forward(np.expm1, below, out=below)
    b.forward(np.multiply, below, alpha, out=below)
    b.forward(np.maximum, x.value, 0, out=y.value)
    b.forward(np.add, y.value, below, out=y.value)
    if scale != 1:
        b.forward(np.multiply, y.value, scale, out=y.value)
    dx = b.gradient(x)
    if y.grad is not None and dx is not None:
        positive = b.scratch(y.value.shape, bool)
        # Below 0 the slope is scale·alpha·eˣ = y + scale·alpha.
        b.backward(np.greater, y.value, 0, out=positive)
        b.backward(np.add, y.value, scale * alpha, out=below)
        b.backward(np.copyto, below, scale, where=positive)
        b.backward(np.multiply, y.grad, below, out=dx)
    return y


ELU.EXAMPLES = examples(ELU(), ELU(0.5))
