"""Noise on what flows through, in training only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._merging import shape_of
from nnstudio.network.layer import Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op
from nnstudio.settings import setting


@layer
@dataclass(frozen=True)
class GaussianNoise(Layer):
    """In training, adds to each number a random one of mean 0 and deviation σ, anew in each step.

    The network learns not to rely on small differences. At prediction it does nothing (Bishop 1995).
    """

    deviation: float = setting(
        0.1,
        minimum=0.0,
        maximum=10.0,
        label="Deviation σ",
        help="How large the noise is; normalised images have deviation 1 themselves.",
    )

    label = "Gaussian noise"
    stem = "noise"
    category = "reg"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if not b.dropping or self.deviation == 0:
            return b.reshaped(x, shape_of(x))
        y = b.overwrite(x)
        noise = b.scratch(x.value.shape)
        b.forward(b.normal(), noise)
        b.forward(np.multiply, noise, b.dtype.type(self.deviation), out=noise)
        b.forward(np.add, x.value, noise, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None and dx is not y.grad:
            b.backward(np.copyto, dx, y.grad)
        return y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Identity"),)

    def summary(self) -> str:
        return f"σ = {self.deviation:g}"


GaussianNoise.EXAMPLES = (
    Example(GaussianNoise(), ((4, 3, 2),), (4, 3, 2)),
    Example(GaussianNoise(deviation=1.0), ((6,),), (6,)),
)
