"""Layers with several inputs against numbers worked out on paper, and networks that branch."""

import numpy as np
import pytest

from nnstudio.engine import compile_network
from nnstudio.layers import (
    Add,
    Concatenate,
    Conv2D,
    Dense,
    Flatten,
    Input,
    Multiply,
    ReLU,
    Reshape,
    Softmax,
)
from nnstudio.network import NetworkSpec, Node
from nnstudio.network.shapes import infer


def two_branches(merge, shape=(2,), units=2):
    """Two dense layers without bias read the input; ``merge`` joins them."""
    return NetworkSpec(
        shape,
        (
            Node("a", Dense(units), ("input",)),
            Node("b", Dense(units), ("input",)),
            Node("m", merge, ("a", "b")),
        ),
    )


def predicted(merge, **weights):
    network = compile_network(two_branches(merge), dtype=np.float64)
    network.load_parameters(
        {"a.bias": np.zeros(2), "b.bias": np.zeros(2)}
        | {f"{name}.weight": np.array(w, float) for name, w in weights.items()}
    )
    return network.predict(np.array([[1.0, 2.0]])).tolist()


# a gives (1·1 + 0·2, 1·1 + 1·2) = (1, 3), b gives (2·1 + 0·2, 0·1 + 5·2) = (2, 10)
A, B = [[1, 0], [1, 1]], [[2, 0], [0, 5]]


@pytest.mark.parametrize(
    ("merge", "expected"), [(Add(), [3, 13]), (Multiply(), [2, 30]), (Concatenate(), [1, 3, 2, 10])]
)
def test_two_branches_meet(merge, expected):
    assert predicted(merge, a=A, b=B) == [expected]


def test_images_are_joined_channel_after_channel():
    nodes = (
        Node("a", Conv2D(1, (1, 1)), ("input",)),
        Node("b", Conv2D(2, (1, 1)), ("input",)),
        Node("m", Concatenate(), ("b", "a")),
        Node("f", Flatten(), ("m",)),
    )
    network = compile_network(NetworkSpec((1, 2, 1), nodes), dtype=np.float64)
    network.load_parameters(
        {
            "a.weight": np.full((1, 1, 1, 1), 3.0),
            "a.bias": np.zeros(1),
            "b.weight": np.array([1.0, 2.0]).reshape(2, 1, 1, 1),
            "b.bias": np.zeros(2),
        }
    )
    assert network.predict(np.array([[[[5.0, 7.0]]]])).tolist() == [[5, 7, 10, 14, 15, 21]]


def test_a_value_may_be_added_to_itself():
    nodes = (Node("d", Dense(2), ("input",)), Node("m", Add(), ("d", "d", "d")))
    network = compile_network(NetworkSpec((1,), nodes), dtype=np.float64)
    network.load_parameters({"d.weight": np.array([[2.0], [-1.0]]), "d.bias": np.zeros(2)})
    assert network.predict(np.array([[1.0]])).tolist() == [[6, -3]]
    _, found = network.loss_and_gradients(np.array([[1.0]]), np.array([0]))
    # dL/dlogit = softmax(6, −3) − (1, 0) = ±1/(1 + e⁹); the slope of x + x + x is 3
    share = 3 / (1 + np.exp(9))
    np.testing.assert_allclose(found["d.weight"], [[-share], [share]], rtol=1e-9)


def test_reshape_lays_numbers_out_channel_by_channel_row_by_row():
    layers = (Node("r", Reshape(1, 2), ("input",)), Node("c", Conv2D(1, (1, 1)), ("r",)))
    nodes = (*layers, Node("f", Flatten(), ("c",)))
    network = compile_network(NetworkSpec((4,), nodes), dtype=np.float64)
    network.load_parameters(
        {"c.weight": np.array([1.0, 10.0]).reshape(1, 2, 1, 1), "c.bias": np.zeros(1)}
    )
    # channels (1, 2) and (3, 4): 1 + 10·3 and 2 + 10·4
    assert network.predict(np.array([[1.0, 2, 3, 4]])).tolist() == [[31, 42]]


def test_flatten_gives_back_what_reshape_laid_out():
    spec = NetworkSpec((12,), (Node("r", Reshape(3, 2), ("input",)), Node("f", Flatten(), ("r",))))
    numbers = np.arange(24.0).reshape(2, 12)
    assert compile_network(spec, dtype=np.float64).predict(numbers).tolist() == numbers.tolist()


def problem(spec):
    (found,) = infer(spec).problems
    return found


