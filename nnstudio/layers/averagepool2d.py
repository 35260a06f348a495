"""Average pooling: the mean of each window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.layers import _windows
from nnstudio.layers._pooling import COLUMNS, ROWS, Pooling, stride_setting, sum_along
from nnstudio.layers._windows import Axis
from nnstudio.network.layer import Array, Builder, Example, Shape, Value, layer
from nnstudio.network.ops import AttributeValue, Op


@layer
@dataclass(frozen=True)
class AveragePool2D(Pooling):
    """Keeps the mean of each window, channel by channel; it learns nothing.

    The image gets smaller and smoother. Only pixels of the image are counted: where a window reaches
    out of it, the sum is divided by the pixels inside.
    """

    window: tuple[int, int] = _windows.window_setting(
        (2, 2), "Window", "Rows and columns whose mean is kept."
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

    label = "Average pooling"
    stem = "avgpool"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        rows, columns = self.axes((height, width, channels))
        tall = sum_along(b, x, line=rows, axis=ROWS)
        sums = b.then(partial(sum_along, line=columns, axis=COLUMNS), tall)
        share = 1 / np.multiply.outer(_counted(rows), _counted(columns))
        return b.then(partial(_scale, factor=share[:, None, :, None]), sums)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        attributes: dict[str, AttributeValue] = {
            "kernel_shape": self.window,
            "strides": self.stride,
            "pads": _windows.pads_of(*self.axes(inputs[0])),
            "count_include_pad": 0,
        }
        return (Op("AveragePool", attributes=attributes),)


def _counted(axis: Axis) -> Array:
    """How many pixels of the image each window along ``axis`` sees: (outputs,)."""
    counts = np.zeros(axis.outputs)
    for place in range(axis.window):
        seen, _ = axis.seen(place)
        counts[seen] += 1
    return counts


def _scale(b: Builder, x: Value, *, factor: Array) -> Value:
    y = b.overwrite(x)
    shares = b.scratch(factor.shape)
    shares[...] = factor
    b.forward(np.multiply, x.value, shares, out=y.value)
    dx = b.gradient(x)
    if y.grad is not None and dx is not None:
        b.backward(np.multiply, y.grad, shares, out=dx)
    return y


AveragePool2D.EXAMPLES = (
    Example(AveragePool2D(), ((4, 6, 2),), (2, 3, 2)),
    Example(AveragePool2D(), ((5, 7, 3),), (2, 3, 3)),
    Example(AveragePool2D((3, 3), (2, 2)), ((7, 8, 2),), (3, 3, 2)),
    Example(AveragePool2D(padding="same"), ((5, 7, 2),), (3, 4, 2)),
    Example(AveragePool2D((2, 1), (3, 2)), ((8, 6, 1),), (3, 3, 1)),
    # ⌊(6 + 1 + 0 − 3)/2⌋ + 1 and ⌊(5 + 2 + 1 − 3)/2⌋ + 1
    Example(AveragePool2D((3, 3), (2, 2), "explicit", 1, 0, 2, 1), ((6, 5, 2),), (3, 3, 2)),
)
