"""Several values side by side: what branches have found, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nnstudio.layers._merging import listed
from nnstudio.network import edits
from nnstudio.network.layer import Array, Builder, Example, Layer, Shape, Value, layer, shape_text
from nnstudio.network.ops import Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.text import Text


@layer
@dataclass(frozen=True)
class Concatenate(Layer):
    """Stacks the channels of its inputs in their order, or puts vectors behind one another.

    Nothing is added up, so the layer behind it still tells the branches apart. Images must have the
    same rows and columns. It is what joins the branches of an inception module (Szegedy et al. 2015).
    """

    label = "Concatenate"
    stem = "concat"
    category = "merge"
    reads = 2
    reads_more = True

    def output_shape(self, *inputs: Shape) -> Shape:
        if len({shape[:-1] for shape in inputs}) > 1:
            raise ShapeError(
                Text(
                    "Images are joined along their channels, but {shapes} arrive.",
                    shapes=listed(inputs),
                ),
                Text(
                    "All inputs need the same rows and columns; vectors are joined with vectors only."
                ),
                Mend(Text("Remove this layer"), edits.remove),
                label=" ≠ ".join(shape_text(shape) for shape in dict.fromkeys(inputs)),
            )
        return *inputs[0][:-1], sum(shape[-1] for shape in inputs)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        image = inputs[0].value.ndim == 4
        sizes = [x.value.shape[1 if image else 0] for x in inputs]
        edges = [sum(sizes[:place]) for place in range(len(sizes) + 1)]
        if image:
            height, _, width, _ = inputs[0].value.shape
            y = b.new((height, width, edges[-1]))
        else:
            y = b.new((edges[-1],))

        def part(array: Array, start: int, end: int) -> Array:
            return array[:, start:end] if image else array[start:end]

        for x, (start, end) in zip(inputs, pairwise(edges), strict=True):
            b.forward(np.copyto, part(y.value, start, end), x.value)
            dx = b.gradient(x)
            if y.grad is not None and dx is not None:
                b.backward(np.copyto, dx, part(y.grad, start, end))
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        names = ("input", *(f"input{place}" for place in range(1, len(inputs))))
        return (Op("Concat", names, attributes={"axis": 1}),)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        total = self.output_shape(*inputs)[-1]
        return (f"{' + '.join(str(shape[-1]) for shape in inputs)} = {total}",)


Concatenate.EXAMPLES = (
    Example(Concatenate(), ((3, 4, 2), (3, 4, 1)), (3, 4, 3)),
    Example(Concatenate(), ((5,), (2,), (5,)), (12,)),
)