def mended(spec, found, number):
    return found.mends[number].edit(spec, found.node)


@pytest.mark.parametrize("merge", [Add(), Multiply()])
def test_unlike_vectors_are_named_and_a_dense_layer_mends_them(merge):
    nodes = (
        Node("a", Dense(3), ("input",)),
        Node("b", Dense(5), ("input",)),
        Node("m", merge, ("a", "b")),
    )
    spec = NetworkSpec((2,), nodes)
    found = problem(spec)
    assert found.node == "m" and found.label == "3 ≠ 5"
    assert "3, 5" in str(found.what)
    assert [str(m.label) for m in found.mends] == [
        "Bring 5 to 3 by Dense",
        "Bring 3 to 5 by Dense",
    ]
    assert infer(mended(spec, found, 0)).shapes["m"] == (3,)
    assert infer(mended(spec, found, 1)).shapes["m"] == (5,)


def test_a_shortcut_gets_a_convolution_with_the_stride_that_it_lacks():
    nodes = (
        Node("stem", Conv2D(4, padding="same"), ("input",)),
        Node("conv", Conv2D(8, (3, 3), stride=(2, 2), padding="same"), ("stem",)),
        Node("m", Add(), ("conv", "stem")),
    )
    spec = NetworkSpec((7, 9, 1), nodes)
    found = problem(spec)
    # 7×9 halved is 4×5; nothing makes a smaller image larger by a stride
    assert [str(m.label) for m in found.mends] == ["Bring 7×9×4 to 4×5×8 by Convolution"]
    after = mended(spec, found, 0)
    assert not infer(after).problems
    new = next(n for n in after if n.id not in spec)
    assert new.layer.stride == (2, 2) and new.layer.kernel == (1, 1) and new.layer.filters == 8
    assert after.inputs_of(after.node("m")) == ("conv", new.id)


def test_images_of_other_sizes_are_not_joined():
    nodes = (
        Node("a", Conv2D(2, (3, 3)), ("input",)),
        Node("m", Concatenate(), ("input", "a")),
    )
    found = problem(NetworkSpec((6, 6, 1), nodes))
    assert found.label == "6×6×1 ≠ 4×4×2"
    vector = NetworkSpec(
        (6, 6, 1), (Node("f", Flatten(), ("input",)), Node("m", Concatenate(), ("f", "input")))
    )
    assert problem(vector).node == "m"


def test_numbers_that_fill_no_image_are_named_with_a_size_that_they_fill():
    spec = NetworkSpec((18,), (Node("r", Reshape(2, 4), ("input",)),))
    found = problem(spec)
    assert "18" in str(found.what) and "2×4" in str(found.what)
    assert infer(mended(spec, found, 0)).shapes["r"] == (3, 3, 2)


def test_a_merge_with_one_wire_says_what_it_lacks():
    nodes = (
        Node("input", Input()),
        Node("d", Dense(3), ("input",)),
        Node("e", Dense(3), ("input",)),
        Node("m", Add(), ("d",)),
    )
    spec = NetworkSpec((2,), nodes)
    found = problem(spec)
    assert str(found.what) == "This layer needs another input."
    assert (
        str(found.why)
        == "It reads 2 or more; so far it has 1. Draw a wire to it from another block."
    )
    after = mended(spec, found, 0)
    assert after.node("m").inputs == ("d", "e") and not infer(after).problems


def test_branches_that_overwrite_nothing_of_each_other():
    """ReLU works in place where it may; here another branch still reads what it reads."""
    nodes = (
        Node("d", Dense(4), ("input",)),
        Node("r", ReLU(), ("d",)),
        Node("m", Multiply(), ("d", "r")),
        Node("c", Concatenate(), ("m", "d", "r")),
        Node("o", Dense(2), ("c",)),
        Node("s", Softmax(), ("o",)),
    )
    network = compile_network(NetworkSpec((3,), nodes), dtype=np.float64, seed=1)
    x, labels = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    _, found = network.loss_and_gradients(x, labels)
    weights = network.parameters()
    eps = 1e-6
    for index in np.ndindex(4, 3):
        losses = []
        for change in (eps, -eps):
            moved = {name: array.copy() for name, array in weights.items()}
            moved["d.weight"][index] += change
            network.load_parameters(moved)
            losses.append(network.loss_and_gradients(x, labels)[0])
        expected = (losses[0] - losses[1]) / (2 * eps)
        assert found["d.weight"][index] == pytest.approx(expected, rel=1e-6, abs=1e-9)
