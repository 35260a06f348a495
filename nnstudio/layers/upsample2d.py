"""A larger image from a smaller one, by repeating or by blending pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.layers._images import check_image
from nnstudio.network.layer import Array, Builder, Example, Layer, Shape, Value, layer, shape_text
from nnstudio.network.ops import Op
from nnstudio.settings import setting

NEAREST, BILINEAR = "nearest", "bilinear"
_ROWS, _COLUMNS = 0, 2


@layer
@dataclass(frozen=True)
class Upsample2D(Layer):
    """Makes each image larger by a whole factor; it learns nothing.

    nearest repeats each pixel. bilinear takes output pixel i of an axis from the place
    (i + ½)/factor − ½ of the input: between the two pixels there, each weighted by how near it is;
    at the border the outermost pixel is repeated.
    """

    factor: tuple[int, int] = setting(
        (2, 2),
        pair=True,
        minimum=1,
        maximum=16,
        label="Factor",
        help="How many times as many rows and columns come out.",
    )
    method: str = setting(
        NEAREST,
        choices=((NEAREST, "nearest"), (BILINEAR, "bilinear")),
        label="Method",
        help="nearest: every pixel is repeated. bilinear: in between, neighbours are blended.",
    )

    label = "Upsampling"
    stem = "up"
    category = "shape"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        return shape[0] * self.factor[0], shape[1] * self.factor[1], shape[2]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        along = _blend if self.method == BILINEAR else _repeat
        # Columns first, on the fewer rows.
        wide = along(b, x, factor=self.factor[1], axis=_COLUMNS)
        return b.then(partial(along, factor=self.factor[0], axis=_ROWS), wide)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        if self.method == BILINEAR:
            how = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        else:
            how = {
                "mode": "nearest",
                "coordinate_transformation_mode": "asymmetric",
                "nearest_mode": "floor",
            }
        scales = (1.0, 1.0, float(self.factor[0]), float(self.factor[1]))
        inner = ("input", "", "scales")
        return (Op("Resize", inner, attributes=dict(how), constants={"scales": scales}),)

    def summary(self) -> str:
        return f"{shape_text(self.factor)}, {self.method}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        shape = self.output_shape(*inputs)
        return tuple(
            f"{name} = {self.factor[a]}·{inputs[0][a]} = {shape[a]}" for a, name in enumerate("HW")
        )


def _longer(b: Builder, x: Value, factor: int, axis: int) -> Value:
    height, channels, width, _ = x.value.shape
    if axis == _ROWS:
        return b.new((height * factor, width, channels))
    return b.new((height, width * factor, channels))


def _every(array: Array, factor: int, first: int, axis: int) -> Array:
    """Each ``factor``-th row or column, beginning with ``first``."""
    return array[first::factor] if axis == _ROWS else array[:, :, first::factor]


def _repeat(b: Builder, x: Value, *, factor: int, axis: int) -> Value:
    """Every row or column ``factor`` times."""
    y = _longer(b, x, factor, axis)
    for place in range(factor):
        b.forward(np.copyto, _every(y.value, factor, place, axis), x.value)
    dx = b.gradient(x)
    if y.grad is not None and dx is not None:
        b.backward(np.copyto, dx, _every(y.grad, factor, 0, axis))
        for place in range(1, factor):
            b.backward(np.add, dx, _every(y.grad, factor, place, axis), out=dx)
    return y


def _blend(b: Builder, x: Value, *, factor: int, axis: int) -> Value:
    """Outputs between two neighbours, each with its nearness as weight.

    Outputs of the same place within their pixel share one weight, so each place is a few calls.
    """
    y = _longer(b, x, factor, axis)
    size = x.value.shape[axis]
    dx = b.gradient(x)
    part = b.scratch(x.value.shape)
    if dx is not None:
        b.backward(dx.fill, 0)
    for place in range(factor):
        offset = (place + 0.5) / factor - 0.5
        far = abs(offset)
        outputs = _every(y.value, factor, place, axis)
        b.forward(np.multiply, x.value, b.dtype.type(1 - far), out=outputs)
        pieces = _neighbours(size, backwards=offset < 0) if far else ()
        for own, other in pieces:
            target, share = _along(outputs, own, axis), _along(part, own, axis)
            b.forward(np.multiply, _along(x.value, other, axis), b.dtype.type(far), out=share)
            b.forward(np.add, target, share, out=target)
        if dx is None or y.grad is None:
            continue
        given = _every(y.grad, factor, place, axis)
        b.backward(np.multiply, given, b.dtype.type(1 - far), out=part)
        b.backward(np.add, dx, part, out=dx)
        for own, other in pieces:
            target, share = _along(dx, other, axis), _along(part, own, axis)
            b.backward(np.multiply, _along(given, own, axis), b.dtype.type(far), out=share)
            b.backward(np.add, target, share, out=target)
    return y


def _neighbours(size: int, *, backwards: bool) -> tuple[tuple[slice, slice], ...]:
    """(pixels, the neighbours that they are blended with); the outermost has itself."""
    if backwards:
        return (slice(1, size), slice(0, size - 1)), (slice(0, 1), slice(0, 1))
    return (slice(0, size - 1), slice(1, size)), (slice(size - 1, size), slice(size - 1, size))


def _along(array: Array, which: slice, axis: int) -> Array:
    return array[which] if axis == _ROWS else array[:, :, which]


Upsample2D.EXAMPLES = (
    Example(Upsample2D(), ((2, 3, 2),), (4, 6, 2)),
    Example(Upsample2D((3, 1)), ((2, 3, 1),), (6, 3, 1)),
    Example(Upsample2D(method="bilinear"), ((3, 4, 2),), (6, 8, 2)),
    Example(Upsample2D((3, 4), "bilinear"), ((2, 1, 1),), (6, 4, 1)),
)
