"""The hinge loss: right by a margin is enough."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.losses.rule import Loss
from nnstudio.network.layer import Array, Builder, Value


class Hinge(Loss):
    """max(0, 1 − t·y) of a single output with t = ±1 (Cortes and Vapnik 1995).

    With an output per class, max(0, 1 − y_true + y_other) added up over the other classes and divided
    by their number with the true one (Weston and Watkins 1999). Targets are ±1: 1 for the true class.
    """

    def each(self, outputs: Array, targets: Array) -> Array:
        y = np.asarray(outputs, np.float64)
        if len(y) == 1:
            single: Array = np.maximum(0, 1 - targets[0] * y[0])
            return single
        true = (y * (targets > 0)).sum(axis=0)
        found: Array = (np.maximum(0, 1 - true + y) * (targets < 0)).mean(axis=0)
        return found

    def tell(self, b: Builder, y: Value, target: Array, each: Array) -> None:
        if len(y.value) == 1:
            self._tell_single(b, y, target, each)
            return
        shape = y.value.shape
        share = b.dtype.type(1 / shape[0])
        own, short = b.scratch(shape), b.scratch(shape)
        true = b.scratch(shape[1:])
        # From ±1 to 1 and 0.
        b.forward(np.maximum, target, 0, out=own)
        b.forward(np.multiply, y.value, own, out=short)
        b.forward(np.add.reduce, short, axis=0, out=true)
        b.forward(np.subtract, true, 1, out=true)
        b.forward(np.subtract, y.value, true, out=short)
        b.forward(np.maximum, short, 0, out=short)
        # The true class falls short of itself by 1, which does not count.
        b.forward(np.subtract, short, own, out=short)
        b.forward(np.add.reduce, short, axis=0, out=each)
        b.forward(np.multiply, each, share, out=each)
        if y.grad is not None:
            active, count = b.scratch(shape, bool), b.scratch(shape[1:])
            b.backward(np.greater, short, 0, out=active)
            b.backward(np.multiply, active, share, out=y.grad)
            b.backward(np.add.reduce, y.grad, axis=0, out=count)
            b.backward(np.multiply, own, count, out=own)
            b.backward(np.subtract, y.grad, own, out=y.grad)

    @staticmethod
    def _tell_single(b: Builder, y: Value, target: Array, each: Array) -> None:
        short = b.scratch(y.value.shape)
        b.forward(np.multiply, y.value, target, out=short)
        b.forward(np.subtract, 1, short, out=short)
        b.forward(np.maximum, short, 0, out=short)
        b.forward(np.copyto, each, short[0])
        if y.grad is not None:
            active = b.scratch(y.value.shape, bool)
            b.backward(np.greater, short, 0, out=active)
            b.backward(np.multiply, target, active, out=y.grad)
            b.backward(np.negative, y.grad, out=y.grad)
