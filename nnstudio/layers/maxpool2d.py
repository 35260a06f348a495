"""Max pooling: the largest value of each window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np

from nnstudio.layers import _windows
from nnstudio.network import edits
from nnstudio.network.layer import Array, Builder, Example, Layer, Shape, Value, layer, shape_text
from nnstudio.network.ops import Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.network.spec import NetworkSpec
from nnstudio.settings import setting
from nnstudio.text import Text


@layer
@dataclass(frozen=True)
class MaxPool2D(Layer):
    """Keeps the largest value of each window, channel by channel; it learns nothing.

    The image gets smaller, and what was found matters more than exactly where. Rows and columns
    that fill no whole window are left out. The gradient goes to the value that was the largest,
    to the first one where several are equal.
    """

    window: tuple[int, int] = setting(
        (2, 2),
        pair=True,
        minimum=1,
        maximum=63,
        unit="px",
        label="Window",
        help="Rows and columns of which the largest value is kept.",
    )
    stride: tuple[int, int] = setting(
        (2, 2),
        pair=True,
        minimum=1,
        maximum=63,
        unit="px",
        label="Stride",
        help="How far the window moves between two outputs; as far as it is wide, if not given.",
        follows="window",
    )

    label = "Max pooling"
    stem = "pool"
    category = "pool"
    takes_maximum = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 3:
            raise ShapeError(
                Text(
                    "Max pooling needs an image, but {given} numbers arrive.",
                    given=shape_text(shape),
                ),
                Text("After Flatten there are no rows and columns left to pool."),
                Mend(Text("Remove this layer"), edits.remove),
                label=f"{shape_text(shape)} ≠ H×W×C",
            )
        if self.window[0] > shape[0] or self.window[1] > shape[1]:
            fitting = tuple(min(k, size) for k, size in zip(self.window, shape, strict=False))
            raise ShapeError(
                Text("The pooling window is larger than the image."),
                Text(
                    "{window} > {size}.", window=shape_text(self.window), size=shape_text(shape[:2])
                ),
                Mend(
                    Text("Use window {window}", window=shape_text(fitting)),
                    partial(_set_window, window=fitting),
                ),
                Mend(Text("Remove this layer"), edits.remove),
                label=f"{shape_text(shape[:2])} < {shape_text(self.window)}",
            )
        height, width = (
            _windows.outputs_of(shape[a], self.window[a], self.stride[a], (0, 0)) for a in (0, 1)
        )
        return height, width, shape[2]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        shape = self.output_shape((height, width, channels))
        y = b.new(shape)
        if self.window == self.stride == (2, 2):
            self._emit_halving(b, x, y)
        else:
            self._emit_sliding(b, x, y)
        return y

    def _emit_halving(self, b: Builder, x: Value, y: Value) -> None:
        """Two knock-out rounds, rows then columns; the mask of a round says where the second won."""
        rows, _, columns, _ = y.value.shape
        upper, lower = x.value[0 : 2 * rows : 2], x.value[1 : 2 * rows : 2]
        taller = b.scratch(upper.shape)
        left, right = taller[:, :, 0 : 2 * columns : 2], taller[:, :, 1 : 2 * columns : 2]
        b.forward(np.maximum, upper, lower, out=taller)
        b.forward(np.maximum, left, right, out=y.value)
        dx = b.gradient(x)
        if dx is None or y.grad is None:
            return
        lower_won = b.scratch(upper.shape, bool)
        right_won = b.scratch(y.value.shape, bool)
        b.forward(np.greater, lower, upper, out=lower_won)
        b.forward(np.greater, right, left, out=right_won)
        d_taller = b.scratch(upper.shape)
        d_left, d_right = d_taller[:, :, 0 : 2 * columns : 2], d_taller[:, :, 1 : 2 * columns : 2]
        b.backward(np.multiply, y.grad, right_won, out=d_right)
        b.backward(np.subtract, y.grad, d_right, out=d_left)
        d_upper, d_lower = dx[0 : 2 * rows : 2], dx[1 : 2 * rows : 2]
        if dx.shape[0] > 2 * rows:
            b.backward(dx[2 * rows :].fill, 0)
        b.backward(np.multiply, d_taller, lower_won, out=d_lower)
        b.backward(np.subtract, d_taller, d_lower, out=d_upper)

    def _emit_sliding(self, b: Builder, x: Value, y: Value) -> None:
        """Any window and stride: a running maximum, and in a byte each the place of the winner."""
        shifts = [self._shift(x.value, y.value, i, j) for i, j in product(*map(range, self.window))]
        won = b.scratch(y.value.shape, bool)
        winner = b.scratch(y.value.shape, np.int16)
        b.forward(np.copyto, y.value, shifts[0])
        b.forward(winner.fill, 0)
        for place, shift in enumerate(shifts[1:], start=1):
            b.forward(np.greater, shift, y.value, out=won)
            b.forward(np.copyto, winner, place, where=won)
            b.forward(np.maximum, shift, y.value, out=y.value)
        dx = b.gradient(x)
        if dx is None or y.grad is None:
            return
        part = b.scratch(y.value.shape)
        b.backward(dx.fill, 0)
        for place, (i, j) in enumerate(product(*map(range, self.window))):
            target = self._shift(dx, y.value, i, j)
            b.backward(np.equal, winner, place, out=won)
            b.backward(np.multiply, y.grad, won, out=part)
            b.backward(np.add, target, part, out=target)

    def _shift(self, x: Array, y: Array, i: int, j: int) -> Array:
        """What each window holds at its place (i, j): the shape of ``y``."""
        rows = slice(i, i + (y.shape[0] - 1) * self.stride[0] + 1, self.stride[0])
        columns = slice(j, j + (y.shape[2] - 1) * self.stride[1] + 1, self.stride[1])
        return x[rows, :, columns]

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("MaxPool", attributes={"kernel_shape": self.window, "strides": self.stride}),)

    def summary(self) -> str:
        return f"{shape_text(self.window)}, stride {shape_text(self.stride)}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        shape = self.output_shape(*inputs)
        return tuple(
            f"{name} = ⌊({inputs[0][a]} − {self.window[a]})/{self.stride[a]}⌋ + 1 = {shape[a]}"
            for a, name in enumerate("HW")
        )


def _set_window(spec: NetworkSpec, node_id: str, window: tuple[int, ...]) -> NetworkSpec:
    return edits.change_settings(spec, node_id, window=window)


MaxPool2D.EXAMPLES = (
    Example(MaxPool2D(), ((4, 6, 2),), (2, 3, 2)),
    Example(MaxPool2D(), ((5, 7, 3),), (2, 3, 3)),
    Example(MaxPool2D(window=(3, 3), stride=(2, 2)), ((7, 8, 2),), (3, 3, 2)),
    Example(MaxPool2D(window=(3, 2), stride=(3, 2)), ((6, 5, 1),), (2, 2, 1)),
)
