"""Layers against numbers worked out on paper."""

import math

import numpy as np
import pytest

from nnstudio.engine import compile_network
from nnstudio.layers import (
    AveragePool2D,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Input,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    Upsample2D,
    ZeroPad2D,
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


def test_convolution_looks_as_far_apart_as_its_dilation_says():
    net = network((3, 4, 1), Conv2D(1, (2, 2), dilation=(2, 3)), Flatten())
    net.load_parameters(
        {"n0.weight": np.array([[[[1.0, 10], [100, 1000]]]]), "n0.bias": np.zeros(1)}
    )
    x = np.arange(1.0, 13).reshape(1, 1, 3, 4)
    # the corners 1, 4, 9 and 12 of the 3×4 image
    assert net.predict(x).tolist() == [[1 + 40 + 900 + 12000]]


def test_convolution_pads_each_side_as_told():
    layer = Conv2D(1, (1, 1), padding="explicit", top=1, right=2)
    net = network((2, 1, 1), layer, Flatten())
    net.load_parameters({"n0.weight": np.full((1, 1, 1, 1), 2.0), "n0.bias": np.ones(1)})
    found = net.predict(np.array([[[[3.0], [4.0]]]])).reshape(3, 3)
    assert found.tolist() == [[1, 1, 1], [7, 1, 1], [9, 1, 1]]


def test_filters_of_a_group_read_only_its_channels():
    net = network((1, 1, 4), Conv2D(4, (1, 1), groups=2), Flatten())
    weight = np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 2, 1, 1)
    net.load_parameters({"n0.weight": weight, "n0.bias": np.zeros(4)})
    x = np.array([1.0, 10, 100, 1000]).reshape(1, 4, 1, 1)
    assert net.predict(x).tolist() == [[21.0, 43.0, 6500.0, 8700.0]]


def test_depthwise_convolution_has_filters_of_its_own_for_each_channel():
    net = network((1, 2, 2), Conv2D(4, (1, 2), groups=2), Flatten())
    weight = np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 1, 1, 2)
    net.load_parameters({"n0.weight": weight, "n0.bias": np.zeros(4)})
    x = np.array([[1.0, 10], [100, 1000]]).reshape(1, 2, 1, 2)
    assert net.predict(x).tolist() == [[21.0, 43.0, 6500.0, 8700.0]]
    (spec, _) = Conv2D(4, (1, 2), groups=2).parameters((1, 2, 2))
    assert (spec.exchange_shape, spec.fan_in, spec.fan_out) == ((4, 1, 1, 2), 2, 4)


@pytest.mark.parametrize("layer", [Conv2D(l1=0.25, l2=0.5), Dense(l1=0.25, l2=0.5)])
def test_only_the_weight_is_penalised(layer):
    shape = (5, 5, 2) if isinstance(layer, Conv2D) else (7,)
    assert [(p.name, p.l1, p.l2) for p in layer.parameters(shape)] == [
        ("weight", 0.25, 0.5),
        ("bias", 0, 0),
    ]


def test_padding_never_wins_a_max_pool():
    x = np.array([[[[-1.0, -2, -3], [-4, -5, -6], [-7, -8, -9]]]])
    same = network((3, 3, 1), MaxPool2D(padding="same"), Flatten())
    assert same.predict(x).tolist() == [[-1.0, -3.0, -7.0, -9.0]]
    wide = MaxPool2D((3, 3), (3, 3), "explicit", top=2, bottom=1, left=1, right=2)
    # rows (–, –, 0) and (1, 2, –), columns (–, 0, 1) and (2, –, –)
    net = network((3, 3, 1), wide, Flatten())
    assert net.predict(x).tolist() == [[-1.0, -3.0, -4.0, -6.0]]


def test_average_pool_counts_only_the_image():
    x = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    net = network((3, 3, 1), AveragePool2D(padding="same"), Flatten())
    assert net.predict(x).tolist() == [[3.0, 4.5, 7.5, 9.0]]
    plain = network((3, 3, 1), AveragePool2D((2, 3), (1, 1)), Flatten())
    assert plain.predict(x).tolist() == [[3.5, 6.5]]


def test_global_pools_give_a_number_per_channel():
    x = np.array([[1.0, 2, 3, 6], [-1, -2, -3, -6]]).reshape(1, 2, 2, 2)
    assert network((2, 2, 2), GlobalAveragePool()).predict(x).tolist() == [[3.0, -3.0]]
    assert network((2, 2, 2), GlobalMaxPool()).predict(x).tolist() == [[6.0, -1.0]]


