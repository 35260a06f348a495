"""Layer normalisation: each image is centred and scaled by its own statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.layers._merging import shape_of
from nnstudio.network.layer import (
    Array,
    Builder,
    Example,
    Layer,
    ParameterSpec,
    Shape,
    Value,
    layer,
)
from nnstudio.network.ops import AttributeValue, Op
from nnstudio.settings import setting


@layer
@dataclass(frozen=True)
class LayerNorm(Layer):
    """Brings all numbers of one image (of one vector) together to mean 0 and variance 1, then y = γ·x̂ + β.

    x̂ = (x − mean)/√(variance + ε), with one γ and β per channel or unit. Each image is treated by
    itself, the same way in training and at prediction, so that it also serves batches of one
    (Ba, Kiros and Hinton 2016).
    """

    epsilon: float = setting(
        1e-5,
        minimum=1e-8,
        maximum=0.1,
        label="Epsilon ε",
        help="Added to the variance, so that a constant image is not divided by zero.",
    )

    label = "Layer normalisation"
    stem = "ln"
    category = "norm"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        size = inputs[0][-1]
        known = partial(ParameterSpec, shape=(size,), exchange_axes=(0,), fan_in=size, fan_out=size)
        return known("weight", initializer="ones"), known("bias")

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        normal = b.overwrite(x, kept=True)
        y = b.new(shape_of(x))
        weight, bias = b.parameter("weight"), b.parameter("bias")
        gamma, beta = (_by_channel(p.value, x.value.ndim) for p in (weight, bias))
        inverse = self._normalise(b, x.value, normal.value)
        b.forward(np.multiply, normal.value, gamma, out=y.value)
        b.forward(np.add, y.value, beta, out=y.value)
        if y.grad is None:
            return y
        products = b.scratch(y.value.shape)
        others = (0, 2, 3) if y.value.ndim == 4 else (1,)
        b.backward(np.add.reduce, y.grad, axis=others, out=bias.grad)
        b.backward(np.multiply, y.grad, normal.value, out=products)
        b.backward(np.add.reduce, products, axis=others, out=weight.grad)
        dx = b.gradient(x)
        if dx is not None:
            self._back(b, y.grad, normal.value, dx, (gamma, inverse, products))
        return y

    def _normalise(self, b: Builder, x: Array, normal: Array) -> Array:
        """Write x̂ into ``normal`` (which may be ``x``); returns 1/√(variance + ε), (N,)."""
        mean, inverse = b.scratch((b.batch,)), b.scratch((b.batch,))
        square = b.scratch(x.shape)
        _mean(b, b.forward, x, mean)
        b.forward(np.subtract, x, mean, out=normal)
        b.forward(np.multiply, normal, normal, out=square)
        _mean(b, b.forward, square, inverse)
        b.forward(np.add, inverse, b.dtype.type(self.epsilon), out=inverse)
        b.forward(np.sqrt, inverse, out=inverse)
        b.forward(np.divide, 1, inverse, out=inverse)
        b.forward(np.multiply, normal, inverse, out=normal)
        return inverse

    def _back(
        self, b: Builder, dy: Array, normal: Array, dx: Array, known: tuple[Array, Array, Array]
    ) -> None:
        """With g = γ·dy and means over one image: dx = (g − mean(g) − x̂·mean(g·x̂))/√…."""
        gamma, inverse, products = known
        mean, along = b.scratch((b.batch,)), b.scratch((b.batch,))
        b.backward(np.multiply, products, gamma, out=products)
        _mean(b, b.backward, products, along)
        b.backward(np.multiply, normal, along, out=products)
        b.backward(np.multiply, dy, gamma, out=dx)
        _mean(b, b.backward, dx, mean)
        b.backward(np.subtract, dx, mean, out=dx)
        b.backward(np.subtract, dx, products, out=dx)
        b.backward(np.multiply, dx, inverse, out=dx)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        axes = tuple(range(1, len(inputs[0]) + 1))
        mean: dict[str, AttributeValue] = {"axes": axes, "keepdims": 1}
        steps = [
            Op("ReduceMean", output="mean", attributes=mean),
            Op("Sub", ("input", "mean"), "centred"),
            Op("Mul", ("centred", "centred"), "squares"),
            Op("ReduceMean", ("squares",), "variance", mean),
            Op("Add", ("variance", "epsilon"), "above", constants={"epsilon": self.epsilon}),
            Op("Sqrt", ("above",), "deviation"),
            Op("Div", ("centred", "deviation"), "normal"),
        ]
        gamma, beta = "weight", "bias"
        if len(axes) == 3:
            steps += [_to_channels(gamma, "gamma"), _to_channels(beta, "beta")]
            gamma, beta = "gamma", "beta"
        steps.append(Op("Mul", ("normal", gamma), "scaled"))
        steps.append(Op("Add", ("scaled", beta)))
        return tuple(steps)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        size = inputs[0][-1]
        return (f"γ, β: 2·{size} = {2 * size}",)


def _to_channels(parameter: str, result: str) -> Op:
    """From (C,) to (C, 1, 1)."""
    axes = f"{result}_axes"
    return Op("Unsqueeze", (parameter, axes), result, constants={axes: (1, 2)})


def _by_channel(array: Array, ndim: int) -> Array:
    """(C,) as (C, 1, 1) for images, as (C, 1) for vectors."""
    return array.reshape(-1, 1, 1) if ndim == 4 else array.reshape(-1, 1)


def _mean(b: Builder, tell: Callable[..., None], array: Array, out: Array) -> None:
    """The mean of each image of ``array`` (..., N) into ``out`` (N,)."""
    flat = array.reshape(-1, b.batch)
    share = b.scratch((len(flat),))
    share.fill(1 / len(flat))
    tell(np.matmul, share, flat, out=out)


LayerNorm.EXAMPLES = (
    Example(LayerNorm(), ((3, 4, 2),), (3, 4, 2)),
    Example(LayerNorm(epsilon=0.01), ((5,),), (5,)),
)
