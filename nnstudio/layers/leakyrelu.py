"""ReLU with a slope on the negative side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op
from nnstudio.settings import setting


@layer
@dataclass(frozen=True)
class LeakyReLU(Activation):
    """ReLU that lets a little through: y = x for x > 0, else α·x. No unit dies, as its slope is never 0.

    From Maas, Hannun and Ng 2013.
    """

    alpha: float = setting(
        0.01,
        minimum=0.0,
        maximum=0.99,
        label="Slope α",
        help="The slope where x is negative; 0 makes it ReLU.",
    )

    label = "Leaky ReLU"
    stem = "leaky"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        small = b.scratch(x.value.shape)
        b.forward(np.multiply, x.value, self.alpha, out=small)
        b.forward(np.maximum, x.value, small, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            positive = b.scratch(y.value.shape, bool)
            b.backward(np.greater, y.value, 0, out=positive)
            b.backward(small.fill, self.alpha)
            b.backward(np.copyto, small, 1, where=positive)
            b.backward(np.multiply, y.grad, small, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return np.where(y > 0, 1, self.alpha)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("LeakyRelu", attributes={"alpha": self.alpha}),)

    def summary(self) -> str:
        return f"α = {self.alpha:g}"


LeakyReLU.EXAMPLES = examples(LeakyReLU(), LeakyReLU(0.2))
