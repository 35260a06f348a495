"""How weights begin: rules that keep signals about as large behind a layer as before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnstudio.network.layer import Array, ParameterSpec
from nnstudio.settings import setting

Initializer = Callable[[ParameterSpec, np.random.Generator], Array]


def _zeros(spec: ParameterSpec, rng: np.random.Generator) -> Array:
    return np.zeros(spec.shape)


def _ones(spec: ParameterSpec, rng: np.random.Generator) -> Array:
    return np.ones(spec.shape)


def _normal(variance: float, spec: ParameterSpec, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, np.sqrt(variance), spec.shape)


def _uniform(variance: float, spec: ParameterSpec, rng: np.random.Generator) -> Array:
    limit = np.sqrt(3 * variance)
    return rng.uniform(-limit, limit, spec.shape)


def _orthogonal(spec: ParameterSpec, rng: np.random.Generator) -> Array:
    """Rows (or columns, whichever are fewer) of length 1 at right angles: Saxe et al. 2014.

    The rows are the units or filters, as files and scripts see the array.
    """
    seen = spec.exchange_shape
    rows, columns = seen[0], int(np.prod(seen[1:]))
    tall = rng.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diagonal(r))  # makes it uniform among all such matrices (Mezzadri 2007)
    matrix = q if rows >= columns else q.T
    return matrix.reshape(seen).transpose(np.argsort(spec.exchange_axes))


def _xavier(spec: ParameterSpec) -> float:
    """Variance 2/(fan_in + fan_out): Glorot and Bengio 2010, eq. 12."""
    return 2 / (spec.fan_in + spec.fan_out)


def _he(spec: ParameterSpec) -> float:
    """Variance 2/fan_in: He et al. 2015, eq. 10."""
    return 2 / spec.fan_in


def _lecun(spec: ParameterSpec) -> float:
    """Variance 1/fan_in: LeCun et al. 1998, eq. 16."""
    return 1 / spec.fan_in


GIVEN = ("constant", "normal", "uniform")
"""Those that need a number of their own: the constant, the deviation σ, the limit a."""

INITIALIZERS: dict[str, Initializer] = {
    "zeros": _zeros,
    "ones": _ones,
    "he_normal": lambda spec, rng: _normal(_he(spec), spec, rng),
    "he_uniform": lambda spec, rng: _uniform(_he(spec), spec, rng),
    "xavier_normal": lambda spec, rng: _normal(_xavier(spec), spec, rng),
    "xavier_uniform": lambda spec, rng: _uniform(_xavier(spec), spec, rng),
    "lecun_normal": lambda spec, rng: _normal(_lecun(spec), spec, rng),
    "lecun_uniform": lambda spec, rng: _uniform(_lecun(spec), spec, rng),
    "orthogonal": _orthogonal,
    "constant": lambda spec, rng: np.full(spec.shape, spec.initial),
    "normal": lambda spec, rng: _normal(spec.initial**2, spec, rng),
    "uniform": lambda spec, rng: _uniform(spec.initial**2 / 3, spec, rng),
}
"""Name to rule; each gives float64 numbers of ``spec.shape``."""

INITIALIZER_CHOICES: tuple[tuple[str, str], ...] = (
    ("he_normal", "He, normal"),
    ("he_uniform", "He, uniform"),
    ("xavier_normal", "Xavier, normal"),
    ("xavier_uniform", "Xavier, uniform"),
    ("lecun_normal", "LeCun, normal"),
    ("lecun_uniform", "LeCun, uniform"),
    ("orthogonal", "orthogonal"),
    ("normal", "normal, σ"),
    ("uniform", "uniform, ±a"),
    ("constant", "constant"),
    ("zeros", "zeros"),
)


def initializer_setting() -> Any:
    """How the weights of a layer begin."""
    return setting(
        "he_normal",
        choices=INITIALIZER_CHOICES,
        label="Initial weights",
        help="He suits ReLU, Xavier suits tanh and sigmoid, LeCun suits SELU. With zeros all units "
        "stay alike and nothing is learned.",
    )


def initial_setting() -> Any:
    """The number that goes with some of these rules."""
    return setting(
        0.05,
        minimum=-100.0,
        maximum=100.0,
        label="Initial size",
        only_for=("initializer", GIVEN),
        help="The deviation σ of normal, the limit a of uniform, or the constant itself.",
    )