def test_zero_padding_and_cropping_undo_each_other():
    x = np.array([[[[1.0, 2], [3, 4]]]])
    padded = network((2, 2, 1), ZeroPad2D(1, 0, 0, 2), Flatten())
    assert padded.predict(x).tolist() == [[0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0]]
    both = network((2, 2, 1), ZeroPad2D(1, 0, 0, 2), Crop2D(1, 0, 0, 2), Flatten())
    assert both.predict(x).tolist() == [[1, 2, 3, 4]]
    cropped = network((2, 2, 1), Crop2D(0, 1, 1, 0), Flatten())
    assert cropped.predict(x).tolist() == [[2]]


def test_zeros_stay_zeros_behind_a_layer_that_works_in_place():
    net = network((1, 1, 1), ZeroPad2D(0, 0, 1, 1), Sigmoid(), Flatten())
    for _ in range(2):
        assert net.predict(np.zeros((1, 1, 1, 1))).tolist() == [[0.5, 0.5, 0.5]]


def test_upsampling_repeats_or_blends():
    x = np.array([[[[0.0, 4, 12]]]])
    nearest = network((1, 3, 1), Upsample2D((1, 2)), Flatten())
    assert nearest.predict(x).tolist() == [[0, 0, 4, 4, 12, 12]]
    # at −¼, ¼, ¾, 1¼, 1¾ and 2¼ pixels
    bilinear = network((1, 3, 1), Upsample2D((1, 2), "bilinear"), Flatten())
    assert bilinear.predict(x).tolist() == [[0, 1, 3, 6, 10, 12]]
    # at −⅓, 0, ⅓, ⅔, 1 and 1⅓ of the rows 0 and 3
    rows = network((2, 1, 1), Upsample2D((3, 1), "bilinear"), Flatten())
    found = rows.predict(np.array([[[[0.0], [3.0]]]]))
    assert found[0] == pytest.approx([0, 0, 1, 2, 3, 3], abs=1e-12)


def test_transposed_convolution_adds_a_kernel_for_each_pixel():
    net = network((1, 2, 2), ConvTranspose2D(1, (1, 3), (1, 2)), Flatten())
    weight = np.array([[1.0, 2, 3], [10, 20, 30]]).reshape(2, 1, 1, 3)  # (in, out, rows, columns)
    net.load_parameters({"n0.weight": weight, "n0.bias": np.array([0.5])})
    x = np.array([[1.0, 2], [3, 4]]).reshape(1, 2, 1, 2)
    # 1·(1 2 3) and 2·(1 2 3) two pixels further; 3·(10 20 30) and 4·(10 20 30)
    assert net.predict(x).tolist() == [[31.5, 62.5, 135.5, 84.5, 126.5]]
    (spec, _) = ConvTranspose2D(5, (2, 3)).parameters((4, 4, 7))
    assert (spec.exchange_shape, spec.fan_in, spec.fan_out) == ((7, 5, 2, 3), 30, 42)


def test_same_transposed_convolution_gives_the_size_times_the_stride():
    net = network((1, 2, 1), ConvTranspose2D(1, (1, 3), (1, 2), "same"), Flatten())
    net.load_parameters({"n0.weight": np.array([[[[1.0, 2, 3]]]]), "n0.bias": np.zeros(1)})
    # of 1 2 3+10 20 30 the odd pixel is left out at the end, as "same" pads it there
    assert net.predict(np.array([[[[1.0, 10]]]])).tolist() == [[1, 2, 13, 20]]


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


def test_a_transposed_convolution_tells_its_weights_and_what_no_kernel_reaches():
    layer = ConvTranspose2D(3, (2, 1), (3, 2), "same", "normal", initial=0.25, l1=0.5, l2=0.75)
    weight, bias = layer.parameters((2, 3, 4))
    assert (weight.initializer, weight.initial, weight.l1, weight.l2) == ("normal", 0.25, 0.5, 0.75)
    assert (bias.l1, bias.l2) == (0, 0)
    # of 2·3 rows kernels reach (2 − 1)·3 + 2 = 5, of 3·2 columns (3 − 1)·2 + 1 = 5
    (op,) = layer.ops((2, 3, 4))
    assert op.attributes["output_padding"] == (1, 1)
    (plain,) = ConvTranspose2D(3, (2, 1), (3, 2)).ops((2, 3, 4))
    assert plain.attributes["output_padding"] == (0, 0)
