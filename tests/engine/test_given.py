"""What scripts hand over: everything that does not fit is refused by name, nothing is stretched or cut to fit."""

import re

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.data.preprocess import identity
from nnstudio.engine import compile_network, cross_entropy, evaluate
from nnstudio.errors import DataError, NetworkError
from nnstudio.layers import Conv2D, Dense, Flatten
from nnstudio.network import NetworkSpec, Node

SPEC = NetworkSpec((2, 3, 1), (Node("f", Flatten(), ("input",)), Node("d", Dense(3), ("f",))))
FIT = np.zeros((2, 1, 2, 3), np.float32)


def broken(value):
    images = FIT.astype(float)
    images[1, 0, 1, 2] = value
    return images


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (broken(np.nan), "images: It holds nan at (1, 0, 1, 2). Give finite numbers"),
        (broken(np.inf), "images: It holds inf at (1, 0, 1, 2)."),
        (broken(1e300), "that float32 can hold"),
        (FIT[:, 0], "The array has 3 axes, 4 are needed: N×1×2×3. Give an array of images, ch"),
        (FIT[0], "The array has 3 axes, 4 are needed"),
        (FIT[..., None], "The array has 5 axes"),
        (np.float32(1), "The array has 0 axes"),
        (FIT.transpose(0, 2, 3, 1), "They are 2×3×1, the network reads 1×2×3."),
        (FIT.astype(str), "It holds str"),
        (FIT.astype(complex), "It holds complex128, not an array of numbers."),
        (FIT.astype(object), "It holds object"),
        ([[1, 2], [3]], "It holds object"),
        (None, "It holds object"),
    ],
)
def test_images_that_do_not_fit_are_refused(images, words):
    net = compile_network(SPEC)
    for ask in (
        net.predict,
        net.activations,
        lambda given: net.loss_and_gradients(given, [0, 1]),
    ):
        with pytest.raises(NetworkError, match=re.escape(words)):
            ask(images)


def test_a_vector_without_its_axis_of_examples_is_refused():
    net = compile_network(NetworkSpec((4,), (Node("d", Dense(3), ("input",)),)))
    for shape in ((4,), (2, 4, 1)):
        with pytest.raises(NetworkError, match="2 are needed: N×4"):
            net.predict(np.zeros(shape))
    for shape in ((4, 1), (1, 1)):
        with pytest.raises(NetworkError, match="They are 1, the network reads 4"):
            net.predict(np.zeros(shape))


def test_no_images_have_no_activations_but_predictions():
    net = compile_network(SPEC)
    assert net.predict(FIT[:0]).shape == (0, 3)
    with pytest.raises(NetworkError, match="Give at least one image"):
        net.activations(FIT[:0])
    with pytest.raises(NetworkError, match="0 labels for 0 images"):
        net.loss_and_gradients(FIT[:0], [])


UNFIT_LABELS = [
    ([[0], [1]], "The array has 2 axes, 1 is needed."),
    (np.eye(3)[:2], "2 axes"),
    (1, "0 axes"),
    (None, "0 axes"),
    ([[1], [2, 3]], "0 axes"),
    ([0, 1, 2], "There are 3 labels for 2 images."),
    ([0.0, 1.0], "They are float64, not whole numbers. Labels are class numbers from 0 to 2."),
    ([0.5, np.nan], "float64"),
    (["0", "1"], "not whole numbers"),
    ([10**30, 0], "object"),
    ([-1, 0], "They run from -1 to 0."),
    ([0, 3], "They run from 0 to 3."),
    (np.array([2**63, 0], np.uint64), "They run from 0 to 9223372036854775808."),
]


@pytest.mark.parametrize(("labels", "words"), UNFIT_LABELS)
def test_labels_that_do_not_fit_are_refused(labels, words):
    net = compile_network(SPEC)
    with pytest.raises(NetworkError, match=re.escape(words)):
        net.loss_and_gradients(FIT, labels)
    with pytest.raises(NetworkError, match=re.escape(words)):
        cross_entropy(np.zeros((2, 3)), labels)
    with pytest.raises(NetworkError, match=re.escape(words)):
        evaluate(net, np.zeros((2, 2, 3, 1), np.uint8), labels, identity(1))


def test_labels_may_be_any_whole_numbers():
    net = compile_network(SPEC)
    expected, _ = net.loss_and_gradients(FIT, [1, 0])
    for labels in ((1, 0), np.array([1, 0], np.uint8), np.array([True, False])):
        assert net.loss_and_gradients(FIT, labels)[0] == expected


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((2, 2, 3, 1)), "They are 2×3×1 float64, the network reads 2×3×1 pixels"),
        (np.zeros((2, 2, 3), np.uint8), "They are 2×3 uint8"),
        (np.zeros((2, 2, 1, 1), np.uint8), "They are 2×1×1 uint8"),
        (np.zeros((2, 1, 2, 3), np.uint8), "They are 1×2×3 uint8"),
    ],
)
def test_pixels_that_do_not_fit_are_not_stretched(images, words):
    with pytest.raises(NetworkError, match=words):
        evaluate(compile_network(SPEC), images, [0, 1], identity(1))


