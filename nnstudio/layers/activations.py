"""Functions applied to each number by itself: ReLU, sigmoid and tanh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.network.layer import Array, Builder, Example, Layer, Shape, Value, layer
from nnstudio.network.ops import Op


class _Activation(Layer):
    """What the activations share: they keep the shape, learn nothing, and never fall."""

    category = "act"
    monotone = True

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]


@layer
@dataclass(frozen=True)
class ReLU(_Activation):
    """Rectified linear unit: y = max(0, x). Its slope is 1 or 0, so gradients do not shrink with depth."""

    label = "ReLU"
    stem = "relu"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        # Against a row of zeros: NumPy's loop for two arrays is faster than for an array and a number.
        zeros = b.scratch((1, *x.value.shape[1:]))
        b.forward(np.maximum, x.value, zeros, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            positive = b.scratch(y.value.shape, bool)
            b.backward(np.greater, y.value, 0, out=positive)
            b.backward(np.multiply, y.grad, positive, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return y > 0

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Relu"),)


@layer
@dataclass(frozen=True)
class Tanh(_Activation):
    """Hyperbolic tangent: y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), from −1 to 1. Its slope 1 − y² is at most 1."""

    label = "Tanh"
    stem = "tanh"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        b.forward(np.tanh, x.value, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            slope = b.scratch(y.value.shape)
            b.backward(np.multiply, y.value, y.value, out=slope)
            b.backward(np.subtract, 1, slope, out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        return 1 - y * y

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Tanh"),)


@layer
@dataclass(frozen=True)
class Sigmoid(_Activation):
    """Logistic sigmoid: y = 1/(1 + e⁻ˣ), from 0 to 1. Its slope y·(1 − y) is at most ¼: deep stacks of it stop learning."""

    label = "Sigmoid"
    stem = "sigmoid"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x, kept=True)
        # 1/(1 + e⁻ˣ) = (tanh(x/2) + 1)/2, which cannot overflow.
        b.forward(np.multiply, x.value, 0.5, out=y.value)
        b.forward(np.tanh, y.value, out=y.value)
        b.forward(np.add, y.value, 1, out=y.value)
        b.forward(np.multiply, y.value, 0.5, out=y.value)
        dx = b.gradient(x)
        if y.grad is not None and dx is not None:
            slope = b.scratch(y.value.shape)
            b.backward(np.subtract, 1, y.value, out=slope)
            b.backward(np.multiply, slope, y.value, out=slope)
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    def slope(self, y: Array) -> Array:
        slope: Array = y * (1 - y)
        return slope

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Sigmoid"),)


for _activation in (ReLU, Tanh, Sigmoid):
    _activation.EXAMPLES = (
        Example(_activation(), ((3, 4, 2),), (3, 4, 2)),
        Example(_activation(), ((5,),), (5,)),
    )
