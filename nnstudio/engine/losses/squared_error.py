"""The mean squared error: for numbers."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.losses.rule import Loss
from nnstudio.network.layer import Array, Builder, Value


class SquaredError(Loss):
    """(y − t)², the mean over the outputs; its gradient is 2·(y − t)/K. Large errors weigh most."""

    def each(self, outputs: Array, targets: Array) -> Array:
        found: Array = np.square(np.asarray(outputs, np.float64) - targets).mean(axis=0)
        return found

    def tell(self, b: Builder, y: Value, target: Array, each: Array) -> None:
        outputs = len(y.value)
        off, square = b.scratch(y.value.shape), b.scratch(y.value.shape)
        b.forward(np.subtract, y.value, target, out=off)
        b.forward(np.multiply, off, off, out=square)
        b.forward(np.add.reduce, square, axis=0, out=each)
        b.forward(np.multiply, each, b.dtype.type(1 / outputs), out=each)
        if y.grad is not None:
            b.backward(np.multiply, off, b.dtype.type(2 / outputs), out=y.grad)
