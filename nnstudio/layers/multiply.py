"""The product of several values: gates and attention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._merging import check_alike, shape_of
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


@layer
@dataclass(frozen=True)
class Multiply(Layer):
    """y = x₁ · x₂ · …: number by number, so all inputs have the same shape.

    Its slope towards one input is the product of the others. Where one of two inputs ends in a
    sigmoid it is a gate: from 0, shut, to 1, open.
    """

    label = "Multiply"
    stem = "multiply"
    category = "merge"
    reads = 2
    reads_more = True

    def output_shape(self, *inputs: Shape) -> Shape:
        check_alike(self.label, inputs)
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        first, second, *rest = inputs
        y = b.new(shape_of(first))
        b.forward(np.multiply, first.value, second.value, out=y.value)
        for x in rest:
            b.forward(np.multiply, y.value, x.value, out=y.value)
        for place, x in enumerate(inputs):
            dx = b.gradient(x)
            if y.grad is None or dx is None:
                continue
            product = y.grad
            for other in (*inputs[:place], *inputs[place + 1 :]):
                b.backward(np.multiply, product, other.value, out=dx)
                product = dx
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        steps = []
        so_far = "input"
        for place in range(1, len(inputs)):
            result = "output" if place == len(inputs) - 1 else f"product{place}"
            steps.append(Op("Mul", (so_far, f"input{place}"), result))
            so_far = result
        return tuple(steps)


Multiply.EXAMPLES = (
    Example(Multiply(), ((3, 4, 2), (3, 4, 2)), (3, 4, 2)),
    Example(Multiply(), ((5,), (5,), (5,)), (5,)),
)
