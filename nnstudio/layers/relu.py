"""The rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op

FEW_BYTES = 1 << 18
"""Of the outputs: up to so many, a zero for each of them lies in cache as well."""
FEW = 2048
"""Numbers up to which a product with booleans costs more than finding signs as numbers."""


@layer
@dataclass(frozen=True)
class ReLU(Activation):
    """Rectified linear unit: y = max(0, x). Its slope is 1 or 0, so gradients do not shrink with depth."""

    label = "ReLU"
    stem = "relu"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        # Against zeros that lie in memory: NumPy's loop for two arrays is faster than for an array
        # and a number, and fastest where they need not be stretched, unless they fill the cache.
        small = y.value.nbytes <= FEW_BYTES
        zeros = b.scratch(y.value.shape if small else (1, *y.value.shape[1:]))
        b.forward(np.maximum, x.value, zeros, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            if y.value.size <= FEW:
                slope = b.scratch(y.value.shape)
                b.backward(np.sign, y.value, out=slope)
            else:
                slope = b.scratch(y.value.shape, bool)
                b.backward(np.greater, y.value, b.scratch(()), out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return y > 0

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Relu"),)


ReLU.EXAMPLES = examples(ReLU())
