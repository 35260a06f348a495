"""Activation functions against numbers from tables and from Python's own mathematics."""

import math

import numpy as np
import pytest

from nnstudio.engine import compile_network
from nnstudio.layers import (
    ELU,
    GELU,
    SELU,
    Dense,
    Flatten,
    GaussianNoise,
    HardSigmoid,
    LeakyReLU,
    MaxPool2D,
    SiLU,
    Softplus,
    SpatialDropout,
)
from nnstudio.layers.dense import NONE
from nnstudio.layers.gelu import FARTHEST, NEAREST, TERMS, coefficients
from nnstudio.network import NetworkSpec, Node, layer_types
from nnstudio.settings import settings_of

PLACES = (-30.0, -3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 3.0, 30.0)


def given_by(layer, numbers, dtype=np.float64):
    spec = NetworkSpec((len(numbers),), (Node("a", layer, ("input",)),))
    return compile_network(spec, dtype=dtype).predict(np.array([numbers]))[0]


def normal_distribution(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


RULES = [
    (LeakyReLU(0.1), lambda x: x if x > 0 else 0.1 * x),
    (ELU(2.0), lambda x: x if x > 0 else 2 * (math.exp(x) - 1)),
    # Klambauer et al. 2017: λ = 1.0507…, α = 1.6733…
    (
        SELU(),
        lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * (math.exp(x) - 1)),
    ),
    (GELU(), lambda x: x * normal_distribution(x)),
    (SiLU(), lambda x: x / (1 + math.exp(-x))),
    (Softplus(), lambda x: x + math.log(1 + math.exp(-x)) if x > 0 else math.log(1 + math.exp(x))),
    (HardSigmoid(), lambda x: min(1.0, max(0.0, x / 6 + 0.5))),
]


@pytest.mark.parametrize(("layer", "rule"), RULES, ids=[type(r[0]).__name__ for r in RULES])
@pytest.mark.parametrize(("dtype", "error"), [(np.float64, 1e-13), (np.float32, 5e-7)])
def test_gives_what_its_formula_says(layer, rule, dtype, error):
    expected = [rule(x) for x in PLACES]
    np.testing.assert_allclose(given_by(layer, PLACES, dtype), expected, rtol=error, atol=error)


def test_gelu_of_one_as_published():
    # Φ(1) = 0.841344746…, from tables of the normal distribution
    assert given_by(GELU(), [1.0, -1.0])[0] == pytest.approx(0.8413447460685429, rel=1e-14)


def test_selu_keeps_mean_and_variance():
    """The fixed point for which its two numbers were made."""
    numbers = np.random.default_rng(0).normal(size=400_000)
    after = given_by(SELU(), numbers)
    # standard errors of mean and variance are 0.0016 and 0.0035 or so
    assert abs(after.mean()) < 0.008
    assert abs(after.var() - 1) < 0.02


@pytest.mark.parametrize("numbers", [[-1e4, 1e4], [-3e38, 3e38]])
def test_large_numbers_stay_finite_in_single_precision(numbers):
    with np.errstate(over="ignore"):
        for cls in layer_types().values():
            if cls.category == "act":
                assert np.isfinite(given_by(cls(), numbers, np.float32)).all(), cls


def test_dense_offers_every_activation_and_computes_the_same():
    declared = {s.name: s for s in settings_of(Dense)}["activation"]
    names = [name for name, _ in declared.choices if name != NONE]
    assert len(names) == sum(cls.category == "act" for cls in layer_types().values())
    x = np.random.default_rng(1).normal(size=(4, 3))
    for name, label in declared.choices:
        if name == NONE:
            continue
        (apart,) = (cls for cls in layer_types().values() if cls.label == label)
        nodes = Node("d", Dense(5), ("input",)), Node("a", apart(), ("d",))
        two = compile_network(NetworkSpec((3,), nodes), dtype=np.float64)
        one = compile_network(
            NetworkSpec((3,), (Node("d", Dense(5, name), ("input",)),)), dtype=np.float64
        )
        one.load_parameters(two.parameters())
        np.testing.assert_array_equal(one.predict(x), two.predict(x))


def noisy(layer, images):
    """What ``layer`` gives in a training step, as a dense layer of known weights passes it on."""
    spec = NetworkSpec(images.shape[2:] + images.shape[1:2], (Node("n", layer, ("input",)),))
    network = compile_network(
        NetworkSpec(spec.input_shape, (*spec.nodes, Node("f", layer_types()["Flatten"](), ("n",)))),
        batch_size=len(images),
        seed=3,
    )
    program = network.program(len(images), training=True)
    program.fill(images)
    program.forward()
    return program.logits.T.reshape(images.shape).copy()


def test_spatial_dropout_silences_whole_channels_and_scales_the_others():
    given = noisy(SpatialDropout(0.25), np.ones((200, 50, 3, 2), np.float32))
    channels = given.reshape(200, 50, -1)
    assert (channels == channels[:, :, :1]).all()
    # 10,000 draws with probability ¼: the standard error is 0.0043
    assert abs((channels[:, :, 0] == 0).mean() - 0.25) < 0.02
    np.testing.assert_allclose(given[given > 0], 1 / 0.75, rtol=1e-4)
    # drawn for each image by itself
    assert len({tuple(row) for row in channels[:, :, 0]}) > 190


def test_gaussian_noise_has_the_deviation_that_was_set():
    given = noisy(GaussianNoise(0.5), np.full((100, 10, 4, 5), 2.0, np.float32))
    # 20,000 draws: standard errors of mean and deviation are 0.0035 and 0.0025
    assert abs(given.mean() - 2) < 0.02
    assert abs(given.std() - 0.5) < 0.015


@pytest.mark.parametrize("layer", [SpatialDropout(0.5), GaussianNoise(1.0)])
def test_noise_is_for_training_only(layer):
    images = np.random.default_rng(0).normal(size=(3, 2, 4, 4)).astype(np.float32)
    nodes = Node("n", layer, ("input",)), Node("f", layer_types()["Flatten"](), ("n",))
    network = compile_network(NetworkSpec((4, 4, 2), nodes))
    np.testing.assert_array_equal(network.predict(images), images.reshape(3, -1))


@pytest.mark.parametrize("layer", [GELU(), SiLU()])
def test_what_falls_and_rises_is_not_moved_behind_a_maximum(layer):
    """Of −3 and −½ the larger gives the smaller answer."""
    nodes = (
        Node("a", layer, ("input",)),
        Node("p", MaxPool2D((1, 2)), ("a",)),
        Node("f", Flatten(), ("p",)),
    )
    net = compile_network(NetworkSpec((1, 2, 1), nodes), dtype=np.float64)
    (expected,) = (rule(-3.0) for known, rule in RULES if type(known) is type(layer))
    assert net.predict(np.array([[[[-3.0, -0.5]]]]))[0] == pytest.approx([expected], rel=1e-12)


@pytest.mark.parametrize(("count", "error"), [(TERMS[4], 3e-8), (TERMS[8], 1e-15)])
def test_the_polynomial_for_erfc_is_as_good_as_its_numbers(count, error):
    """Half a unit in the last place of float32 is 6·10⁻⁸, of float64 10⁻¹⁶."""
    z = np.linspace(0, FARTHEST, 2001)
    s = (2 / (1 + z / 2) - (1 + NEAREST)) / (1 - NEAREST)
    found = np.polyval(coefficients(count), s) * np.exp(-z * z)
    expected = np.array([math.erfc(value) for value in z])
    assert np.abs(found - expected).max() <= error
