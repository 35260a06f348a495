"""Layers against numbers worked out on paper."""

import math

import numpy as np
import pytest

from nnstudio.engine import compile_network
from nnstudio.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nnstudio.network import NetworkSpec, Node


def network(shape, *layers, **options):
    nodes = [Node("input", Input())]
    for number, layer in enumerate(layers):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id,)))
    return compile_network(NetworkSpec(shape, tuple(nodes)), dtype=np.float64, **options)


def test_convolution_valid():
    net = network((3, 3, 1), Conv2D(1, (2, 2)), Flatten())
    net.load_parameters({"n0.weight": np.array([[[[1.0, 2], [3, 4]]]]), "n0.bias": np.array([0.5])})
    x = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    # 1·1 + 2·2 + 3·4 + 4·5 = 37, and so on, each + 0.5
    assert net.predict(x).tolist() == [[37.5, 47.5, 67.5, 77.5]]


def test_convolution_same_puts_the_odd_zero_after():
    net = network((2, 2, 1), Conv2D(1, (2, 2), padding="same"), Flatten())
    net.load_parameters(
        {"n0.weight": np.array([[[[1.0, 10], [100, 1000]]]]), "n0.bias": np.zeros(1)}
    )
    x = np.array([[[[1.0, 2], [3, 4]]]])
    assert net.predict(x).tolist() == [[4321.0, 402.0, 43.0, 4.0]]


def test_convolution_sums_channels_and_strides():
    net = network((3, 3, 2), Conv2D(1, (1, 1), stride=(2, 2)), Flatten())
    net.load_parameters({"n0.weight": np.array([[[[1.0]], [[-2.0]]]]), "n0.bias": np.zeros(1)})
    first = np.arange(9.0).reshape(3, 3)
    x = np.stack([first, first + 1])[None]
    # a − 2(a + 1) = −a − 2 at the corners 0, 2, 6, 8
    assert net.predict(x).tolist() == [[-2.0, -4.0, -8.0, -10.0]]


def test_max_pool_leaves_out_what_fills_no_window():
    net = network((3, 3, 1), MaxPool2D(), Flatten())
    assert net.predict(np.arange(9.0).reshape(1, 1, 3, 3)).tolist() == [[4.0]]


def test_max_pool_gives_the_gradient_of_equal_values_to_one():
    # Both weights see the same pixel value; a tie must not count twice.
    net = network((2, 2, 1), Conv2D(1, (1, 1)), MaxPool2D(), Flatten(), Dense(2))
    net.load_parameters(
        {
            "n0.weight": np.ones((1, 1, 1, 1)),
            "n0.bias": np.zeros(1),
            "n3.weight": np.array([[1.0], [0.0]]),
            "n3.bias": np.zeros(2),
        }
    )
    _, gradients = net.loss_and_gradients(np.full((1, 1, 2, 2), 3.0), [0])
    share = 1 / (1 + math.exp(3))  # 1 − p of the true class
    assert gradients["n0.bias"][0] == pytest.approx(-share)
    assert gradients["n0.weight"][0, 0, 0, 0] == pytest.approx(-3 * share)


def test_flatten_goes_channel_by_channel():
    net = network((2, 2, 2), Flatten())
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    assert net.predict(x).tolist() == [list(range(8))]


def test_dense_and_softmax_cross_entropy():
    net = network((2,), Dense(2), Softmax())
    weight = np.array([[1.0, 0.0], [0.0, 1.0]])
    net.load_parameters({"n0.weight": weight, "n0.bias": np.zeros(2)})
    x = np.array([[0.0, math.log(3)]])
    loss, gradients = net.loss_and_gradients(x, [0])
    # probabilities ¼ and ¾; loss −ln ¼; gradient of the logits −¾ and ¾
    assert loss == pytest.approx(math.log(4))
    assert gradients["n0.bias"] == pytest.approx([-0.75, 0.75])
    assert gradients["n0.weight"] == pytest.approx(np.outer([-0.75, 0.75], [0, math.log(3)]))
    assert net.activations(x)["n1"] == pytest.approx(np.array([[0.25, 0.75]]))


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (ReLU(), [0, 0, 1.5]),
        (Tanh(), [-0.9640275800758169, 0, 0.9051482536448664]),
        (Sigmoid(), [0.11920292202211755, 0.5, 0.8175744761936437]),
    ],
)
def test_activations(layer, expected):
    net = network((3,), layer)
    assert net.predict(np.array([[-2.0, 0.0, 1.5]]))[0] == pytest.approx(expected, rel=1e-12)


def test_sigmoid_does_not_overflow():
    net = network((2,), Sigmoid())
    assert net.predict(np.array([[-1e4, 1e4]])).tolist() == [[0.0, 1.0]]


def test_softmax_of_huge_logits_is_finite():
    net = network((2,), Dense(2), Softmax())
    net.load_parameters({"n0.weight": np.eye(2) * 1e4, "n0.bias": np.zeros(2)})
    loss, _ = net.loss_and_gradients(np.array([[1.0, 0.0]]), [1])
    assert loss == pytest.approx(1e4)


def test_dropout_scales_and_uses_the_same_mask_backward():
    net = network((4000,), Dropout(0.25), Dense(1), Dense(2), seed=5)
    ones = np.ones((1, 4000))
    weights = net.parameters()
    weights["n1.weight"] = np.full((1, 4000), 1 / 4000)
    weights["n2.weight"] = np.array([[1.0], [0.0]])
    net.load_parameters(weights)
    _, gradients = net.loss_and_gradients(ones, [0], dropout=True)
    mask = (
        gradients["n1.weight"][0] / gradients["n1.bias"][0]
    )  # d/dw = bias gradient · masked input
    assert set(np.round(np.unique(mask), 12)) == {0.0, round(1 / 0.75, 12)}
    assert np.mean(mask == 0) == pytest.approx(0.25, abs=0.03)
    # forward saw the same mask: p₀ follows from the mean of the masked ones
    expected = 1 / (1 + math.exp(mask.mean()))
    assert gradients["n2.bias"][1] == pytest.approx(expected, rel=1e-9)
    quiet, _ = net.loss_and_gradients(ones, [0])
    assert quiet == pytest.approx(math.log(1 + math.exp(-1)))
