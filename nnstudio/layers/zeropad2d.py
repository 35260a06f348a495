"""A border of zeros around an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnstudio.layers._images import check_image
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op
from nnstudio.settings import setting


def _side(label: str, help: str) -> Any:
    return setting(1, minimum=0, maximum=63, unit="px", label=label, help=help)


@layer
@dataclass(frozen=True)
class ZeroPad2D(Layer):
    """Surrounds the image with zeros, as many on each side as given, and learns nothing."""

    top: int = _side("Top", "Rows of zeros above the image.")
    bottom: int = _side("Bottom", "Rows of zeros below the image.")
    left: int = _side("Left", "Columns of zeros left of the image.")
    right: int = _side("Right", "Columns of zeros right of the image.")

    label = "Zero padding"
    stem = "pad"
    category = "shape"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        height, width, channels = shape
        return height + self.top + self.bottom, width + self.left + self.right, channels

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        # Kept: nothing behind may write into the zeros, which are written only once.
        y = b.new(self.output_shape((height, width, channels)), kept=True)
        rows = slice(self.top, self.top + height)
        columns = slice(self.left, self.left + width)
        b.forward(np.copyto, y.value[rows, :, columns], x.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            b.backward(np.copyto, dx, y.grad[rows, :, columns])
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        pads = (0, 0, self.top, self.left, 0, 0, self.bottom, self.right)
        return (Op("Pad", ("input", "pads"), constants={"pads": pads}),)

    def summary(self) -> str:
        return f"{self.top}, {self.bottom}, {self.left}, {self.right}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        height, width, _ = self.output_shape(*inputs)
        return (
            f"H = {inputs[0][0]} + {self.top} + {self.bottom} = {height}",
            f"W = {inputs[0][1]} + {self.left} + {self.right} = {width}",
        )


ZeroPad2D.EXAMPLES = (
    Example(ZeroPad2D(), ((3, 4, 2),), (5, 6, 2)),
    Example(ZeroPad2D(top=0, bottom=2, left=3, right=0), ((2, 3, 1),), (4, 6, 1)),
    Example(ZeroPad2D(0, 0, 0, 0), ((2, 3, 2),), (2, 3, 2)),
)
