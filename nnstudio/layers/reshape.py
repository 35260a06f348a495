"""The same numbers as an image of other rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._images import changing
from nnstudio.network import edits
from nnstudio.network.layer import Array, Builder, Example, Layer, Shape, Value, layer, shape_text
from nnstudio.network.ops import Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.settings import setting
from nnstudio.text import Text


@layer
@dataclass(frozen=True)
class Reshape(Layer):
    """Lays the same numbers out as an image of the rows and columns given; it learns nothing.

    As many channels come out as the numbers fill. The order is that of Flatten: channel by channel,
    each row by row, so that Flatten behind Reshape gives the numbers back as they came. It makes
    an image of a dense layer's answer, for an upsampling network say.
    """

    rows: int = setting(
        7, minimum=1, maximum=4096, label="Rows", help="Rows of the image that comes out."
    )
    columns: int = setting(
        7, minimum=1, maximum=4096, label="Columns", help="Columns of the image that comes out."
    )

    label = "Reshape"
    stem = "reshape"
    category = "shape"

    def output_shape(self, *inputs: Shape) -> Shape:
        size = int(np.prod(inputs[0]))
        pixels = self.rows * self.columns
        if size % pixels:
            found: tuple[Mend, ...] = (Mend(Text("Remove this layer"), edits.remove),)
            side = _square(size)
            if side > 1:
                fitting = Mend(
                    Text("Set {rows} rows and {rows} columns", rows=side),
                    changing(rows=side, columns=side),
                )
                found = (fitting, *found)
            raise ShapeError(
                Text(
                    "{size} numbers do not fill an image of {rows}×{columns} pixels evenly.",
                    size=size,
                    rows=self.rows,
                    columns=self.columns,
                ),
                Text("Each channel holds rows × columns numbers, and none may be left over."),
                *found,
                label=f"{size} ≠ n·{pixels}",
            )
        return self.rows, self.columns, size // pixels

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        size = int(np.prod(x.value.shape[:-1]))
        channels = size // (self.rows * self.columns)
        y = b.new((self.rows, self.columns, channels))
        row_by_row = b.scratch((size, b.batch)) if x.value.ndim == 4 else x.value
        image = (channels, self.rows, self.columns, b.batch)
        if x.value.ndim == 4:
            b.forward(np.copyto, _by_channel(row_by_row, x.value), x.value.transpose(1, 0, 2, 3))
        b.forward(np.copyto, y.value, row_by_row.reshape(image).transpose(1, 0, 2, 3))
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            back = row_by_row if x.value.ndim == 4 else dx
            b.backward(np.copyto, back.reshape(image), y.grad.transpose(1, 0, 2, 3))
            if x.value.ndim == 4:
                b.backward(np.copyto, dx.transpose(1, 0, 2, 3), _by_channel(back, x.value))
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        height, width, channels = self.output_shape(*inputs)
        return (
            Op("Reshape", ("input", "shape"), constants={"shape": (-1, channels, height, width)}),
        )

    def summary(self) -> str:
        return shape_text((self.rows, self.columns))

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        size = int(np.prod(inputs[0]))
        channels = self.output_shape(*inputs)[2]
        return (f"C = {size}/({self.rows}·{self.columns}) = {channels}",)


def _by_channel(flat: Array, image: Array) -> Array:
    """``flat`` (features, N) seen as (C, H, W, N), for an ``image`` (H, C, W, N)."""
    height, channels, width, batch = image.shape
    return flat.reshape(channels, height, width, batch)


def _square(size: int) -> int:
    """The largest side, up to 64, of a square image that ``size`` numbers fill evenly."""
    return max(side for side in range(1, 65) if size % (side * side) == 0)


Reshape.EXAMPLES = (
    Example(Reshape(2, 3), ((24,),), (2, 3, 4)),
    Example(Reshape(2, 6), ((3, 4, 2),), (2, 6, 2)),
    Example(Reshape(3, 1), ((3,),), (3, 1, 1)),
)
