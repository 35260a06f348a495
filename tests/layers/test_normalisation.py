"""Batch and layer normalisation: statistics by hand, and what workers and predictions make of them."""

import numpy as np
import pytest

from nnstudio.engine import compile_network
from nnstudio.layers import BatchNorm, Conv2D, Dense, Flatten, LayerNorm
from nnstudio.network import NetworkSpec, Node


def network(shape, *layers, **options):
    nodes = []
    for number, layer in enumerate(layers):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id if nodes else "input",)))
    return compile_network(NetworkSpec(shape, tuple(nodes)), **options)


def learn(net, images, labels, *, dropping=True):
    def feed(program, start, end):
        program.fill(images[start:end])
        program.loss.labels[...] = labels[start:end]

    return net.compute(feed, len(images), dropping=dropping)


def test_layer_normalisation_of_a_vector():
    net = network((3,), LayerNorm(epsilon=1e-8), dtype=np.float64)
    net.load_parameters({"n0.weight": np.array([1.0, 2, 3]), "n0.bias": np.array([0.0, 0, 10])})
    # mean 2, variance 2/3: x̂ = (−1, 0, 1)·√1.5
    expected = [-np.sqrt(1.5), 0, 3 * np.sqrt(1.5) + 10]
    np.testing.assert_allclose(net.predict(np.array([[1.0, 2, 3]])), [expected], atol=1e-7)


def test_layer_normalisation_takes_all_channels_of_an_image_together():
    net = network((1, 2, 2), LayerNorm(epsilon=1e-8), Flatten(), dtype=np.float64)
    image = np.array([[[[1.0, 1]], [[3.0, 3]]]])
    np.testing.assert_allclose(net.predict(image), [[-1, -1, 1, 1]], atol=1e-7)


def test_batch_normalisation_predicts_with_running_averages():
    net = network((2,), BatchNorm(epsilon=1e-8), dtype=np.float64)
    net.load_parameters(
        {
            "n0.weight": np.array([1.0, 10]),
            "n0.bias": np.array([0.0, 1]),
            "n0.running_mean": np.array([5.0, 0]),
            "n0.running_variance": np.array([4.0, 100]),
        }
    )
    # (7 − 5)/2 = 1 and 10·(3 − 0)/10 + 1 = 4
    np.testing.assert_allclose(net.predict(np.array([[7.0, 3.0]])), [[1, 4]], rtol=1e-8)


def test_batch_normalisation_trains_by_the_statistics_of_the_batch():
    net = network((2,), BatchNorm(epsilon=1e-8), dtype=np.float64)
    images, labels = np.array([[1.0, 8], [3, 8], [5, 8], [7, 8]]), np.array([0, 0, 1, 1])
    loss = learn(net, images, labels).loss
    # mean 4, variance 5: x̂ = (−3, −1, 1, 3)/√5 in the first place, 0 in the second
    first = np.array([-3, -1, 1, 3]) / np.sqrt(5)
    expected = np.mean(np.log(1 + np.exp(-first * np.array([1, 1, -1, -1]))))
    assert loss == pytest.approx(expected, rel=1e-7)


def test_running_averages_follow_the_batches():
    net = network((2,), BatchNorm(momentum=0.25), dtype=np.float64)
    images, labels = np.array([[1.0, 8], [3, 8], [5, 8], [7, 8]]), np.array([0, 0, 1, 1])
    learn(net, images, labels, dropping=False)
    assert net.parameters()["n0.running_mean"].tolist() == [0, 0]
    learn(net, images, labels)
    after = net.parameters()
    # a quarter of the mean 4 and 8; three quarters of 1 and a quarter of 20/3, of 0
    np.testing.assert_allclose(after["n0.running_mean"], [1, 2], rtol=1e-12)
    np.testing.assert_allclose(after["n0.running_variance"], [0.75 + 5 / 3, 0.75], rtol=1e-12)
    learn(net, images, labels)
    np.testing.assert_allclose(net.parameters()["n0.running_mean"], [1.75, 3.5], rtol=1e-12)


