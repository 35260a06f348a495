"""The compiled network as a whole: gradients, batches, threads, memory, bits."""

import tracemalloc

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.engine import compile_network
from nnstudio.engine.shards import BUFFERED
from nnstudio.errors import NetworkError
from nnstudio.layers import Conv2D, Dense, Dropout, Flatten, MaxPool2D, ReLU, Sigmoid, Tanh
from nnstudio.network import NetworkSpec, Node


def batch(count, shape=(1, 28, 28), seed=0, classes=10):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, *shape)), rng.integers(0, classes, count)


@pytest.mark.parametrize("activation", templates.ACTIVATIONS)
def test_gradient_of_lenet5_equals_finite_differences(activation):
    net = compile_network(
        templates.build("lenet5", activation=activation), dtype=np.float64, seed=2
    )
    x, labels = batch(3)
    _, gradients = net.loss_and_gradients(x, labels)
    start = net.parameters()
    rng = np.random.default_rng(9)
    # ReLU has kinks, which a step must not cross; the small gradients of tanh and sigmoid need a larger one.
    eps = 1e-7 if activation == "relu" else 1e-5
    for name, gradient in gradients.items():
        scale = np.abs(gradient).max()
        for place in rng.choice(gradient.size, min(8, gradient.size), replace=False):
            losses = []
            for sign in (1, -1):
                moved = {**start, name: start[name].copy()}
                moved[name].flat[place] += sign * eps
                net.load_parameters(moved)
                losses.append(net.loss_and_gradients(x, labels)[0])
            slope = (losses[0] - losses[1]) / (2 * eps)
            assert abs(slope - gradient.flat[place]) <= 1e-6 * scale + 1e-9, name


CHAINS = {
    "activations in a row": (Dense(6), Tanh(), ReLU(), Sigmoid(), Dropout(0.3), Dense(3)),
    "a view between activations": (Dense(6), Tanh(), Flatten(), ReLU(), Dense(3)),
    "activation, then a layer that does nothing": (
        Dense(6),
        Tanh(),
        Dropout(0.0),
        Sigmoid(),
        Dense(3),
    ),
    "fused activations": (Dense(6, "tanh"), Dense(5, "sigmoid"), ReLU(), Dense(3, "tanh")),
}


@pytest.mark.parametrize("layers", CHAINS.values(), ids=CHAINS)
def test_sharing_buffers_changes_no_gradient(layers):
    nodes = []
    for number, layer in enumerate(layers):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id if nodes else "input",)))
    net = compile_network(NetworkSpec((4,), tuple(nodes)), dtype=np.float64, seed=3)
    x, labels = batch(5, (4,), classes=3)
    _, gradients = net.loss_and_gradients(x, labels)
    start, eps = net.parameters(), 1e-6
    for name, gradient in gradients.items():
        for place in range(gradient.size):
            losses = []
            for sign in (1, -1):
                moved = {**start, name: start[name].copy()}
                moved[name].flat[place] += sign * eps
                net.load_parameters(moved)
                losses.append(net.loss_and_gradients(x, labels)[0])
            slope = (losses[0] - losses[1]) / (2 * eps)
            assert slope == pytest.approx(gradient.flat[place], rel=1e-6, abs=1e-9), name


def test_known_size_of_lenet5():
    """LeCun et al. 1998 with full connections: 61,706 weights and biases."""
    net = compile_network(templates.build("lenet5"))
    assert net.parameter_count == 61_706
    assert net.parameters()["conv2.weight"].shape == (16, 6, 5, 5)
    assert net.parameters()["dense1.weight"].shape == (120, 400)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 7, 100])
def test_batches_of_any_size_on_any_number_of_threads(threads, count):
    spec = templates.build("lenet5", activation="tanh")
    x, labels = batch(count)
    one = compile_network(spec, dtype=np.float64, seed=4)
    many = compile_network(spec, dtype=np.float64, seed=4, threads=threads)
    alone = [one.loss_and_gradients(x[i : i + 1], labels[i : i + 1]) for i in range(count)]
    loss, gradients = many.loss_and_gradients(x, labels)
    assert loss == pytest.approx(np.mean([single for single, _ in alone]), rel=1e-12)
    for name, found in gradients.items():
        expected = np.mean([single[name] for _, single in alone], axis=0)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        many.predict(x),
        np.concatenate([one.predict(x[i : i + 1]) for i in range(count)]),
        atol=1e-12,
    )


