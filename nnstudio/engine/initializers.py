"""How weights begin: rules that keep signals about as large behind a layer as before it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnstudio.network.layer import Array, ParameterSpec

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


def _xavier(spec: ParameterSpec) -> float:
    """Variance 2/(fan_in + fan_out): Glorot and Bengio 2010, eq. 12."""
    return 2 / (spec.fan_in + spec.fan_out)


def _he(spec: ParameterSpec) -> float:
    """Variance 2/fan_in: He et al. 2015, eq. 10."""
    return 2 / spec.fan_in


INITIALIZERS: dict[str, Initializer] = {
    "zeros": _zeros,
    "ones": _ones,
    "he_normal": lambda spec, rng: _normal(_he(spec), spec, rng),
    "he_uniform": lambda spec, rng: _uniform(_he(spec), spec, rng),
    "xavier_normal": lambda spec, rng: _normal(_xavier(spec), spec, rng),
    "xavier_uniform": lambda spec, rng: _uniform(_xavier(spec), spec, rng),
}
"""Name to rule; each gives float64 numbers of ``spec.shape``."""

INITIALIZER_CHOICES: tuple[tuple[str, str], ...] = (
    ("he_normal", "He, normal"),
    ("he_uniform", "He, uniform"),
    ("xavier_normal", "Xavier, normal"),
    ("xavier_uniform", "Xavier, uniform"),
)