@pytest.mark.parametrize("threads", [2, 3])
def test_workers_that_share_a_batch_share_its_statistics(threads):
    rng = np.random.default_rng(5)
    layers = (Conv2D(3, (2, 2)), BatchNorm(), Flatten(), Dense(4), BatchNorm(), Dense(3))
    images = rng.normal(2, 3, (70, 2, 5, 5))
    labels = rng.integers(0, 3, 70)
    found = []
    for workers in (1, threads):
        net = network((5, 5, 2), *layers, dtype=np.float64, threads=workers, seed=4)
        outcome = learn(net, images, labels)
        found.append((outcome.loss, net.gradients(), net.parameters()))
    (loss, gradients, weights), (other, of_workers, kept) = found
    assert other == pytest.approx(loss, rel=1e-12)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(of_workers[name], gradient, rtol=1e-8, atol=1e-12)
    for name in ("n1.running_mean", "n1.running_variance", "n4.running_mean"):
        np.testing.assert_allclose(kept[name], weights[name], rtol=1e-12)


def test_a_channel_far_from_zero_keeps_its_variance_in_single_precision():
    """Σx² − n·mean² would lose it: 10,000² is 1e8, of which single precision knows 8 at best."""
    net = network((1,), BatchNorm(momentum=1.0), Dense(2))
    rng = np.random.default_rng(0)
    images = rng.normal(10_000, 1, (500, 1)).astype(np.float32)
    learn(net, images, np.zeros(500, np.int64))
    kept = net.parameters()["n0.running_variance"]
    assert kept[0] == pytest.approx(images.astype(np.float64).var(ddof=1), rel=1e-4)


def test_more_channels_than_fit_one_meeting_of_workers():
    rng = np.random.default_rng(5)
    images, labels = rng.normal(size=(40, 5000)), rng.integers(0, 2, 40)
    losses = [
        learn(
            network((5000,), BatchNorm(), Dense(2), dtype=np.float64, threads=workers),
            images,
            labels,
        ).loss
        for workers in (1, 2)
    ]
    assert losses[1] == pytest.approx(losses[0], rel=1e-10)


def test_epsilon_keeps_a_constant_from_being_divided_by_zero():
    net = network((1,), BatchNorm(epsilon=0.01), dtype=np.float64)
    net.load_parameters(
        {
            "n0.weight": np.ones(1),
            "n0.bias": np.array([3.0]),
            "n0.running_mean": np.array([5.0]),
            "n0.running_variance": np.zeros(1),
        }
    )
    # (7 − 5)/√0.01 + 3
    np.testing.assert_allclose(net.predict(np.array([[7.0]])), [[23]], rtol=1e-12)
    layer = network((3,), LayerNorm(epsilon=1 / 12), dtype=np.float64)
    given = layer.predict(np.array([[4.0, 4, 4], [1, 2, 3]]))
    # a variance of 2/3 with 1/12 is 3/4
    np.testing.assert_allclose(given, [[0, 0, 0], [-2 / np.sqrt(3), 0, 2 / np.sqrt(3)]], atol=1e-12)


def test_a_batch_of_one_vector_has_no_variance_to_estimate():
    net = network((2,), BatchNorm(momentum=0.25), dtype=np.float64)
    assert np.isfinite(learn(net, np.array([[3.0, 8]]), np.array([0])).loss)
    # three quarters of 1, and a quarter of nothing
    assert net.parameters()["n0.running_variance"].tolist() == [0.75, 0.75]


@pytest.mark.parametrize("count", [3, 7, 11])
def test_constants_of_any_size_vary_by_less_than_nothing_at_worst(count):
    """Σx²/n − mean² of a large constant may come out below zero; its root would be no number."""
    constants = np.random.default_rng(1).uniform(1e7, 1e9, 500)
    net = network((500,), BatchNorm(epsilon=1e-8), dtype=np.float64)
    outcome = learn(net, np.repeat(constants[None], count, axis=0), np.zeros(count, np.int64))
    assert outcome.finite
    assert (net.parameters()["n0.running_variance"] >= 0).all()
