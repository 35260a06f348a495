"""Global average pooling: the mean of each feature map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._images import check_image
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class GlobalAveragePool(Layer):
    """The mean of each feature map: an image H×W×C becomes a vector of C numbers.

    It takes the place of Flatten and large dense layers, has no weights, and fits images of any size
    (Lin, Chen and Yan 2014).
    """

    label = "Global average pooling"
    stem = "gap"
    category = "pool"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        return (shape[2],)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        y = b.new((channels,))
        # Rows first: their sums run over memory in one piece.
        sums = b.scratch(x.value.shape[1:])
        b.forward(np.add.reduce, x.value, axis=0, out=sums)
        b.forward(np.add.reduce, sums, axis=1, out=y.value)
        share = b.dtype.type(1 / (height * width))
        b.forward(np.multiply, y.value, share, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            part = b.scratch((channels, 1, b.batch))
            b.backward(np.multiply, y.grad[:, None], share, out=part)
            b.backward(np.copyto, dx, part)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (
            Op("GlobalAveragePool", output="means"),
            Op("Flatten", ("means",), attributes={"axis": 1}),
        )

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        height, width, channels = inputs[0]
        return (f"{height}×{width}×{channels} → 1×1×{channels} → {channels}",)


GlobalAveragePool.EXAMPLES = (
    Example(GlobalAveragePool(), ((3, 4, 5),), (5,)),
    Example(GlobalAveragePool(), ((1, 1, 2),), (2,)),
)
