"""Batch normalisation: each channel is centred and scaled by the statistics of the batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.layers._channels import rows, stretched, sum_rows
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
from nnstudio.network.ops import Op
from nnstudio.settings import setting


@layer
@dataclass(frozen=True)
class BatchNorm(Layer):
    """Brings each channel (each unit of a vector) to mean 0 and variance 1 over the batch, then y = γ·x̂ + β.

    x̂ = (x − mean)/√(variance + ε). γ and β are learned, so that the network may undo it. Running
    averages of mean and variance take the batch's place at prediction. Activations keep their scale
    through many layers, so that deep networks learn at higher rates (Ioffe and Szegedy 2015). It
    needs batches: of a single vector there is no variance.
    """

    momentum: float = setting(
        0.1,
        minimum=0.001,
        maximum=1.0,
        label="Momentum",
        help="The share of the newest batch in the running averages.",
    )
    epsilon: float = setting(
        1e-5,
        minimum=1e-8,
        maximum=0.1,
        label="Epsilon ε",
        help="Added to the variance, so that a constant channel is not divided by zero.",
    )

    label = "Batch normalisation"
    stem = "bn"
    category = "norm"
    mixes_images = True

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        size = inputs[0][-1]
        known = partial(ParameterSpec, shape=(size,), exchange_axes=(0,), fan_in=size, fan_out=size)
        return (
            known("weight", initializer="ones"),
            known("bias"),
            known("running_mean", learned=False),
            known("running_variance", initializer="ones", learned=False),
        )

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        return self._train(b, x) if b.training else self._predict(b, x)

    def _predict(self, b: Builder, x: Value) -> Value:
        """Y = s·x + t with s = γ/√(running variance + ε) and t = β − s·running mean."""
        mean, variance = (b.parameter(f"running_{name}").value for name in ("mean", "variance"))
        y = b.overwrite(x)
        scale, shift = b.scratch(mean.shape), b.scratch(mean.shape)
        b.forward(np.add, variance, b.dtype.type(self.epsilon), out=scale)
        b.forward(np.sqrt, scale, out=scale)
        b.forward(np.divide, b.parameter("weight").value, scale, out=scale)
        b.forward(np.multiply, mean, scale, out=shift)
        b.forward(np.subtract, b.parameter("bias").value, shift, out=shift)
        b.forward(np.multiply, rows(x.value), scale[:, None], out=rows(y.value))
        b.forward(np.add, rows(y.value), shift[:, None], out=rows(y.value))
        return y

    def _train(self, b: Builder, x: Value) -> Value:
        centred = b.overwrite(x, kept=True)
        y = b.new(shape_of(x))
        batch = _Statistics(b, x, centred, self.epsilon)
        scale, shift = b.scratch((batch.channels,)), b.scratch((batch.channels,))
        weight, bias = b.parameter("weight"), b.parameter("bias")
        if b.leads and b.dropping:
            self._follow(b, batch)
        # The centre is that of this worker's images; ``apart`` leads from there to the batch's mean.
        b.forward(np.multiply, batch.inverse, weight.value, out=scale)
        b.forward(np.multiply, batch.apart, scale, out=shift)
        b.forward(np.add, shift, bias.value, out=shift)
        into = rows(y.value)
        scales, shifts = (stretched(b, b.forward, v, into) for v in (scale, shift))
        b.forward(np.multiply, rows(centred.value), scales, out=into)
        b.forward(np.add, into, shifts, out=into)
        self._backward(b, x, y, batch)
        return y

    def _follow(self, b: Builder, batch: _Statistics) -> None:
        """Running averages take a share of this batch; the variance as estimated for all images."""
        change = b.scratch((batch.channels,), np.float64)
        for name, found in (("mean", batch.mean), ("variance", batch.unbiased(b))):
            running = b.parameter(f"running_{name}").value
            b.forward(np.subtract, found, running, out=change)
            b.forward(np.multiply, change, self.momentum, out=change)
            b.forward(np.add, running, change, out=running)

    def _backward(self, b: Builder, x: Value, y: Value, batch: _Statistics) -> None:
        """With means over the batch: dx = γ/√… · (dy − mean(dy) − x̂·mean(dy·x̂))."""
        weight, bias = b.parameter("weight"), b.parameter("bias")
        assert y.grad is not None and weight.grad is not None and bias.grad is not None
        channels, inverse = batch.channels, batch.inverse
        centred = rows(batch.centred)
        sums = b.scratch((2, channels), np.float64)
        of_dy, of_products = sums
        part = b.scratch((channels,), np.float64)
        dy = rows(y.grad)
        sum_rows(b, b.backward, dy, of_dy)
        by_row = b.scratch(dy.shape[:2])
        b.backward(np.vecdot, dy, centred, out=by_row)
        b.backward(np.add.reduce, by_row, axis=0, out=of_products)
        b.backward(np.multiply, batch.apart, of_dy, out=part)
        b.backward(np.add, of_products, part, out=of_products)
        b.backward(np.multiply, of_products, inverse, out=of_products)
        b.backward(np.copyto, bias.grad, of_dy)
        b.backward(np.copyto, weight.grad, of_products)
        dx = b.gradient(x)
        if dx is None:
            return
        b.backward(b.add_up(), sums)
        b.backward(np.divide, sums, batch.count, out=sums)
        # dx = a·dy + slope·centred + rest, number by number only where there is no other way.
        a, slope, rest = (b.scratch((channels,)) for _ in range(3))
        b.backward(np.multiply, inverse, weight.value, out=a)
        b.backward(np.multiply, of_products, inverse, out=of_products)
        b.backward(np.negative, of_products, out=slope)
        b.backward(np.multiply, of_products, batch.apart, out=part)
        b.backward(np.add, part, of_dy, out=part)
        b.backward(np.negative, part, out=rest)
        b.backward(np.multiply, slope, a, out=slope)
        b.backward(np.multiply, rest, a, out=rest)
        slopes, rests, factors = (stretched(b, b.backward, v, dy) for v in (slope, rest, a))
        b.backward(np.multiply, centred, slopes, out=centred)
        b.backward(np.add, centred, rests, out=centred)
        b.backward(np.multiply, dy, factors, out=rows(dx))
        b.backward(np.add, rows(dx), centred, out=rows(dx))

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        names = ("input", "weight", "bias", "running_mean", "running_variance")
        return (Op("BatchNormalization", names, attributes={"epsilon": self.epsilon}),)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        size = inputs[0][-1]
        return (f"γ, β: 2·{size} = {2 * size}",)


class _Statistics:
    """Mean and variance of each channel over all images of the batch, whichever worker has them.

    ``centred`` is ``x`` less the mean of this worker's images, and ``apart`` (channels,) what leads
    from there to the mean of all: x − mean = centred + apart. ``inverse``: 1/√(variance + ε).
    """

    def __init__(self, b: Builder, x: Value, centred: Value, epsilon: float) -> None:
        self.centred = centred.value
        _, self.channels, places = rows(x.value).shape
        own = len(rows(x.value)) * places
        # Σx, Σx² and how many: what the workers add up.
        sums = b.scratch((2 * self.channels + 1,), np.float64)
        total, squares = sums[:-1].reshape(2, self.channels)
        self.count = sums[-1:]
        self.mean, self.variance, self.apart = (
            b.scratch((self.channels,), np.float64) for _ in range(3)
        )
        centre = b.scratch((self.channels,))
        sum_rows(b, b.forward, rows(x.value), self.mean)
        b.forward(np.multiply, self.mean, 1 / own, out=centre)
        centres = stretched(b, b.forward, centre, rows(x.value))
        b.forward(np.subtract, rows(x.value), centres, out=rows(centred.value))
        by_row = b.scratch(rows(x.value).shape[:2])
        b.forward(np.vecdot, rows(centred.value), rows(centred.value), out=by_row)
        b.forward(np.add.reduce, by_row, axis=0, out=squares)
        b.forward(np.multiply, centre, float(own), out=total, dtype=np.float64)
        b.forward(np.multiply, total, centre, out=self.mean)
        b.forward(np.add, squares, self.mean, out=squares)
        b.forward(self.count.fill, own)
        b.forward(b.add_up(), sums)
        b.forward(np.divide, total, self.count, out=self.mean)
        b.forward(np.divide, squares, self.count, out=self.variance)
        b.forward(np.square, self.mean, out=squares)
        b.forward(np.subtract, self.variance, squares, out=self.variance)
        # Rounding may leave less than nothing of a channel that does not vary.
        b.forward(np.maximum, self.variance, 0, out=self.variance)
        b.forward(np.subtract, centre, self.mean, out=self.apart)
        self.inverse = b.scratch((self.channels,))
        b.forward(np.add, self.variance, epsilon, out=squares)
        b.forward(np.sqrt, squares, out=squares)
        b.forward(np.divide, 1, squares, out=self.inverse)

    def unbiased(self, b: Builder) -> Array:
        """The variance times n/(n − 1), (channels,): of a sample, what is expected of all."""
        found = b.scratch((self.channels,), np.float64)
        others = b.scratch((1,), np.float64)
        b.forward(np.subtract, self.count, 1, out=others)
        b.forward(np.maximum, others, 1, out=others)
        b.forward(np.multiply, self.variance, self.count, out=found)
        b.forward(np.divide, found, others, out=found)
        return found


BatchNorm.EXAMPLES = (
    Example(BatchNorm(), ((3, 4, 2),), (3, 4, 2)),
    Example(BatchNorm(momentum=0.5, epsilon=0.01), ((5,),), (5,)),
)
