"""The output of a classifier: one probability per class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.network import edits
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, create, layer, shape_text
from nnstudio.network.ops import Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.text import Text


@layer
@dataclass(frozen=True)
class Softmax(Layer):
    """Turns the last layer's numbers (logits) into probabilities: pᵢ = e^zᵢ / Σ e^zⱼ.

    It ends the network. Training uses the cross-entropy loss −ln p of the true class, whose
    gradient with respect to the logits is p − 1 for the true class and p for the others.
    """

    label = "Softmax"
    stem = "softmax"
    category = "output"
    is_output = True

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 1:
            raise ShapeError(
                Text(
                    "Softmax needs one number per class, but {given} arrives.",
                    given=shape_text(shape),
                ),
                Text("A dense layer with one unit per class comes before it."),
                Mend(Text("Insert Flatten"), partial(edits.insert_before, layer=create("Flatten"))),
                label=f"{shape_text(shape)} ≠ {int(np.prod(shape))}",
            )
        return shape

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.new((x.value.shape[0],), kept=True)
        row = b.scratch((1, b.batch))
        b.forward(np.maximum.reduce, x.value, axis=0, keepdims=True, out=row)
        b.forward(np.subtract, x.value, row, out=y.value)
        b.forward(np.exp, y.value, out=y.value)
        b.forward(np.add.reduce, y.value, axis=0, keepdims=True, out=row)
        b.forward(np.divide, y.value, row, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            b.backward(np.multiply, y.grad, y.value, out=dx)
            b.backward(np.add.reduce, dx, axis=0, keepdims=True, out=row)
            b.backward(np.subtract, y.grad, row, out=dx)
            b.backward(np.multiply, dx, y.value, out=dx)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Softmax", attributes={"axis": 1}),)


Softmax.EXAMPLES = (Example(Softmax(), ((10,),), (10,)),)
