"""Dropout: some units are silent in each training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnstudio.layers._merging import shape_of
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op
from nnstudio.settings import setting

NUMBERS = 1 << 16
"""What two random bytes can be."""


def rate_setting(default: float, help: str) -> Any:
    """A probability of silence."""
    return setting(default, minimum=0.0, maximum=0.95, label="Drop probability p", help=help)


@layer
@dataclass(frozen=True)
class Dropout(Layer):
    """In training, sets each value to 0 with probability p and multiplies the others by 1/(1 − p).

    The same mask is used backward. At prediction it does nothing, and thanks to the scaling the
    expected values are the same (inverted dropout; Srivastava et al. 2014).
    """

    rate: float = rate_setting(0.5, "The share of values set to 0 in each step.")

    label = "Dropout"
    stem = "dropout"
    category = "reg"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        # Of 2¹⁶ equally probable numbers so many mean silence, which is p to within 8 millionths.
        silent = round(self.rate * NUMBERS)
        if not b.dropping or silent == 0:
            return b.reshaped(x, shape_of(x))
        y = b.overwrite(x)
        mask = b.scratch(x.value.shape)
        bits, kept = b.scratch(x.value.shape, np.uint16), b.scratch(x.value.shape, bool)
        b.forward(b.random_bits(), bits)
        b.forward(np.greater_equal, bits, np.uint16(silent), out=kept)
        b.forward(np.copyto, mask, kept)
        b.forward(np.multiply, mask, b.dtype.type(NUMBERS / (NUMBERS - silent)), out=mask)
        b.forward(np.multiply, x.value, mask, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            b.backward(np.multiply, y.grad, mask, out=dx)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Identity"),)

    def summary(self) -> str:
        return f"p = {self.rate:g}"


Dropout.EXAMPLES = (
    Example(Dropout(rate=0.25), ((4, 3, 2),), (4, 3, 2)),
    Example(Dropout(rate=0.5), ((6,),), (6,)),
)
