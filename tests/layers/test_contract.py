"""What every registered layer must do, asked of each of its examples."""

import numpy as np
import pytest

from nnstudio.engine.builder import CallBuilder, Parameter
from nnstudio.engine.initializers import INITIALIZERS
from nnstudio.layers import GlobalMaxPool, MaxPool2D
from nnstudio.network import NetworkSpec, Node, layer_types
from nnstudio.network.shapes import infer
from nnstudio.settings import settings_of

BATCH = 3
CASES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, cls in layer_types().items()
    for number, example in enumerate(cls.EXAMPLES)
]


@pytest.mark.parametrize("name", layer_types())
def test_explains_itself_and_gives_examples(name):
    cls = layer_types()[name]
    assert cls.EXAMPLES, f"{name} has no examples"
    assert cls.label and cls.stem
    for declared in settings_of(cls):
        assert declared.label and declared.help.endswith("."), declared.name


@pytest.mark.parametrize("example", CASES)
def test_shape(example):
    assert example.layer.output_shape(*example.inputs) == example.output


@pytest.mark.parametrize("example", CASES)
def test_is_the_same_after_saving(example):
    node = Node("layer", example.layer, ("input",))
    spec = NetworkSpec(example.inputs[0], (node,))
    assert NetworkSpec.from_dict(spec.as_dict()) == spec


@pytest.mark.parametrize("example", CASES)
def test_names_its_parameters_to_exporters(example):
    inputs = {"input", *(f"input{n}" for n in range(1, len(example.inputs)))}
    names = {*inputs, *(p.name for p in example.layer.parameters(*example.inputs))}
    used = set()
    for op in example.layer.ops(*example.inputs):
        assert set(op.inputs) - {""} <= names | set(op.constants), op
        assert set(op.constants) <= set(op.inputs), op
        used |= set(op.inputs)
        names.add(op.output)
    assert "output" in names
    assert used >= {p.name for p in example.layer.parameters(*example.inputs)}
    assert len(inputs) == 1 or used >= inputs


class Bench:
    """One layer compiled alone in float64, with a loss Σ seen·y whose gradient is known: ``seen``."""

    def __init__(self, layer, *shapes, readers=1, observing=False):
        rng = np.random.default_rng(7)
        self.values, self.grads = {}, {}
        for spec in layer.parameters(*shapes):
            name = f"n.{spec.name}"
            self.values[name] = rng.normal(size=spec.shape)
            self.grads[name] = np.full(spec.shape, np.nan) if spec.learned else None
        # What is kept from step to step must not change the answer of a training step.
        self.kept = {n: self.values[n].copy() for n, g in self.grads.items() if g is None}
        self.generator = np.random.Generator(np.random.PCG64(1))
        self.masks = self.generator.bit_generator.state
        self.b = CallBuilder(
            BATCH,
            np.dtype(np.float64),
            training=True,
            dropping=True,
            observing=observing,
            generator=self.generator,
            parameters=lambda name: Parameter(self.values[name], self.grads[name]),
        )
        self.xs = [self.b.new(shape) for shape in shapes]
        for x in self.xs:
            x.uses = readers
        self.starts = [rng.normal(size=x.value.shape) for x in self.xs]
        self.y = [
            self.b.run_stage("n", lambda: layer.emit(self.b, *self.xs)) for _ in range(readers)
        ]
        self.seen = [rng.normal(size=y.value.shape) for y in self.y]

    def loss(self):
        self.generator.bit_generator.state = self.masks
        for x, start in zip(self.xs, self.starts, strict=True):
            x.value[...] = start
        for name, kept in self.kept.items():
            self.values[name][...] = kept
        for function, args, options in self.b.forward_calls:
            function(*args, **options)
        return sum(float(np.sum(s * y.value)) for s, y in zip(self.seen, self.y, strict=True))

    def gradients(self):
        self.loss()
        for x in self.xs:
            x.grad.fill(np.nan)
        for y, seen in zip(self.y, self.seen, strict=True):
            y.grad[...] = seen
        for function, args, options in self.b.backward_calls:
            function(*args, **options)
        learned = {n: grad.copy() for n, grad in self.grads.items() if grad is not None}
        return [x.grad.copy() for x in self.xs], learned

    def by_differences(self, array, eps=1e-6):
        found = np.empty(array.shape)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + eps
            above = self.loss()
            array[index] = kept - eps
            found[index] = (above - self.loss()) / (2 * eps)
            array[index] = kept
        return found


