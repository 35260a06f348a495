"""Sigmoid and cross-entropy: for yes or no, of one thing or of several."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.losses.rule import Loss
from nnstudio.network.layer import Array, Builder, Value


class BinaryCrossEntropy(Loss):
    """−t·ln σ(z) − (1 − t)·ln(1 − σ(z)), the mean over the outputs; its gradient is (σ(z) − t)/K.

    A single output is the probability of the second of two classes; with one output per class each
    says yes or no for itself. Computed as ln(1 + eᶻ) − t·z, which cannot overflow.
    """

    def each(self, outputs: Array, targets: Array) -> Array:
        z = np.asarray(outputs, np.float64)
        found: Array = (np.logaddexp(0, z) - targets * z).mean(axis=0)
        return found

    def tell(self, b: Builder, y: Value, target: Array, each: Array) -> None:
        outputs, batch = y.value.shape
        share = b.dtype.type(1 / outputs)
        rest, part = (b.scratch((outputs, batch)) for _ in range(2))
        # max(z, 0) + ln(1 + e^−|z|) − t·z
        b.forward(np.abs, y.value, out=rest)
        b.forward(np.negative, rest, out=rest)
        b.forward(np.exp, rest, out=rest)
        b.forward(np.log1p, rest, out=rest)
        b.forward(np.maximum, y.value, 0, out=part)
        b.forward(np.add, rest, part, out=rest)
        b.forward(np.multiply, y.value, target, out=part)
        b.forward(np.subtract, rest, part, out=rest)
        b.forward(np.add.reduce, rest, axis=0, out=each)
        b.forward(np.multiply, each, share, out=each)
        if y.grad is not None:
            # σ(z) = (tanh(z/2) + 1)/2
            b.backward(np.multiply, y.value, 0.5, out=y.grad)
            b.backward(np.tanh, y.grad, out=y.grad)
            b.backward(np.add, y.grad, 1, out=y.grad)
            b.backward(np.multiply, y.grad, 0.5, out=y.grad)
            b.backward(np.subtract, y.grad, target, out=y.grad)
            b.backward(np.multiply, y.grad, share, out=y.grad)
