"""An image without its border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnstudio.layers._images import changing, check_image
from nnstudio.network import edits
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer, shape_text
from nnstudio.network.ops import Constant, Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.settings import setting
from nnstudio.text import Text


def _side(label: str, help: str) -> Any:
    return setting(1, minimum=0, maximum=4096, unit="px", label=label, help=help)


@layer
@dataclass(frozen=True)
class Crop2D(Layer):
    """Cuts off the border of the image, as much on each side as given, and learns nothing."""

    top: int = _side("Top", "Rows cut off above.")
    bottom: int = _side("Bottom", "Rows cut off below.")
    left: int = _side("Left", "Columns cut off on the left.")
    right: int = _side("Right", "Columns cut off on the right.")

    label = "Cropping"
    stem = "crop"
    category = "shape"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        check_image(self.label, shape)
        height = shape[0] - self.top - self.bottom
        width = shape[1] - self.left - self.right
        if height < 1 or width < 1:
            raise self._leaves_nothing(shape)
        return height, width, shape[2]

    def _leaves_nothing(self, shape: Shape) -> ShapeError:
        cut = (self.top + self.bottom, self.left + self.right)
        sides = {}
        for size, first, second in ((shape[0], "top", "bottom"), (shape[1], "left", "right")):
            sides[first] = min(getattr(self, first), (size - 1) // 2)
            sides[second] = min(getattr(self, second), (size - 1) // 2)
        return ShapeError(
            Text(
                "Cropping cuts off {cut}, but the image is {size}.",
                cut=shape_text(cut),
                size=shape_text(shape[:2]),
            ),
            Text("At least one row and one column must be left."),
            Mend(Text("Cut off less"), changing(**sides)),
            Mend(Text("Remove this layer"), edits.remove),
            label=f"{shape_text(shape[:2])} ≤ {shape_text(cut)}",
        )

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        height, channels, width, _ = x.value.shape
        y = b.new(self.output_shape((height, width, channels)))
        rows = slice(self.top, height - self.bottom)
        columns = slice(self.left, width - self.right)
        b.forward(np.copyto, y.value, x.value[rows, :, columns])
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            b.backward(dx.fill, 0)
            b.backward(np.copyto, dx[rows, :, columns], y.grad)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        height, width, _ = inputs[0]
        constants: dict[str, Constant] = {
            "starts": (self.top, self.left),
            "ends": (height - self.bottom, width - self.right),
            "axes": (2, 3),
        }
        return (Op("Slice", ("input", "starts", "ends", "axes"), constants=constants),)

    def summary(self) -> str:
        return f"{self.top}, {self.bottom}, {self.left}, {self.right}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        height, width, _ = self.output_shape(*inputs)
        return (
            f"H = {inputs[0][0]} − {self.top} − {self.bottom} = {height}",
            f"W = {inputs[0][1]} − {self.left} − {self.right} = {width}",
        )


Crop2D.EXAMPLES = (
    Example(Crop2D(), ((4, 5, 2),), (2, 3, 2)),
    Example(Crop2D(top=0, bottom=2, left=3, right=0), ((3, 5, 1),), (1, 2, 1)),
    Example(Crop2D(0, 0, 0, 0), ((2, 3, 2),), (2, 3, 2)),
)