def assert_close(found, expected):
    error = np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-12)
    assert error <= 1e-6, error


@pytest.mark.parametrize("example", [c for c in CASES if c.values[0].layer.reads])
def test_gradient_equals_finite_differences(example):
    bench = Bench(example.layer, *example.inputs)
    dxs, parameters = bench.gradients()
    for dx, start in zip(dxs, bench.starts, strict=True):
        assert_close(dx, bench.by_differences(start))
    for name, found in parameters.items():
        assert_close(found, bench.by_differences(bench.values[name]))


@pytest.mark.parametrize("example", [c for c in CASES if c.values[0].layer.reads])
def test_gradients_of_two_readers_add_up(example):
    bench = Bench(example.layer, *example.inputs, readers=2)
    dxs, _ = bench.gradients()
    for dx, start in zip(dxs, bench.starts, strict=True):
        assert_close(dx, bench.by_differences(start))


@pytest.mark.parametrize("example", [c for c in CASES if c.values[0].layer.reads])
def test_what_is_observed_stays_as_it_was(example):
    """Layers work in place where they may; in an observing program nothing may be overwritten."""
    bench = Bench(example.layer, *example.inputs, observing=True)
    bench.loss()
    given = bench.y[0].value.copy()
    bench.gradients()
    for x, start in zip(bench.xs, bench.starts, strict=True):
        np.testing.assert_array_equal(x.value, start)
    np.testing.assert_array_equal(bench.y[0].value, given)
    np.testing.assert_array_equal(bench.y[0].grad, bench.seen[0])


@pytest.mark.parametrize("example", [c for c in CASES if c.values[0].layer.reads])
def test_gradients_are_the_same_while_everything_is_observed(example):
    plain, observed = (Bench(example.layer, *example.inputs, observing=how) for how in (0, 1))
    (dxs, parameters), (seen, others) = plain.gradients(), observed.gradients()
    for dx, other in zip(dxs, seen, strict=True):
        np.testing.assert_allclose(other, dx, rtol=1e-12, atol=1e-14)
    for name, found in parameters.items():
        np.testing.assert_allclose(others[name], found, rtol=1e-12, atol=1e-14)


SLOPED = [
    c
    for c in CASES
    if c.values[0].layer.slope(np.zeros((1,) * (len(c.values[0].output) + 1))) is not None
]


@pytest.mark.parametrize("example", SLOPED)
def test_the_slope_that_a_layer_tells_is_that_of_its_gradient(example):
    bench = Bench(example.layer, *example.inputs)
    bench.loss()
    slope = np.asarray(example.layer.slope(bench.y[0].value.copy()), np.float64)
    dxs, parameters = bench.gradients()
    if "n.bias" in parameters:
        assert_close(parameters["n.bias"], (bench.seen[0] * slope).sum(axis=-1))
    else:
        assert_close(dxs[0], bench.seen[0] * slope)


@pytest.mark.parametrize("example", CASES)
def test_infers_the_example_inside_a_network(example):
    spec = NetworkSpec(
        example.inputs[0], (Node("layer", example.layer, ("input",) * len(example.inputs)),)
    )
    if len(set(example.inputs)) > 1:
        pytest.skip("its inputs differ: one network input cannot give them all")
    inference = infer(spec)
    assert inference.shapes["layer"] == example.output
    assert not inference.problems


@pytest.mark.parametrize("values", [[[3, 3], [3, 3]], [[1, 3], [3, 3]], [[1, 3], [2, 3]]])
@pytest.mark.parametrize("layer", [MaxPool2D(), MaxPool2D((2, 2), (1, 1))])
def test_of_equal_values_the_leftmost_and_there_the_topmost_gets_the_gradient(layer, values):
    winner = {(3, 3): (0, 0), (1, 3): (1, 0), (1, 2): (0, 1)}[values[0][0], values[1][0]]
    for pool in (layer, GlobalMaxPool()):
        bench = Bench(pool, (2, 2, 1))
        bench.starts[0][...] = np.array(values, float).reshape(2, 1, 2, 1)
        for seen in bench.seen:
            seen[...] = 1.0
        (dx,), _ = bench.gradients()
        assert [tuple(at) for at in np.argwhere(dx[:, 0, :, 0])] == [winner]
        assert dx.max() == 1


def test_every_initializer_that_a_layer_names_exists():
    for cls in layer_types().values():
        for example in cls.EXAMPLES:
            for parameter in example.layer.parameters(*example.inputs):
                assert parameter.initializer in INITIALIZERS
