"""The rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class ReLU(Activation):
    """Rectified linear unit: y = max(0, x). Its slope is 1 or 0, so gradients do not shrink with depth."""

    label = "ReLU"
    stem = "relu"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        # Against a row of zeros: NumPy's loop for two arrays is faster than for an array and a number.
        zeros = b.scratch((1, *x.value.shape[1:]))
        b.forward(np.maximum, x.value, zeros, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            positive = b.scratch(y.value.shape, bool)
            b.backward(np.greater, y.value, 0, out=positive)
            b.backward(np.multiply, y.grad, positive, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return y > 0

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Relu"),)


ReLU.EXAMPLES = examples(ReLU())
