"""The Gaussian error linear unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import chebyshev

from nnstudio.layers._activation import Activation, examples
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op

FARTHEST = 8.0
"""Beyond it erf is 1 to the last digit."""
NEAREST = 1 / (1 + FARTHEST / 2)
TERMS = {4: 11, 8: 21}
"""Coefficients of the polynomial, by the bytes of a number; the error is then mere rounding."""


@layer
@dataclass(frozen=True)
class GELU(Activation):
    """Gaussian error linear unit: y = x·Φ(x), Φ being the distribution function of the normal distribution.

    Each number is weighted by how large it is among others. Smooth, and slightly below 0 for small
    negative x; usual in transformers (Hendrycks and Gimpel 2016). Computed exactly, by erf, and not
    by the approximation with tanh.
    """

    label = "GELU"
    stem = "gelu"
    monotone = False

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        y = b.overwrite(x)
        share, slope = b.scratch(x.value.shape), b.scratch(x.value.shape)
        # Φ(x) = (1 + erf(x/√2))/2, and e^(−x²/2) on the way there.
        self._distribution(b, x.value, share, slope)
        dx = b.gradient(x)
        if dx is None:
            b.forward(np.multiply, x.value, share, out=y.value)
            return y
        # The slope Φ + x·e^(−x²/2)/√(2π) must be made before y may take the place of x.
        b.forward(np.multiply, slope, x.value, out=slope)
        b.forward(np.multiply, slope, b.dtype.type(1 / math.sqrt(2 * math.pi)), out=slope)
        b.forward(np.add, slope, share, out=slope)
        b.forward(np.multiply, x.value, share, out=y.value)
        if y.grad is not None:
            b.backward(np.multiply, y.grad, slope, out=dx)
        return y

    @staticmethod
    def _distribution(b: Builder, x: Array, share: Array, bell: Array) -> None:
        """Write Φ(x) into ``share`` and e^(−x²/2) into ``bell``.

        erfc(z) = e^(−z²)·P(s), where s runs from −1 to 1 as 1/(1 + z/2) runs over its range and P is
        a polynomial fitted to the C library's erfc.
        """
        z, s = b.scratch(x.shape), b.scratch(x.shape)
        first, *rest = (b.dtype.type(c) for c in coefficients(TERMS[b.dtype.itemsize]))
        b.forward(np.abs, x, out=z)
        b.forward(np.multiply, z, b.dtype.type(math.sqrt(0.5)), out=z)
        b.forward(np.minimum, z, b.dtype.type(FARTHEST), out=z)
        b.forward(np.multiply, z, 0.5, out=s)
        b.forward(np.add, s, 1, out=s)
        b.forward(np.divide, b.dtype.type(2 / (1 - NEAREST)), s, out=s)
        b.forward(np.subtract, s, b.dtype.type((1 + NEAREST) / (1 - NEAREST)), out=s)
        b.forward(share.fill, first)
        for coefficient in rest:
            b.forward(np.multiply, share, s, out=share)
            b.forward(np.add, share, coefficient, out=share)
        b.forward(np.multiply, z, z, out=bell)
        b.forward(np.negative, bell, out=bell)
        b.forward(np.exp, bell, out=bell)
        b.forward(np.multiply, share, bell, out=share)
        # erf(|x|/√2) = 1 − erfc, with the sign of x.
        b.forward(np.subtract, 1, share, out=share)
        b.forward(np.copysign, share, x, out=share)
        b.forward(np.add, share, 1, out=share)
        b.forward(np.multiply, share, 0.5, out=share)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (
            Op("Mul", ("input", "root"), "z", constants={"root": math.sqrt(0.5)}),
            Op("Erf", ("z",), "erf"),
            Op("Add", ("erf", "one"), "twice", constants={"one": 1.0}),
            Op("Mul", ("twice", "half"), "share", constants={"half": 0.5}),
            Op("Mul", ("input", "share")),
        )


@cache
def coefficients(count: int) -> tuple[float, ...]:
    """Of the polynomial P(s) nearest to erfc(z)·e^(z²), the highest power first."""
    places = chebyshev.chebpts1(count)
    z = 2 / (NEAREST + (places + 1) / 2 * (1 - NEAREST)) - 2
    scaled = [math.erfc(value) * math.exp(value * value) for value in z]
    series = chebyshev.chebfit(places, scaled, count - 1)
    return tuple(chebyshev.cheb2poly(series)[::-1].tolist())


GELU.EXAMPLES = examples(GELU())
