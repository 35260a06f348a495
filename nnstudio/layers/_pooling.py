"""What the pooling layers share: their shape rule, and maxima and sums along one axis after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnstudio.layers._images import changing, check_image
from nnstudio.layers._windows import EXPLICIT, Axis, Pair, Sliding, pads_of
from nnstudio.network import edits
from nnstudio.network.layer import Array, Builder, Layer, Shape, Value, shape_text
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.settings import setting
from nnstudio.text import Text

ROWS, COLUMNS = 0, 2
"""Their places in (H, C, W, N)."""


def stride_setting() -> Any:
    """How far a pooling window moves: as far as it is wide, if not given."""
    return setting(
        (2, 2),
        pair=True,
        minimum=1,
        maximum=63,
        unit="px",
        label="Stride",
        help="How far the window moves between two outputs; as far as it is wide, if not given.",
        follows="window",
    )


class Pooling(Layer):
    """A layer that makes one number of each window, channel by channel, and learns nothing."""

    category = "pool"

    window: Pair
    stride: Pair
    padding: str
    top: int
    bottom: int
    left: int
    right: int

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """Rows and columns of an image (H, W, C)."""
        sides = (self.top, self.bottom, self.left, self.right)
        return Sliding(self.window, self.stride, self.padding, sides).along(shape)

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        rows, columns = self.axes(shape)
        if rows.outputs < 1 or columns.outputs < 1:
            raise self._too_large(shape)
        for axis in (rows, columns):
            if max(axis.before, axis.after) >= axis.window:
                raise self._sees_nothing(axis)
        return rows.outputs, columns.outputs, shape[2]

    def _too_large(self, shape: Shape) -> ShapeError:
        fitting = tuple(min(k, size) for k, size in zip(self.window, shape, strict=False))
        return ShapeError(
            Text("The pooling window is larger than the image."),
            Text("{window} > {size}.", window=shape_text(self.window), size=shape_text(shape[:2])),
            Mend(Text("Use window {window}", window=shape_text(fitting)), changing(window=fitting)),
            Mend(Text("Remove this layer"), edits.remove),
            label=f"{shape_text(shape[:2])} < {shape_text(self.window)}",
        )

    def _sees_nothing(self, axis: Axis) -> ShapeError:
        padding = max(axis.before, axis.after)
        sides = {name: getattr(self, name) for name in ("top", "bottom", "left", "right")}
        most = {"top": 0, "bottom": 0, "left": 1, "right": 1}
        less = {name: min(n, self.window[most[name]] - 1) for name, n in sides.items()}
        return ShapeError(
            Text(
                "Padding of {padding} is not smaller than the window of {window}.",
                padding=padding,
                window=axis.window,
            ),
            Text("A window would see nothing of the image."),
            Mend(Text("Pad less"), changing(**less)),
            Mend(Text("Set padding to same"), changing(padding="same")),
            label=f"{padding} ≥ {axis.window}",
        )

    def summary(self) -> str:
        words = [shape_text(self.window), f"stride {shape_text(self.stride)}"]
        if self.padding == EXPLICIT:
            words.append(f"padding {self.top}, {self.bottom}, {self.left}, {self.right}")
        elif self.padding != "valid":
            words.append(self.padding)
        return ", ".join(words)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        rows, columns = self.axes(inputs[0])
        padded = any(pads_of(rows, columns))
        return rows.formula("H", padded=padded), columns.formula("W", padded=padded)


def at(array: Array, which: slice, axis: int) -> Array:
    """``array`` with a slice along one axis."""
    return array[which] if axis == ROWS else array[:, :, which]


def maximum_along(b: Builder, x: Value, *, line: Axis, axis: int) -> Value:
    """The largest value of each window along one axis of ``x``, (H, C, W, N).

    The gradient goes to the first of equal ones. A mask for each place in the window says where it
    beat all before it; backward, the last place takes its share first. Padding never wins.
    """
    y = _shortened(b, x, line, axis)
    dx = b.gradient(x)
    rounds: list[tuple[slice, slice, Array | None]] = []
    for place in range(line.window):
        seen, pixels = line.seen(place)
        if seen.stop == seen.start:
            continue
        source, target = at(x.value, pixels, axis), at(y.value, seen, axis)
        if not rounds and seen == slice(0, line.outputs):
            b.forward(np.copyto, target, source)
            rounds.append((seen, pixels, None))
            continue
        if not rounds:
            b.forward(y.value.fill, -np.inf)
        won = None
        if dx is not None:
            won = b.scratch(target.shape, bool)
            b.forward(np.greater, source, target, out=won)
        b.forward(np.maximum, source, target, out=target)
        rounds.append((seen, pixels, won))
    if dx is not None and y.grad is not None:
        _share_out(b, y.grad, dx, rounds, axis)
    return y


def _share_out(
    b: Builder,
    dy: Array,
    dx: Array,
    rounds: list[tuple[slice, slice, Array | None]],
    axis: int,
) -> None:
    left, part = b.scratch(dy.shape), b.scratch(dy.shape)
    b.backward(dx.fill, 0)
    b.backward(np.copyto, left, dy)
    for seen, pixels, won in reversed(rounds):
        rest, target, share = at(left, seen, axis), at(dx, pixels, axis), at(part, seen, axis)
        if won is None:
            b.backward(np.add, target, rest, out=target)
        else:
            b.backward(np.multiply, rest, won, out=share)
            b.backward(np.subtract, rest, share, out=rest)
            b.backward(np.add, target, share, out=target)


def sum_along(b: Builder, x: Value, *, line: Axis, axis: int) -> Value:
    """The sum of each window along one axis of ``x``, (H, C, W, N)."""
    y = _shortened(b, x, line, axis)
    dx = b.gradient(x)
    b.forward(y.value.fill, 0)
    if dx is not None:
        b.backward(dx.fill, 0)
    for place in range(line.window):
        seen, pixels = line.seen(place)
        if seen.stop == seen.start:
            continue
        target = at(y.value, seen, axis)
        b.forward(np.add, target, at(x.value, pixels, axis), out=target)
        if dx is not None and y.grad is not None:
            into = at(dx, pixels, axis)
            b.backward(np.add, into, at(y.grad, seen, axis), out=into)
    return y


def _shortened(b: Builder, x: Value, line: Axis, axis: int) -> Value:
    height, channels, width, _ = x.value.shape
    if axis == ROWS:
        return b.new((line.outputs, width, channels))
    return b.new((height, line.outputs, channels))
