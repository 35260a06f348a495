"""The smooth form of ReLU."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Softplus(Activation):
    """Softplus: y = ln(1 + eˣ), ReLU without the corner. Its slope is the sigmoid of x (Dugas et al. 2001)."""

    label = "Softplus"
    stem = "softplus"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        rest = b.scratch(x.value.shape)
        # max(x, 0) + ln(1 + e^−|x|), which cannot overflow.
        b.forward(np.abs, x.value, out=rest)
        b.forward(np.negative, rest, out=rest)
        b.forward(np.exp, rest, out=rest)
        b.forward(np.log1p, rest, out=rest)
        b.forward(np.maximum, x.value, 0, out=y.value)
        b.forward(np.add, y.value, rest, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            # The slope σ(x) is 1 − e⁻ʸ.
            b.backward(np.negative, y.value, out=rest)
            b.backward(np.expm1, rest, out=rest)
            b.backward(np.negative, rest, out=rest)
            b.backward(np.multiply, y.grad, rest, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        slope: Array = -np.expm1(-y)
        return slope

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Softplus"),)


Softplus.EXAMPLES = examples(Softplus())
