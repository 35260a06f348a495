"""Global max pooling: the largest value of each feature map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nnstudio.layers._images import check_image
from nnstudio.layers._pooling import COLUMNS, ROWS, maximum_along
from nnstudio.layers._windows import Axis
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class GlobalMaxPool(Layer):
    """The largest value of each feature map: an image H×W×C becomes a vector of C numbers.

    It says whether a feature was found anywhere, and learns nothing. The gradient goes to the
    largest value; of equal ones to the leftmost, and in its column to the topmost.
    """

    label = "Global max pooling"
    stem = "gmp"
    category = "pool"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        return (shape[2],)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        row = maximum_along(b, x, line=Axis(height, height), axis=ROWS)
        pixel = b.then(partial(maximum_along, line=Axis(width, width), axis=COLUMNS), row)
        return b.reshaped(pixel, (channels,))

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (
            Op("GlobalMaxPool", output="largest"),
            Op("Flatten", ("largest",), attributes={"axis": 1}),
        )

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        height, width, channels = inputs[0]
        return (f"{height}×{width}×{channels} → 1×1×{channels} → {channels}",)


GlobalMaxPool.EXAMPLES = (
    Example(GlobalMaxPool(), ((3, 4, 5),), (5,)),
    Example(GlobalMaxPool(), ((1, 2, 2),), (2,)),
)
