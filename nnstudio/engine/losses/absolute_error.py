"""The mean absolute error: for numbers, some of which may be wrong."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.losses.rule import Loss
from nnstudio.network.layer import Array, Builder, Value


class AbsoluteError(Loss):
    """|y − t|, the mean over the outputs; its gradient is ±1/K. A wild target weighs no more than others."""

    def each(self, outputs: Array, targets: Array) -> Array:
        found: Array = np.abs(np.asarray(outputs, np.float64) - targets).mean(axis=0)
        return found

    def tell(self, b: Builder, y: Value, target: Array, each: Array) -> None:
        outputs = len(y.value)
        off, size = b.scratch(y.value.shape), b.scratch(y.value.shape)
        b.forward(np.subtract, y.value, target, out=off)
        b.forward(np.abs, off, out=size)
        b.forward(np.add.reduce, size, axis=0, out=each)
        b.forward(np.multiply, each, b.dtype.type(1 / outputs), out=each)
        if y.grad is not None:
            b.backward(np.sign, off, out=y.grad)
            b.backward(np.multiply, y.grad, b.dtype.type(1 / outputs), out=y.grad)
