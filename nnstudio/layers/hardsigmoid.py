"""The sigmoid drawn with three straight lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op

SLOPE = 1 / 6


@layer
@dataclass(frozen=True)
class HardSigmoid(Activation):
    """A sigmoid of straight lines: y = x/6 + 1/2 between −3 and 3, 0 below and 1 above.

    Cheap to compute, but a unit beyond ±3 gets no gradient at all (Courbariaux, Bengio and David 2015).
    """

    label = "Hard sigmoid"
    stem = "hard"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        b.forward(np.multiply, x.value, b.dtype.type(SLOPE), out=y.value)
        b.forward(np.add, y.value, 0.5, out=y.value)
        b.forward(np.clip, y.value, 0, 1, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            inside, below = (b.scratch(y.value.shape, bool) for _ in range(2))
            slope = b.scratch(y.value.shape)
            b.backward(np.greater, y.value, 0, out=inside)
            b.backward(np.less, y.value, 1, out=below)
            b.backward(np.logical_and, inside, below, out=inside)
            b.backward(np.multiply, inside, b.dtype.type(SLOPE), out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return np.where((y > 0) & (y < 1), SLOPE, 0)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("HardSigmoid", attributes={"alpha": SLOPE, "beta": 0.5}),)


HardSigmoid.EXAMPLES = examples(HardSigmoid())