def test_a_batch_larger_than_one_pass_is_the_mean_of_its_parts():
    net = compile_network(templates.build("mlp"), dtype=np.float64)
    x, labels = batch(600)
    loss, gradients = net.loss_and_gradients(x, labels)
    parts = [net.loss_and_gradients(x[i : i + 200], labels[i : i + 200]) for i in (0, 200, 400)]
    assert loss == pytest.approx(np.mean([part for part, _ in parts]))
    for name in gradients:
        np.testing.assert_allclose(
            gradients[name], np.mean([g[name] for _, g in parts], axis=0), atol=1e-12
        )


@pytest.mark.parametrize(
    "pool", [MaxPool2D(), MaxPool2D((3, 3), (2, 2)), MaxPool2D((2, 3), (2, 3))]
)
def test_moving_activations_behind_a_pool_changes_nothing(pool):
    """The program that observes each node moves nothing and keeps every value apart."""
    spec = NetworkSpec(
        (9, 10, 2),
        (
            Node("c", Conv2D(3, (3, 3), padding="same"), ("input",)),
            Node("r", ReLU(), ("c",)),
            Node("t", Tanh(), ("r",)),
            Node("p", pool, ("t",)),
            Node("f", Flatten(), ("p",)),
            Node("d", Dense(4), ("f",)),
        ),
    )
    net = compile_network(spec, dtype=np.float64, seed=1)
    weights = net.parameters()
    weights["c.bias"] = np.array([0.3, -0.2, 0.1])
    net.load_parameters(weights)
    x, _ = batch(5, (2, 9, 10))
    seen = net.activations(x)
    np.testing.assert_allclose(net.predict(x), seen["d"], atol=1e-12)
    np.testing.assert_array_equal(seen["r"], np.maximum(seen["c"], 0))
    np.testing.assert_allclose(seen["t"], np.tanh(seen["r"]), atol=1e-15)
    assert seen["c"].shape == (5, 3, 9, 10)


def test_a_value_with_two_readers_is_not_moved_behind_a_pool():
    spec = NetworkSpec(
        (6, 6, 1),
        (
            Node("c", Conv2D(2, (3, 3)), ("input",)),
            Node("r", ReLU(), ("c",)),
            Node("side", Tanh(), ("c",)),
            Node("p", MaxPool2D(), ("r",)),
            Node("f", Flatten(), ("p",)),
            Node("d", Dense(3), ("f",)),
        ),
    )
    net = compile_network(spec, dtype=np.float64)
    x, _ = batch(4, (1, 6, 6))
    np.testing.assert_allclose(net.predict(x), net.activations(x)["d"], atol=1e-12)


def test_hits_and_loss_of_several_passes_and_workers():
    net = compile_network(templates.build("lenet5"), threads=2, seed=8)
    x, labels = batch(150)
    logits = net.predict(x).astype(np.float64)

    def feed(program, start, end):
        program.fill(x[start:end])
        program.loss.labels[...] = labels[start:end]

    outcome = net.compute(feed, 150, dropping=False)
    assert outcome.hits == (logits.argmax(axis=1) == labels).sum() > 0
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    right = powers[np.arange(150), labels] / powers.sum(axis=1)
    assert outcome.loss == pytest.approx(-np.log(right).mean(), rel=1e-5)


def two_dense(first, second):
    spec = NetworkSpec((1,), (Node("a", Dense(1), ("input",)), Node("b", Dense(2), ("a",))))
    net = compile_network(spec)
    net.load_parameters(
        {
            "a.weight": np.full((1, 1), first),
            "a.bias": np.zeros(1),
            "b.weight": np.array([[second], [-second]]),
            "b.bias": np.zeros(2),
        }
    )
    return net


def outcome_of(net):
    def feed(program, start, end):
        program.x[...] = 1
        program.loss.labels[...] = 1

    return net.compute(feed, 1, dropping=False)


def test_an_infinite_loss_is_told():
    net = compile_network(NetworkSpec((1,), (Node("a", Dense(2), ("input",)),)))
    net.load_parameters({"a.weight": np.array([[3e38], [-3e38]]), "a.bias": np.zeros(2)})
    outcome = outcome_of(net)  # ln p of the true class is −6e38, beyond float32
    assert outcome.loss == np.inf
    assert not outcome.finite
    assert net.gradients()["a.bias"].tolist() == [1.0, -1.0]  # finite all the same


def test_an_overflowing_gradient_is_told():
    outcome = outcome_of(two_dense(1e-30, 1e30))  # harmless logits 1 and −1, a gradient of 1e30
    assert outcome.loss == pytest.approx(2 + np.log(1 + np.exp(-2)))
    assert not outcome.finite
    assert outcome_of(two_dense(1.0, 1.0)).finite


