"""What a watched step shows, judged by NumPy on small networks; and that nobody else pays for it."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocess import fit
from nnstudio.data.recipe import Prepared
from nnstudio.data.split import split
from nnstudio.engine import (
    Observation,
    Observed,
    StepEnd,
    TrainingSettings,
    compile_network,
    make_plan,
    train,
)
from nnstudio.engine.breakage import first_not_finite
from nnstudio.engine.observation import ACTIVATIONS, GRADIENTS, QUANTITIES, SATURATION, UPDATES
from nnstudio.engine.optimizers import OPTIMIZERS, Step
from nnstudio.engine.probes import update_ratios
from nnstudio.engine.statistics import histogram_of, saturation_of, size_of
from nnstudio.engine.watch import Watch
from nnstudio.layers import Add, Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sigmoid, Softmax, Tanh
from nnstudio.network import NetworkSpec, Node
from nnstudio.network.layer import Layer, ParameterSpec

DEPTH = 20


def chain(input_shape, *layers):
    nodes = []
    for number, layer in enumerate(layers, start=1):
        nodes.append(Node(f"n{number}", layer, (nodes[-1].id,) if nodes else ("input",)))
    return NetworkSpec(input_shape, tuple(nodes))


def feed_of(images, labels):
    def feed(program, start, end):
        program.fill(images[start:end])
        program.loss.labels[...] = labels[start:end]

    return feed


def watched(network, images, labels, *what, **settings):
    """One step on these images, looked at."""
    feed = feed_of(images, labels)
    watch = Watch(network, Observation(frozenset(what), **settings), feed, len(images))
    network.compute(feed, len(images), dropping=False)
    return watch.finish(1, 1, 1)


@pytest.fixture(scope="module")
def prepared():
    """Two classes told apart by which half of the image is bright."""
    rng = np.random.default_rng(5)
    labels = np.arange(240) % 2
    images = rng.integers(0, 90, (240, 8, 8, 1), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 * label : 4 * label + 4] += 120
    dataset = Dataset(images, labels, ("top", "bottom"), np.zeros(240, np.uint8), (), "halves")
    parts = split(dataset, validation=0.1, test=0.1, seed=0)
    return Prepared(dataset, parts, fit(images, parts.train))


def plan_for(prepared, spec=None, **settings):
    spec = spec or templates.build("mlp", input_shape=(8, 8, 1), classes=2)
    settings = {"epochs": 1, "batch_size": 40, "threads": 1, **settings}
    plan = make_plan(spec, TrainingSettings(**settings), prepared)
    plan.sample_seconds = None
    return plan


def test_gradients_of_weights_and_outputs_are_those_of_the_formulas():
    rng = np.random.default_rng(0)
    spec = chain((4,), Dense(5), ReLU(), Dense(3))
    network = compile_network(spec, dtype=np.float64, seed=2)
    x, labels = rng.normal(size=(7, 4)), rng.integers(0, 3, 7)
    w = network.parameters()
    hidden = x @ w["n1.weight"].T + w["n1.bias"]
    active = np.maximum(hidden, 0)
    z = active @ w["n3.weight"].T + w["n3.bias"]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    dz = (p - np.eye(3)[labels]) / 7
    d_active = dz @ w["n3.weight"]
    d_hidden = d_active * (hidden > 0)
    seen = {layer.node: layer for layer in watched(network, x, labels, GRADIENTS).layers}
    assert list(seen) == ["n1", "n2", "n3"]
    for node, expected in (("n1", d_hidden), ("n2", d_active), ("n3", dz)):
        assert seen[node].arriving.norm == pytest.approx(np.linalg.norm(expected), rel=1e-9)
        assert seen[node].arriving.rms == pytest.approx(np.sqrt(np.mean(expected**2)), rel=1e-9)
    for node, dy, before in (("n1", d_hidden, x), ("n3", dz, active)):
        weight, bias = np.linalg.norm(dy.T @ before), np.linalg.norm(dy.sum(axis=0))
        assert seen[node].gradients["weight"].norm == pytest.approx(weight, rel=1e-9)
        assert seen[node].gradients["bias"].norm == pytest.approx(bias, rel=1e-9)
        assert seen[node].gradient.norm == pytest.approx(np.hypot(weight, bias), rel=1e-9)
        count = dy.shape[1] * before.shape[1] + dy.shape[1]
        assert seen[node].gradient.rms == pytest.approx(np.hypot(weight, bias) / np.sqrt(count))
    assert (seen["n2"].gradients, seen["n2"].gradient) == ({}, None)


def test_gradients_arriving_behind_convolution_and_pooling_equal_finite_differences():
    """A bias that is added to every output of a map collects the gradient that arrives there."""
    rng = np.random.default_rng(1)
    spec = chain((6, 6, 1), Conv2D(2, (3, 3)), ReLU(), MaxPool2D(), Flatten(), Dense(3))
    network = compile_network(spec, dtype=np.float64, seed=3)
    x, labels = rng.normal(size=(5, 1, 6, 6)), rng.integers(0, 3, 5)
    watched(network, x, labels, GRADIENTS)
    program = network.observing.program(5, gradients=True)
    found = {name: gradient.copy() for name, gradient in program.gradients.items()}
    weights = network.parameters()
    for index in range(2):
        losses = []
        for change in (1e-6, -1e-6):
            moved = {name: array.copy() for name, array in weights.items()}
            moved["n1.bias"][index] += change
            network.load_parameters(moved)
            losses.append(network.loss_and_gradients(x, labels)[0])
        difference = (losses[0] - losses[1]) / 2e-6
        assert found["n1"][:, index].sum() == pytest.approx(difference, rel=1e-6)
    # Max pooling hands each gradient on to one place; ReLU's output is what it reads.
    assert found["n2"].sum() == pytest.approx(found["n3"].sum())
    assert np.count_nonzero(found["n2"]) == np.count_nonzero(found["n3"])


def test_a_vanished_gradient_has_a_norm_though_its_square_is_no_float32():
    tiny = np.full((2, 3), 1e-30, np.float32)
    assert size_of(tiny).norm == pytest.approx(1e-30 * 6**0.5, rel=1e-6)
    assert size_of(tiny).rms == pytest.approx(1e-30, rel=1e-6)
    assert size_of(tiny, np.zeros(2, np.float32)).rms == pytest.approx(1e-30 * (6 / 8) ** 0.5)


def test_the_update_ratio_is_of_the_weights_before_and_after(prepared):
    plan = plan_for(prepared, learning_rate=0.05, momentum=0.9)
    plan.observation = Observation({UPDATES}, every_steps=1)
    run = train(plan)
    before = plan.network.parameters()
    compared = 0
    for event in run:
        if isinstance(event, Observed):
            after = plan.network.parameters()
            for layer in event.layers:
                for name, ratio in layer.updates.items():
                    old = before[f"{layer.node}.{name}"].astype(np.float64)
                    new = after[f"{layer.node}.{name}"]
                    expected = np.sqrt(np.mean((new - old) ** 2) / np.mean(old**2))
                    assert ratio == pytest.approx(expected, rel=1e-6)
                    compared += 1
            before = after
    # Biases begin at 0, where no ratio is, and have one from the second step on.
    assert compared == 3 * 5 + 3 * 4


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_change_foretold_is_the_change_made(name):
    rng = np.random.default_rng(0)
    network = compile_network(chain((4,), Dense(5), Dense(3)), dtype=np.float64)
    network.optimizer = OPTIMIZERS[name]()
    step = Step(0.05, weight_decay=0.1)
    assert not network.next_change(step).any()  # there is no gradient yet
    for number in range(1, 3):
        feed = feed_of(rng.normal(size=(6, 4)), rng.integers(0, 3, 6))
        network.compute(feed, 6, dropping=False)
        step = replace(step, number=number)
        before, memory = network.weights.copy(), [m.copy() for m in network.memory]
        foretold = network.next_change(step)
        ratios = update_ratios(network, step)
        np.testing.assert_array_equal(network.weights, before)
        np.testing.assert_array_equal(network.memory, memory)
        network.update(step)
        np.testing.assert_allclose(network.weights - before, foretold, atol=1e-15)
        moved = network.layout.view(network.weights - before, "n1.weight")
        old = network.layout.view(before, "n1.weight")
        assert ratios["n1"] == pytest.approx(np.sqrt(np.mean(moved**2) / np.mean(old**2)))


def test_a_histogram_counts_what_lies_outside_too():
    values = np.array([[-3.0, -1.0, -0.5, 0.0, 0.25, 0.75, 1.0, 2.0, 5.0]])
    wanted = Observation({ACTIVATIONS}, bins=4, low=-1.0, high=1.0)
    seen = histogram_of(values, wanted)
    assert seen.counts.tolist() == [1, 1, 2, 2]
    assert (seen.below, seen.above) == (1, 2)
    assert seen.mean == pytest.approx(4.5 / 9)
    assert seen.deviation == pytest.approx(np.sqrt(40.8750 / 9 - 0.25))
    assert (seen.minimum, seen.maximum) == (-3.0, 5.0)
    # 1, 5, 25, 50, 75, 95 and 99 %: the place in the row of nine is 8 times as much
    assert seen.percentiles == pytest.approx((-2.84, -2.2, -0.5, 0.25, 1.0, 3.8, 4.76))


def test_saturated_are_the_outputs_where_the_function_is_flat():
    # slopes y·(1 − y) = 0.25, 0.0049.., 0.00099.., 0.0196 and 1 − y² = 1, 0.0199, 0.0019.., 0.19
    sigmoid = saturation_of(Sigmoid(), np.array([[0.5, 0.995], [0.001, 0.02]]))
    tanh = saturation_of(Tanh(), np.array([[0.0, 0.99], [-0.999, 0.9]]))
    assert (sigmoid.flat, sigmoid.dead) == (0.5, 0.0)
    assert (tanh.flat, tanh.dead) == (0.25, 0.0)
    assert saturation_of(Dense(2), np.zeros((2, 2))) is None
    assert saturation_of(Dense(2, "sigmoid"), np.array([[0.001, 0.5]])).flat == 0.5


def test_dead_are_units_and_maps_that_are_zero_for_every_image():
    units = np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 3.0]])
    seen = saturation_of(ReLU(), units)
    assert (seen.flat, seen.dead) == (7 / 12, 1 / 4)
    maps = np.zeros((2, 3, 2, 4))
    maps[1, 2, 0, 3] = 1  # one place of one image keeps the third map alive
    assert saturation_of(ReLU(), maps).dead == pytest.approx(2 / 3)


def test_a_unit_with_a_hopeless_bias_is_seen_dead_in_a_training(prepared):
    spec = chain((8, 8, 1), Flatten(), Dense(4, "relu"), Dense(2), Softmax())
    plan = plan_for(prepared, spec)
    weights = plan.network.parameters()
    weights["n2.bias"][:] = [-1e3, 1e3, 1e3, 1e3]
    plan.network.load_parameters(weights)
    plan.observation = Observation({SATURATION}, every_steps=1)
    seen = next(event for event in train(plan) if isinstance(event, Observed))
    found = {layer.node: layer.saturation for layer in seen.layers}
    assert (found["n2"].flat, found["n2"].dead) == (0.25, 0.25)
    assert found["n1"] is None and found["n3"] is None


def test_only_the_layers_and_quantities_that_were_asked_for(prepared):
    plan = plan_for(prepared)
    plan.observation = Observation({ACTIVATIONS}, every_steps=1, nodes={"dense2"}, images=16)
    seen = [event for event in train(plan) if isinstance(event, Observed)]
    assert [event.step for event in seen] == [1, 2, 3, 4, 5]
    for event in seen:
        (layer,) = event.layers
        assert (layer.node, event.images, event.epoch) == ("dense2", 16, 1)
        assert layer.activations.counts.sum() + layer.activations.above == 16 * 256
        assert (layer.gradients, layer.gradient, layer.arriving) == ({}, None, None)
        assert (layer.updates, layer.saturation) == ({}, None)


@pytest.mark.parametrize(
    ("asked", "steps"),
    [({"every_steps": 2}, [1, 2, 4]), ({"every_seconds": 1e-9}, [1, 2, 3, 4, 5])],
)
def test_how_often(prepared, asked, steps):
    plan = plan_for(prepared)
    plan.observation = Observation({GRADIENTS}, **asked)
    events = list(train(plan))
    assert [event.step for event in events if isinstance(event, Observed)] == steps
    for before, event in itertools.pairwise(events):
        if isinstance(event, Observed):
            assert isinstance(before, StepEnd) and before.step == event.step


def test_watching_changes_no_bit_of_a_training(prepared):
    alone, seen = plan_for(prepared, epochs=2), plan_for(prepared, epochs=2)
    seen.observation = Observation(frozenset(QUANTITIES), every_steps=1)
    steps = [[e for e in train(plan) if isinstance(e, StepEnd)] for plan in (alone, seen)]
    assert steps[0] == steps[1]
    for name, array in alone.network.parameters().items():
        assert array.tobytes() == seen.network.parameters()[name].tobytes()


def test_what_is_not_asked_for_is_not_computed(prepared, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("nobody asked")

    monkeypatch.setattr(Watch, "__init__", fail)
    for unasked in (Observation(), Observation(every_steps=1, every_seconds=0.1)):
        plan = plan_for(prepared)
        plan.observation = unasked
        assert not any(isinstance(event, Observed) for event in train(plan))


def test_an_observing_program_is_compiled_once(prepared):
    plan = plan_for(prepared)
    programs = plan.network.observing
    assert programs.program(3) is programs.program(3)
    assert programs.program(3, gradients=True) is programs.program(3, gradients=True)
    assert programs.program(3) is not programs.program(3, gradients=True)
    images = np.random.default_rng(0).normal(size=(3, 1, 8, 8)).astype(np.float32)
    first = plan.network.activations(images)
    plan.network.activations(images * 2)
    again = plan.network.activations(images)
    for node, values in first.items():
        np.testing.assert_array_equal(values, again[node])


@pytest.mark.parametrize("wrong", [{"what": {"weight"}}, {"images": 0}, {"low": 2.0, "high": 2.0}])
def test_a_request_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="observed"):
        Observation(**{"what": {GRADIENTS}, **wrong})


def test_a_way_back_that_overflows_is_named_though_all_outputs_are_finite():
    spec = chain((1,), Dense(1), Dense(1), Dense(2))
    network = compile_network(spec)
    weights = {name: np.zeros_like(array) for name, array in network.parameters().items()}
    weights["n1.weight"][:] = 1e-30
    weights["n2.weight"][:] = 1e30
    weights["n3.weight"][:] = [[1e20], [-1e20]]
    network.load_parameters(weights)
    images = np.ones((4, 1), np.float32)
    labels = np.ones(4, np.int64)
    feed = feed_of(images, labels)
    outcome = network.compute(feed, 4, dropping=False)
    assert np.isfinite(network.predict(images)).all()
    assert not outcome.finite
    # 1·1e20 reaches the second layer, which passes 1e20·1e30 on: too much for float32
    assert first_not_finite(network, feed, 4) == "n2"


def deep(shortcuts):
    """DEPTH blocks of a dense layer and a sigmoid, each with a shortcut around it if wanted."""
    nodes = [Node("d0", Dense(32), ("input",))]
    for number in range(1, DEPTH):
        before = nodes[-1].id
        dense = Node(f"d{number}", Dense(32, initializer="xavier_uniform"), (before,))
        nodes += [dense, Node(f"a{number}", Sigmoid(), (dense.id,))]
        if shortcuts:
            nodes.append(Node(f"s{number}", Add(), (before, f"a{number}")))
    return NetworkSpec((16,), (*nodes, Node("last", Dense(3), (nodes[-1].id,))))


@pytest.mark.parametrize("shortcuts", [False, True])
def test_shortcuts_keep_the_gradient_that_a_deep_stack_loses(shortcuts):
    """Beside y = f(x), y = x + f(x) lets the gradient of y through as it is (He et al. 2015)."""
    network = compile_network(deep(shortcuts), seed=1)
    rng = np.random.default_rng(4)
    images, labels = rng.normal(size=(64, 16)).astype(np.float32), rng.integers(0, 3, 64)
    seen = {layer.node: layer for layer in watched(network, images, labels, GRADIENTS).layers}
    ratio = seen["d0"].gradients["weight"].norm / seen["last"].gradients["weight"].norm
    passed = seen["d0"].arriving.norm / seen[f"d{DEPTH - 1}"].arriving.norm
    if shortcuts:
        assert 1e-2 < ratio < 1e2
        assert 1e-2 < passed < 1e2
    else:
        assert 0 < ratio < 1e-6
        assert 0 < passed < 1e-6


@pytest.mark.parametrize("broken", ["left", "right"])
def test_the_branch_in_which_numbers_break_is_named(broken):
    nodes = (
        Node("d", Dense(2), ("input",)),
        Node("left", Dense(2), ("d",)),
        Node("right", Dense(2), ("d",)),
        Node("sum", Add(), ("left", "right")),
        Node("last", Dense(2), ("sum",)),
    )
    network = compile_network(NetworkSpec((2,), nodes))
    weights = network.parameters()
    weights["d.weight"][:] = 10
    weights[f"{broken}.weight"][:] = 3e38
    network.load_parameters(weights)
    feed = feed_of(np.ones((4, 2), np.float32), np.zeros(4, np.int64))
    assert not network.compute(feed, 4, dropping=False).finite
    assert first_not_finite(network, feed, 4) == broken


@dataclass(frozen=True)
class Scaled(Layer):
    """Divides by the largest number of the batch, and keeps that largest number for predictions."""

    label, stem, category = "Scaled", "scaled", "norm"
    mixes_images = True

    def output_shape(self, *inputs):
        return inputs[0]

    def parameters(self, *inputs):
        return (ParameterSpec("largest", (1,), (0,), 1, 1, "ones", learned=False),)

    def ops(self, *inputs):
        raise NotImplementedError

    def emit(self, b, *inputs):
        (x,) = inputs
        y = b.new(x.value.shape[:-1])
        largest, kept = b.scratch((1, 1)), b.parameter("largest").value
        if b.training:
            b.forward(np.maximum.reduce, x.value, axis=None, out=largest.reshape(()))
            if b.leads:
                b.forward(np.copyto, kept, largest[0])
            b.forward(np.divide, x.value, largest, out=y.value)
        else:
            b.forward(np.divide, x.value, kept, out=y.value)
        dx = b.gradient(x)
        if dx is not None:
            b.backward(np.divide, y.grad, largest, out=dx)
        return y


def kept_largest(network):
    return network.parameters()["n2.largest"].tolist()


def test_what_a_layer_keeps_is_as_before_when_the_numbers_break():
    network = compile_network(chain((2,), Dense(2), Scaled(), Dense(2)))
    weights = network.parameters()
    weights["n1.weight"][:] = np.eye(2)
    network.load_parameters(weights)
    labels = np.zeros(4, np.int64)
    good = feed_of(np.array([[1, 2], [3, 4], [5, 6], [7, 8]], np.float32), labels)
    assert network.compute(good, 4, dropping=False).finite
    assert kept_largest(network) == [8.0]
    bad = feed_of(np.array([[1, 2], [3, 4], [5, 6], [7, np.inf]], np.float32), labels)
    assert not network.compute(bad, 4, dropping=False).finite
    assert kept_largest(network) == [8.0]
    weights["n1.weight"][:] = np.eye(2) * 3e38
    network.load_parameters(weights)
    assert not network.compute(good, 4, dropping=False).finite
    assert kept_largest(network) == [1.0]
    assert first_not_finite(network, good, 4) == "n1"


def test_statistics_of_a_batch_that_break_are_named_with_their_layer():
    """0/0 in the statistics of this batch; by the number that is kept for predictions nothing would break."""
    network = compile_network(chain((2,), Dense(2), Scaled(), Dense(2)))
    weights = network.parameters()
    weights["n1.weight"][:] = 0
    network.load_parameters(weights)
    images = np.ones((40, 2), np.float32)
    feed = feed_of(images, np.zeros(40, np.int64))
    assert np.isfinite(network.predict(images)).all()
    assert not network.compute(feed, 40, dropping=False).finite
    assert first_not_finite(network, feed, 40) == "n2"
    assert kept_largest(network) == [1.0]


def test_looking_leaves_what_layers_keep_alone(prepared):
    spec = chain((8, 8, 1), Flatten(), Dense(4), Scaled(), Dense(2))
    network = compile_network(spec)
    images = np.random.default_rng(0).normal(size=(6, 1, 8, 8)).astype(np.float32)
    feed = feed_of(images, np.zeros(6, np.int64))
    Watch(network, Observation(frozenset(QUANTITIES)), feed, 6)
    assert network.parameters()["n3.largest"].tolist() == [1.0]


def test_one_image_late_in_the_batch_that_breaks_is_found():
    spec = chain((2,), Dense(3), ReLU(), Dense(3), Dense(2))
    network = compile_network(spec)
    weights = network.parameters()
    weights["n3.weight"][:] = 1e30
    weights["n1.weight"][:] = 1
    network.load_parameters(weights)
    images = np.zeros((70, 2), np.float32)
    images[67] = 1e15
    feed = feed_of(images, np.zeros(70, np.int64))
    assert not network.compute(feed, 70, dropping=False).finite
    assert first_not_finite(network, feed, 70) == "n3"
