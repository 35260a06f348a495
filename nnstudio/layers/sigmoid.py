"""The logistic sigmoid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Sigmoid(Activation):
    """Logistic sigmoid: y = 1/(1 + e⁻ˣ), from 0 to 1. Its slope y·(1 − y) is at most ¼: deep stacks of it stop learning."""

    label = "Sigmoid"
    stem = "sigmoid"
    gives_probability = True

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        logistic(b, x.value, y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            slope = b.scratch(y.value.shape)
            b.backward(np.subtract, 1, y.value, out=slope)
            b.backward(np.multiply, slope, y.value, out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        slope: Array = y * (1 - y)
        return slope

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Sigmoid"),)


def logistic(b: Builder, x: Array, out: Array) -> None:
    """Out = 1/(1 + e⁻ˣ) = (tanh(x/2) + 1)/2, which cannot overflow; ``out`` may be ``x``."""
    b.forward(np.multiply, x, 0.5, out=out)
    b.forward(np.tanh, out, out=out)
    b.forward(np.add, out, 1, out=out)
    b.forward(np.multiply, out, 0.5, out=out)


Sigmoid.EXAMPLES = examples(Sigmoid())
