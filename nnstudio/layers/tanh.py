"""The hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent: y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), from −1 to 1. Its slope 1 − y² is at most 1."""

    label = "Tanh"
    stem = "tanh"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        b.forward(np.tanh, x.value, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            slope = b.scratch(y.value.shape)
            b.backward(np.multiply, y.value, y.value, out=slope)
            b.backward(np.subtract, 1, slope, out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return 1 - y * y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Tanh"),)


Tanh.EXAMPLES = examples(Tanh())
