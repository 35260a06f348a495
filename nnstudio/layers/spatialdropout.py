"""Dropout of whole feature maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._images import check_image
from nnstudio.layers._merging import shape_of
from nnstudio.layers.dropout import NUMBERS, rate_setting
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class SpatialDropout(Layer):
    """In training, sets whole channels of an image to 0 with probability p, and multiplies the others by 1/(1 − p).

    Neighbouring pixels say much the same, so that dropping single ones hides little; a channel that
    is gone altogether must be replaced by others (Tompson et al. 2015).
    """

    rate: float = rate_setting(
        0.2, "The share of channels set to 0 in each step, drawn for each image."
    )

    label = "Spatial dropout"
    stem = "sdrop"
    category = "reg"

    def output_shape(self, *inputs: Shape) -> Shape:
        check_image(self.label, inputs[0])
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        silent = round(self.rate * NUMBERS)
        if not b.dropping or silent == 0:
            return b.reshaped(x, shape_of(x))
        y = b.overwrite(x)
        one_each = (x.value.shape[1], 1, b.batch)
        mask = b.scratch(one_each)
        bits, kept = b.scratch(one_each, np.uint16), b.scratch(one_each, bool)
        b.forward(b.random_bits(), bits)
        b.forward(np.greater_equal, bits, np.uint16(silent), out=kept)
        b.forward(np.multiply, kept, b.dtype.type(NUMBERS / (NUMBERS - silent)), out=mask)
        b.forward(np.multiply, x.value, mask, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            b.backward(np.multiply, y.grad, mask, out=dx)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Identity"),)

    def summary(self) -> str:
        return f"p = {self.rate:g}"


SpatialDropout.EXAMPLES = (
    Example(SpatialDropout(rate=0.25), ((4, 3, 2),), (4, 3, 2)),
    Example(SpatialDropout(rate=0.5), ((2, 2, 5),), (2, 2, 5)),
)
