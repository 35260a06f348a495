"""Rules for the first weights, against the variances that their papers state."""

import numpy as np
import pytest

from nnstudio.engine.initializers import INITIALIZER_CHOICES, INITIALIZERS
from nnstudio.network.layer import ParameterSpec

IN, OUT = 400, 300
VARIANCE = {
    "he_normal": 2 / IN,
    "he_uniform": 2 / IN,
    "xavier_normal": 2 / (IN + OUT),
    "xavier_uniform": 2 / (IN + OUT),
    "lecun_normal": 1 / IN,
    "lecun_uniform": 1 / IN,
    "normal": 0.3**2,
    "uniform": 0.3**2 / 3,
}


def drawn(name, shape=(OUT, IN), axes=(0, 1)):
    spec = ParameterSpec("weight", shape, axes, IN, OUT, name, 0.3)
    return INITIALIZERS[name](spec, np.random.default_rng(5))


@pytest.mark.parametrize("name", VARIANCE)
def test_variance_is_as_stated(name):
    weights = drawn(name)
    assert weights.mean() == pytest.approx(0, abs=4 * np.sqrt(VARIANCE[name] / weights.size))
    assert weights.var() == pytest.approx(VARIANCE[name], rel=0.02)
    limit = np.sqrt(3 * VARIANCE[name])
    # A uniform draw fills its range and keeps to it; a normal one goes beyond.
    assert (np.abs(weights).max() <= limit) == ("uniform" in name)
    assert np.abs(weights).max() > 0.99 * limit


def test_plain_rules():
    assert (drawn("constant") == 0.3).all()
    assert not drawn("zeros").any()
    assert (drawn("ones") == 1).all()


def test_orthogonal_rows_of_a_dense_layer_and_filters_of_a_convolution():
    for weights in (drawn("orthogonal"), drawn("orthogonal", (IN, OUT)).T):
        np.testing.assert_allclose(weights @ weights.T, np.eye(OUT), atol=1e-10)
    # Held as (filters, rows, channels, columns), seen as (filters, channels, rows, columns).
    held = drawn("orthogonal", (6, 3, 4, 5), (0, 2, 1, 3))
    seen = held.transpose(0, 2, 1, 3).reshape(6, -1)
    np.testing.assert_allclose(seen @ seen.T, np.eye(6), atol=1e-10)


def test_every_choice_is_a_rule():
    assert {name for name, _ in INITIALIZER_CHOICES} <= set(INITIALIZERS)


def test_orthogonal_arrays_come_from_any_order_of_axes():
    # seen as (6, 4, 5), held as (4, 5, 6)
    held = drawn("orthogonal", (4, 5, 6), (2, 0, 1))
    assert held.shape == (4, 5, 6)
    seen = held.transpose(2, 0, 1).reshape(6, -1)
    np.testing.assert_allclose(seen @ seen.T, np.eye(6), atol=1e-10)


def test_orthogonal_matrices_are_uniform_among_all():
    """Of a uniform draw every number is as often positive as negative (Mezzadri 2007)."""
    spec = ParameterSpec("weight", (3, 3), (0, 1), 3, 3, "orthogonal")
    rng = np.random.default_rng(2)
    found = np.array([INITIALIZERS["orthogonal"](spec, rng) for _ in range(400)])
    # 400 draws: a standard error of 0.025
    assert np.abs((found > 0).mean(axis=0) - 0.5).max() < 0.1
