"""Dropout: some units are silent in each training step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op
from nnstudio.settings import setting

NUMBERS = 1 << 16
"""What two random bytes can be."""


@layer
@dataclass(frozen=True)
class Dropout(Layer):
    """In training, sets each value to 0 with probability p and multiplies the others by 1/(1 − p).

    The same mask is used backward. At prediction it does nothing, and thanks to the scaling the
    expected values are the same (inverted dropout; Srivastava et al. 2014).
    """

    rate: float = setting(
        0.5,
        minimum=0.0,
        maximum=0.95,
        label="Drop probability p",
        help="The share of values set to 0 in each step.",
    )

    label = "Dropout"
    stem = "dropout"
    category = "reg"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if not b.dropping or self.rate == 0:
            return b.reshaped(x, _without_batch(x))
        y = b.overwrite(x)
        mask = b.scratch(x.value.shape)
        bits, kept = b.scratch(x.value.shape, np.uint16), b.scratch(x.value.shape, bool)
        # Of 2¹⁶ equally probable numbers so many mean silence, which is p to within 8 millionths.
        silent = round(self.rate * NUMBERS)
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


def _without_batch(x: Value) -> Shape:
    if x.value.ndim == 2:
        return (x.value.shape[0],)
    height, channels, width, _ = x.value.shape
    return height, width, channels


Dropout.EXAMPLES = (
    Example(Dropout(rate=0.25), ((4, 3, 2),), (4, 3, 2)),
    Example(Dropout(rate=0.5), ((6,),), (6,)),
)