def test_a_network_without_input_node_reads_the_input():
    with_name = NetworkSpec((4,), (Node("d", Dense(2), ("input",)),))
    without = NetworkSpec((4,), (Node("d", Dense(2)),))
    x = np.ones((1, 4))
    assert (compile_network(with_name).predict(x) == compile_network(without).predict(x)).all()


def test_a_step_allocates_nothing():
    net = compile_network(templates.build("lenet5"), seed=0)
    program = net._crew.shards[0].program(32, training=True, dropping=True)
    program.fill(batch(32)[0].astype(np.float32))
    program.forward(), program.backward()
    tracemalloc.start()
    with np.errstate():
        np.setbufsize(BUFFERED)
        for _ in range(3):
            program.forward()
            program.backward()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The smallest activation of the pass would be 32·10·4 = 1,280 bytes, conv1's 602,112.
    assert peak < 20_000, peak


def test_same_seed_same_weights_and_other_seed_others():
    first, again, other = (
        compile_network(templates.build("lenet5"), seed=s).parameters() for s in (1, 1, 2)
    )
    assert all((first[name] == again[name]).all() for name in first)
    assert (first["conv1.weight"] != other["conv1.weight"]).all()
    assert not first["conv1.bias"].any()


def test_every_parameter_draws_numbers_of_its_own():
    weights = compile_network(templates.build("mlp"), seed=0).parameters()
    first, second = weights["dense1.weight"].ravel()[:50], weights["dense2.weight"].ravel()[:50]
    assert np.abs(np.corrcoef(first, second)[0, 1]) < 0.5


def test_initial_spread_is_he_and_xavier():
    relu = compile_network(templates.build("mlp"), seed=0).parameters()["dense1.weight"]
    tanh = compile_network(templates.build("mlp", activation="tanh"), seed=0).parameters()[
        "dense1.weight"
    ]
    assert relu.std() == pytest.approx(np.sqrt(2 / 784), rel=0.01)
    assert tanh.std() == pytest.approx(np.sqrt(2 / (784 + 512)), rel=0.01)
    assert np.abs(tanh).max() <= np.sqrt(6 / (784 + 512))


def test_dropout_draws_anew_each_time_and_alike_for_a_seed():
    spec = NetworkSpec((50,), (Node("o", Dropout(0.5), ("input",)), Node("d", Dense(3), ("o",))))
    x, labels = batch(9, (50,), classes=3)
    losses = []
    for _ in range(2):
        net = compile_network(spec, seed=6)
        losses.append([net.loss_and_gradients(x, labels, dropout=True)[0] for _ in range(3)])
    assert losses[0] == losses[1]
    assert len(set(losses[0])) == 3


@pytest.mark.parametrize(
    ("x", "labels", "words"),
    [
        (np.zeros((2, 3, 28, 28)), [0, 1], "3×28×28"),
        (np.zeros((2, 1, 28, 28)), [0], "1 labels for 2 images"),
        (np.zeros((2, 1, 28, 28)), [0, 10], "0 to 10"),
    ],
)
def test_unfit_arrays_are_refused_with_the_numbers(x, labels, words):
    net = compile_network(templates.build("lenet5"))
    with pytest.raises(NetworkError, match=words):
        net.loss_and_gradients(x, labels)


def test_before_the_first_batch_the_gradient_is_zero():
    net = compile_network(templates.build("lenet5"))
    gradients = net.gradients()
    assert gradients["conv1.weight"].shape == (6, 1, 5, 5)
    assert not any(gradient.any() for gradient in gradients.values())


def test_unfit_weights_are_refused_and_change_nothing():
    net = compile_network(templates.build("lenet5"))
    before = net.parameters()
    for wrong in (
        {k: v for k, v in before.items() if k != "dense3.bias"},
        {**before, "extra.weight": np.zeros(3)},
        {**before, "dense3.bias": np.zeros(11)},
    ):
        with pytest.raises(NetworkError, match=r"dense3\.bias|extra\.weight"):
            net.load_parameters(
                {**wrong, "conv1.bias": np.ones(6)} if "conv1.bias" in wrong else wrong
            )
    assert all((before[name] == now).all() for name, now in net.parameters().items())


def test_a_broken_network_is_not_compiled():
    spec = NetworkSpec((28, 28, 1), (Node("d", Dense(10), ("input",)),))
    with pytest.raises(NetworkError, match="Dense needs a vector"):
        compile_network(spec)
