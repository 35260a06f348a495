"""From an image to a vector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Flatten(Layer):
    """Lays all values of the image out in one row, so that a dense layer can read them.

    The order is channel by channel, each row by row. A vector passes unchanged.
    """

    label = "Flatten"
    stem = "flatten"
    category = "shape"

    def output_shape(self, *inputs: Shape) -> Shape:
        return (int(np.prod(inputs[0])),)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if x.value.ndim == 2:
            return b.reshaped(x, x.value.shape[:-1])
        height, channels, width, _ = x.value.shape
        size = height * channels * width
        if channels == 1 or height == 1:
            return b.reshaped(x, (size,))
        y = b.new((size,))
        by_channel = (channels, height, width, b.batch)
        b.forward(np.copyto, y.value.reshape(by_channel), x.value.transpose(1, 0, 2, 3))
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            b.backward(np.copyto, dx.transpose(1, 0, 2, 3), y.grad.reshape(by_channel))
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Flatten", attributes={"axis": 1}),)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        (size,) = self.output_shape(*inputs)
        return (f"{'·'.join(str(s) for s in inputs[0])} = {size}",)


Flatten.EXAMPLES = (
    Example(Flatten(), ((3, 2, 4),), (24,)),
    Example(Flatten(), ((3, 2, 1),), (6,)),
    Example(Flatten(), ((5,),), (5,)),
)
