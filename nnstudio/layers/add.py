"""The sum of several values: the end of a residual connection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._merging import check_alike
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Add(Layer):
    """y = x₁ + x₂ + …: number by number, so all inputs have the same shape.

    Its slope towards each input is 1: the gradient passes unchanged. A residual connection leads
    around some layers to an Add behind them, so that the gradient reaches the layers in front however
    deep the network is (He et al. 2016).
    """

    label = "Add"
    stem = "add"
    category = "merge"
    reads = 2
    reads_more = True

    def output_shape(self, *inputs: Shape) -> Shape:
        check_alike(self.label, inputs)
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        first, second, *rest = inputs
        y = b.overwrite(first)
        b.forward(np.add, first.value, second.value, out=y.value)
        for x in rest:
            b.forward(np.add, y.value, x.value, out=y.value)
        if y.grad is not None:
            # The first input may share its gradient's buffer with y: the others copy before it changes.
            for x in inputs:
                dx = b.gradient(x)
                if dx is not None and dx is not y.grad:
                    b.backward(np.copyto, dx, y.grad)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        names = ("input", *(f"input{place}" for place in range(1, len(inputs))))
        return (Op("Sum", names),)


Add.EXAMPLES = (
    Example(Add(), ((3, 4, 2), (3, 4, 2)), (3, 4, 2)),
    Example(Add(), ((5,), (5,), (5,)), (5,)),
)