def test_preprocessing_for_other_channels_is_not_stretched():
    pixels = np.zeros((2, 2, 3, 1), np.uint8)
    with pytest.raises(DataError, match="for 3 channels, but the images are 2×3×1"):
        evaluate(compile_network(SPEC), pixels, [0, 1], identity(3))


@pytest.mark.parametrize("rows", [[0, 2], [-1], [0.5], [[0]]])
def test_rows_that_are_not_there_are_refused(rows):
    pixels = np.zeros((2, 2, 3, 1), np.uint8)
    with pytest.raises(NetworkError, match="Give a whole number from 0 to 1"):
        evaluate(compile_network(SPEC), pixels, [0, 1], identity(1), rows)


@pytest.mark.parametrize(
    ("bias", "words"),
    [
        ([0, np.nan, 0], "d.bias: It holds nan at (1,)"),
        ([0, 0, -np.inf], "d.bias: It holds -inf at (2,)"),
        ([1e300, 0, 0], "that float32 can hold"),
        (np.zeros((3, 1)), "The weights are (3, 1), the network needs (3,)"),
        (0.0, "The weights are ()"),
        (["a", "b", "c"], "d.bias: It holds str"),
        ([1j, 0, 0], "d.bias: It holds complex128"),
        ([[1], [2, 3]], "d.bias: It holds object"),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_change_nothing(bias, words):
    net = compile_network(SPEC)
    before = net.parameters()
    with pytest.raises(NetworkError, match=re.escape(words)):
        net.load_parameters({"d.weight": np.ones((3, 6)), "d.bias": bias})
    assert all((before[name] == now).all() for name, now in net.parameters().items())


def test_weights_need_names():
    with pytest.raises(NetworkError, match="given as list, not by name"):
        compile_network(SPEC).load_parameters([np.ones((3, 6)), np.zeros(3)])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": -1}, "batch size: -1 does not fit. Give a whole number from 1 to"),
        ({"batch_size": 1.5}, "batch size: 1.5"),
        ({"batch_size": float("nan")}, "batch size: nan"),
        ({"batch_size": 10**12}, "batch size: 1000000000000"),
        ({"threads": -1}, "threads: -1 does not fit. Give a whole number from 0 to 64."),
        ({"threads": 10**6}, "threads: 1000000"),
        ({"threads": 1.5}, "threads: 1.5"),
        ({"seed": -1}, "seed: -1"),
        ({"seed": "a"}, "seed: 'a'"),
        ({"dtype": np.int32}, "dtype: 'int32' is not one of the choices. Choose one of: float32"),
        ({"dtype": np.float16}, "dtype: 'float16'"),
        ({"dtype": "quux"}, "dtype: 'quux'"),
        ({"optimizer": "quux"}, "optimizer: 'quux' is not one of the choices. Choose one of: sgd"),
    ],
)
def test_options_out_of_range_are_refused(options, words):
    with pytest.raises(NetworkError, match=re.escape(words)):
        compile_network(SPEC, **options)


def test_whole_numbers_of_numpy_are_options_as_well():
    net = compile_network(SPEC, batch_size=np.int64(3), threads=np.int32(1), seed=np.int64(4))
    np.testing.assert_array_equal(net.weights, compile_network(SPEC, seed=4).weights)


def test_numbers_that_overflow_in_a_layer_are_shown_without_a_warning():
    net = compile_network(SPEC)
    net.load_parameters({"d.weight": np.full((3, 6), 3e38), "d.bias": np.zeros(3)})
    assert np.isposinf(net.activations(FIT + 1)["d"]).all()


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ((Node("a", Dense(3), ("input",)), Node("b", Dense(2), ("input",))), "has two ends"),
        ((Node("a", Dense(3), ("b",)), Node("b", Dense(2), ("a",))), "its own output"),
        ((Node("a", Dense(3), ("input",)), Node("a", Dense(2), ("a",))), "both called a"),
        ((Node("input", Dense(3), ("input",)),), "Only what the network reads may be called input"),
        ((Node("c", Conv2D(), ("input",)),), "Convolution: Convolution needs an image"),
    ],
)
def test_networks_without_one_answer_are_refused(nodes, words):
    with pytest.raises(NetworkError, match=words):
        compile_network(NetworkSpec((4,), nodes))


def test_an_image_as_answer_is_refused_by_the_name_of_its_layer():
    spec = NetworkSpec((4, 4, 1), (Node("c", Conv2D(), ("input",)),))
    with pytest.raises(NetworkError, match="Convolution: The network must end in one number per"):
        compile_network(spec)


def test_a_loose_end_beside_an_output_layer_leaves_no_doubt():
    spec = templates.build("mlp")
    loose = NetworkSpec(spec.input_shape, (*spec.nodes, Node("dense9", Dense(2), ("flatten1",))))
    assert compile_network(loose).outputs == 10
