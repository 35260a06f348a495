"""Where the images enter."""

from __future__ import annotations

from dataclasses import dataclass

from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Input(Layer):
    """The images that the network reads, one value per pixel and channel.

    Its shape, rows × columns × channels, is the network's input shape.
    """

    label = "Input"
    stem = "input"
    category = "input"
    reads = 0

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        return x

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Identity"),)


Input.EXAMPLES = (Example(Input(), ((28, 28, 1),), (28, 28, 1)),)
