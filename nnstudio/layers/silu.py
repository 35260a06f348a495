"""The sigmoid linear unit, also called swish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.layers.sigmoid import logistic
from nnstudio.network.layer import Builder, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class SiLU(Activation):
    """Sigmoid linear unit (swish): y = x·σ(x). Like a smooth ReLU that dips a little below 0 first.

    From Elfwing, Uchibe and Doya 2018; Ramachandran, Zoph and Le 2017.
    """

    label = "SiLU"
    stem = "silu"
    monotone = False

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        sigma = b.scratch(x.value.shape)
        logistic(b, x.value, sigma)
        b.forward(np.multiply, x.value, sigma, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            # The slope σ + x·σ·(1 − σ) is σ + y·(1 − σ).
            slope = b.scratch(y.value.shape)
            b.backward(np.subtract, 1, sigma, out=slope)
            b.backward(np.multiply, slope, y.value, out=slope)
            b.backward(np.add, slope, sigma, out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return Op("Sigmoid", output="sigma"), Op("Mul", ("input", "sigma"))


SiLU.EXAMPLES = examples(SiLU())
