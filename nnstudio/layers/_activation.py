"""What the activation functions share."""

from __future__ import annotations

from nnstudio.network.layer import Example, Layer, Shape


class Activation(Layer):
    """A function of each number by itself: it keeps the shape and learns nothing."""

    category = "act"
    monotone = True

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]


def examples(*layers: Activation) -> tuple[Example, ...]:
    """On an image and on a vector."""
    return tuple(Example(layer, (shape,), shape) for layer in layers for shape in ((3, 4, 2), (5,)))
