"""Max pooling: the largest value of each window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.layers import _windows
from nnstudio.layers._pooling import COLUMNS, ROWS, Pooling, maximum_along, stride_setting
from nnstudio.network.layer import Builder, Example, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class MaxPool2D(Pooling):
    """Keeps the largest value of each window, channel by channel; it learns nothing.

    The image gets smaller, and what was found matters more than exactly where. Rows and columns
    that fill no whole window are left out; padding is never the largest. The gradient goes to the
    value that was the largest; of equal ones to the leftmost, and in its column to the topmost.
    """

    window: tuple[int, int] = _windows.window_setting(
        (2, 2), "Window", "Rows and columns of which the largest value is kept."
    )
    stride: tuple[int, int] = stride_setting()
    padding: str = _windows.padding_setting(
        "valid: the window stays inside the image. same: it also starts where it is not filled."
        " explicit: it may reach out on each side as far as given."
    )
    top: int = _windows.side_setting("Top")
    bottom: int = _windows.side_setting("Bottom")
    left: int = _windows.side_setting("Left")
    right: int = _windows.side_setting("Right")

    label = "Max pooling"
    stem = "pool"
    takes_maximum = True

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        rows, columns = self.axes((height, width, channels))
        padded = any(_windows.pads_of(rows, columns))
        if self.window == self.stride == (2, 2) and not padded:
            y = b.new((rows.outputs, columns.outputs, channels))
            self._emit_halving(b, x, y)
            return y
        tall = maximum_along(b, x, line=rows, axis=ROWS)
        return b.then(partial(maximum_along, line=columns, axis=COLUMNS), tall)

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

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        pads = _windows.pads_of(*self.axes(inputs[0]))
        attributes = {"kernel_shape": self.window, "strides": self.stride, "pads": pads}
        return (Op("MaxPool", attributes=dict(attributes)),)


MaxPool2D.EXAMPLES = (
    Example(MaxPool2D(), ((4, 6, 2),), (2, 3, 2)),
    Example(MaxPool2D(), ((5, 7, 3),), (2, 3, 3)),
    Example(MaxPool2D(window=(3, 3), stride=(2, 2)), ((7, 8, 2),), (3, 3, 2)),
    Example(MaxPool2D(window=(3, 2), stride=(3, 2)), ((6, 5, 1),), (2, 2, 1)),
    # ⌈5/2⌉ and ⌈7/2⌉: the last windows see one row or column only.
    Example(MaxPool2D(padding="same"), ((5, 7, 2),), (3, 4, 2)),
    Example(MaxPool2D((3, 3), (1, 1), "same"), ((4, 5, 2),), (4, 5, 2)),
    Example(MaxPool2D((2, 1), (3, 2)), ((8, 6, 1),), (3, 3, 1)),
    # ⌊(6 + 1 + 0 − 3)/2⌋ + 1 and ⌊(5 + 2 + 1 − 3)/2⌋ + 1
    Example(MaxPool2D((3, 3), (2, 2), "explicit", 1, 0, 2, 1), ((6, 5, 2),), (3, 3, 2)),
)
