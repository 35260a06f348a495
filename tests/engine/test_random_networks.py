"""Networks that nobody thought of: drawn from the registered layers, their gradients judged from outside.

Every layer that is registered takes part, with settings drawn from what it declares. PyTorch's
autograd judges where it is installed (extra "bench"); elsewhere finite differences do.
"""

from math import prod

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from nnstudio.engine import compile_network
from nnstudio.engine.network import to_exchange
from nnstudio.errors import NNStudioError
from nnstudio.layers import Dense, Flatten, Softmax
from nnstudio.network import INPUT_ID, NetworkSpec, Node, layer_types
from nnstudio.network.problems import ShapeError
from nnstudio.settings import CHOICE, INTEGER, PAIR, SWITCH, settings_of

CLASSES, IMAGES = 3, 5
DEEPEST = 12
LARGEST = 1_500
"""Numbers that one node may give for an image: it is a test of rules, not of speed."""
KINDS = [cls for cls in layer_types().values() if cls.reads and not cls.is_output]

FLATTENING = [
    cls for cls in KINDS if any(len(e.output) == 1 < len(e.inputs[0]) for e in cls.EXAMPLES)
]

drawn = settings(
    max_examples=200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def value_of(declared, rnd):
    """A value of this setting: now and then the usual one, else any, but small where sizes are meant."""
    if rnd.random() < 0.3:
        return None if declared.follows else declared.default
    if declared.kind == CHOICE:
        return rnd.choice([value for value, _ in declared.choices])
    if declared.kind == SWITCH:
        return rnd.random() < 0.5
    low = declared.minimum or 0
    if declared.kind == INTEGER:
        return rnd.randint(int(low), int(min(declared.maximum, low + 4)))
    if declared.kind == PAIR:
        return tuple(rnd.randint(int(low), int(min(declared.maximum, low + 2))) for _ in range(2))
    high = min(declared.maximum, max(2 * declared.default, low + 0.1))
    return rnd.choice([declared.default, rnd.uniform(low, high)])


class Drawing:
    """A network while it is drawn: layers in a row, some of which read what lies further back."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.shape = (rnd.randint(3, 8), rnd.randint(3, 8), rnd.randint(1, 3))
        self.shapes = {INPUT_ID: self.shape}
        self.nodes = []

    @property
    def newest(self):
        return list(self.shapes)[-1]

    def add(self, layer, inputs):
        """Whether the layer takes these inputs; then it is there."""
        try:
            made = layer.output_shape(*(self.shapes[source] for source in inputs))
        except ShapeError:
            return False
        if prod(made) > LARGEST:
            return False
        node = Node(f"n{len(self.nodes)}", layer, tuple(inputs))
        self.nodes.append(node)
        self.shapes[node.id] = made
        return True

    def grow(self, *, may_flatten):
        """One layer of a kind and with settings that fit, if some are found in a few tries."""
        cls = self.rnd.choice(KINDS)
        for tries in range(40):
            if tries % 8 == 7:
                cls = self.rnd.choice(KINDS)
            try:
                layer = cls(**{d.name: value_of(d, self.rnd) for d in settings_of(cls)})
            except NNStudioError:
                continue
            inputs = self._inputs(layer)
            flattens = len(self.shapes[inputs[0]]) == 3 and cls in FLATTENING
            if (may_flatten or not flattens) and self.add(layer, inputs):
                return

    def _inputs(self, layer):
        known = list(self.shapes)
        inputs = [self.newest if self.rnd.random() < 0.8 else self.rnd.choice(known)]
        count = layer.reads + (self.rnd.randint(0, 1) if layer.reads_more else 0)
        # Most merges ask for equal shapes.
        alike = [source for source in known if self.shapes[source] == self.shapes[inputs[0]]]
        inputs += [self.rnd.choice(alike) for _ in range(count - 1)]
        self.rnd.shuffle(inputs)
        return inputs

    def finish(self):
        """A dense layer with one unit per class reads what there is, in an answer to each class."""
        if len(self.shapes[self.newest]) != 1:
            self.add(Flatten(), [self.newest])
        self.add(Dense(CLASSES), [self.newest])
        self.add(Softmax(), [self.newest])
        return NetworkSpec(self.shape, tuple(self.nodes))


@st.composite
def networks(draw):
    """Up to DEEPEST layers with branches, then a dense layer."""
    rnd = draw(st.randoms(use_true_random=True))
    drawing = Drawing(rnd)
    depth = rnd.randint(1, DEEPEST)
    for number in range(depth):
        drawing.grow(may_flatten=2 * number >= depth)
    return drawing.finish()


def material(spec, seed):
    """Weights near those of a fresh network but none of them zero, images, and labels."""
    rng = np.random.default_rng(seed)
    height, width, channels = spec.input_shape
    images = rng.normal(size=(IMAGES, channels, height, width)).astype(np.float32)
    fresh = compile_network(spec, seed=seed % 1000).parameters()
    weights = {
        name: (array + 0.1 * rng.normal(size=array.shape)).astype(np.float32)
        for name, array in fresh.items()
    }
    return weights, images, rng.integers(0, CLASSES, IMAGES)


def loaded(spec, weights, dtype):
    network = compile_network(spec, dtype=dtype)
    network.load_parameters(weights)
    return network


def observed(network, images, labels):
    """What every node gives and which gradient arrives there, with images first."""
    program = network.observing.program(len(images), gradients=True)
    program.fill(images)
    program.loss.labels[...] = labels
    program.loss.scale[...] = 1 / len(images)
    program.forward()
    program.backward()
    ids = {node.id for node in network.nodes}
    return [
        {name: to_exchange(value) for name, value in arrays.items() if name in ids}
        for arrays in (program.values, program.gradients)
    ]


def assert_alike(found, expected):
    """Of the nodes that both know: autograd follows none in front of the first weights."""
    for name in set(found) & set(expected):
        error = np.abs(found[name] - expected[name]).max()
        assert error <= 1e-8 * max(float(np.abs(expected[name]).max()), 1e-30), name


def errors(spec, found, expected):
    """Parameter name to its largest error relative to the largest entry of its layer.

    Of the layer, because a bias's gradient is a sum that may cancel: what is left of it is then
    small beside the rounding of what was summed. In front of a normalisation whole layers cancel:
    what they scale or shift is undone, and their gradient is held against the network's largest.
    """
    normalised = any(node.layer.category == "norm" for node in spec)
    of_all = max(float(np.abs(gradient).max()) for gradient in expected.values())
    largest = dict.fromkeys((node.id for node in spec), of_all / 20) if normalised else {}
    for name, gradient in expected.items():
        node = name.split(".")[0]
        largest[node] = max(largest.get(node, 1e-30), float(np.abs(gradient).max()))
    return {
        name: float(np.abs(gradient - expected[name]).max()) / largest[name.split(".")[0]]
        for name, gradient in found.items()
    }


def test_the_networks_are_of_every_kind_deep_and_branched():
    kinds, depths, branches = set(), [], 0

    @drawn
    @given(networks(), st.integers(0, 2**31 - 8))
    def look(spec, _):
        nonlocal branches
        kinds.update(type(node.layer) for node in spec)
        depths.append(len(spec.ordered()))
        read = [source for node in spec for source in node.inputs]
        branches += len(read) > len(set(read))

    look()
    assert len(depths) >= 200
    assert set(KINDS) <= kinds
    assert max(depths) >= DEEPEST
    assert branches >= 50


@drawn
@given(networks(), st.integers(0, 2**31 - 8))
def test_gradients_equal_those_of_autograd(spec, seed):
    pytest.importorskip("torch")
    from onnx_in_torch import KinkError, Reference

    for attempt in range(4):
        weights, images, labels = material(spec, seed + attempt)
        judge = Reference(spec)
        try:
            loss, expected = judge.gradients(weights, images, labels)
        except KinkError:
            continue
        break
    else:
        reject()  # ties that no other numbers undo: the largest of pixels that were repeated, say
    network = loaded(spec, weights, np.float64)
    exact_loss, exact = network.loss_and_gradients(images, labels)
    assert exact_loss == pytest.approx(loss, rel=1e-9)
    assert max(errors(spec, exact, expected).values()) <= 1e-8, errors(spec, exact, expected)
    outputs, arriving = observed(network, images, labels)
    assert_alike(outputs, judge.outputs)
    assert_alike(arriving, judge.arriving)
    network = loaded(spec, weights, np.float32)
    single_loss, single = network.loss_and_gradients(images, labels)
    assert single_loss == pytest.approx(loss, rel=1e-5)
    for name, error in errors(spec, single, expected).items():
        assert error <= 1e-5, (name, error)


@drawn
@given(networks(), st.integers(0, 2**31 - 8))
def test_gradients_equal_finite_differences(spec, seed):
    """A few entries of each parameter in float64; where a kink lies between, the two sides disagree."""
    weights, images, labels = material(spec, seed)
    weights = {name: array.astype(np.float64) for name, array in weights.items()}
    network = loaded(spec, weights, np.float64)
    loss, found = network.loss_and_gradients(images, labels)
    rng = np.random.default_rng(seed)
    step = 1e-6
    for name, gradient in found.items():
        for index in rng.integers(0, gradient.size, 2):
            sides = []
            for change in (step, -step):
                moved = {n: array.copy() for n, array in weights.items()}
                moved[name].flat[index] += change
                network.load_parameters(moved)
                sides.append((network.loss_and_gradients(images, labels)[0] - loss) / change)
            largest = np.abs(gradient).max()
            if abs(sides[0] - sides[1]) <= 1e-3 * (largest + 1e-3):
                difference = abs(sum(sides) / 2 - gradient.flat[index])
                rounding = 4 * np.finfo(float).eps * abs(loss) / step
                assert difference <= 1e-5 * (largest + 1e-3) + rounding, (name, index, difference)
