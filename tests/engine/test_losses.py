"""Losses against numbers worked out on paper, finite differences, and PyTorch where it is installed."""

import math

import numpy as np
import pytest

from nnstudio.engine import (
    LossChoice,
    compile_network,
    cross_entropy,
    objective_of,
    probabilities,
)
from nnstudio.engine.losses.objective import RULES
from nnstudio.layers import Dense, Sigmoid, Softmax
from nnstudio.network import NetworkSpec, Node
from nnstudio.network.heads import (
    ABSOLUTE,
    AUTO,
    BINARY,
    CROSS_ENTROPY,
    HINGE,
    SQUARED,
    answers_of,
)

NAMES = ("cat", "dog", "owl")
PLAIN = Node("d", Dense(3, initializer="xavier_uniform"), ("input",))


def spec_of(units, ending=None):
    nodes = [Node("d", Dense(units), ("input",))]
    if ending is not None:
        nodes.append(Node("end", ending, ("d",)))
    return NetworkSpec((2,), tuple(nodes))


def network_of(
    spec, names, loss=AUTO, *, counts=(), smoothing=0.0, weights="none", dtype=np.float64
):
    choice = LossChoice(loss, smoothing, weights)
    return compile_network(spec, dtype=dtype, objective=objective_of(spec, names, choice, counts))


def loss_of(outputs, label, names=NAMES, ending=None, **options):
    """The loss of one image that the dense layer answers with ``outputs``."""
    network = network_of(spec_of(len(outputs), ending), names, **options)
    network.load_parameters({"d.weight": np.zeros((len(outputs), 2)), "d.bias": np.array(outputs)})
    loss, gradients = network.loss_and_gradients(np.zeros((1, 2)), np.array([label]))
    return loss, gradients["d.bias"].tolist()


def test_cross_entropy_with_label_smoothing():
    # softmax(0, ln 2, ln 5) = 1/8, 2/8, 5/8; targets of class 1 with ε = 0.3: 0.1, 0.8, 0.1
    loss, gradient = loss_of([0, math.log(2), math.log(5)], 1, ending=Softmax(), smoothing=0.3)
    assert loss == pytest.approx(
        -0.1 * math.log(1 / 8) - 0.8 * math.log(2 / 8) - 0.1 * math.log(5 / 8)
    )
    assert gradient == pytest.approx([1 / 8 - 0.1, 2 / 8 - 0.8, 5 / 8 - 0.1])


def test_balanced_weights_count_a_rare_class_more():
    # 8 images, 2 classes: weights 8/(2·6) and 8/(2·2)
    common, rare = (
        loss_of([0.0, 0.0], label, ("a", "b"), Softmax(), counts=(6, 2), weights="balanced")
        for label in (0, 1)
    )
    assert common[0] == pytest.approx(8 / 12 * math.log(2))
    assert rare[0] == pytest.approx(2 * math.log(2))
    assert rare[1] == pytest.approx([1.0, -1.0])


def test_binary_cross_entropy_of_one_output():
    # σ(ln 3) = 3/4
    no, yes = (loss_of([math.log(3)], label, ("no", "yes"), Sigmoid()) for label in (0, 1))
    assert no[0] == pytest.approx(-math.log(1 / 4)) and no[1] == pytest.approx([3 / 4])
    assert yes[0] == pytest.approx(-math.log(3 / 4)) and yes[1] == pytest.approx([-1 / 4])


def test_binary_cross_entropy_of_an_output_per_class_is_their_mean():
    loss, gradient = loss_of([0.0, math.log(3), 0.0], 1, ending=Sigmoid())
    assert loss == pytest.approx((2 * math.log(2) - math.log(3 / 4)) / 3)
    assert gradient == pytest.approx([1 / 6, -1 / 12, 1 / 6])


def test_errors_of_an_output_per_class():
    squared, absolute = (loss_of([0.5, 3.0, -1.0], 1, loss=loss) for loss in (SQUARED, ABSOLUTE))
    # off by 0.5, 2, −1
    assert squared[0] == pytest.approx((0.25 + 4 + 1) / 3)
    assert squared[1] == pytest.approx([1 / 3, 4 / 3, -2 / 3])
    assert absolute[0] == pytest.approx(3.5 / 3)
    assert absolute[1] == pytest.approx([1 / 3, 1 / 3, -1 / 3])


def test_hinge_of_an_output_per_class():
    # true 1.0; max(0, 1 − 1 + 0.5) + max(0, 1 − 1 − 3) = 0.5
    loss, gradient = loss_of([0.5, 1.0, -3.0], 1, loss=HINGE)
    assert loss == pytest.approx(0.5 / 3)
    assert gradient == pytest.approx([1 / 3, -1 / 3, 0])


def test_hinge_of_one_output():
    names = ("no", "yes")
    assert loss_of([0.25], 1, names, loss=HINGE) == (pytest.approx(0.75), [-1])
    assert loss_of([0.25], 0, names, loss=HINGE) == (pytest.approx(1.25), [1])
    assert loss_of([1.5], 1, names, loss=HINGE) == (0, [0])


def test_numbers_are_compared_in_units_of_their_spread():
    # 10, 20, 30: middle 20, spread √(200/3); an output of 1 means 20 + spread
    spread = math.sqrt(200 / 3)
    loss, gradient = loss_of([1.0], 2, ("10", "20", "30"))
    off = 1 - 10 / spread
    assert loss == pytest.approx(off**2) and gradient == pytest.approx([2 * off])
    objective = network_of(spec_of(1), ("10", "20", "30")).objective
    assert objective.of_numbers
    assert objective.numbers(np.array([[1.0], [0.0]])).tolist() == pytest.approx([20 + spread, 20])


CASES = [
    (3, Softmax(), AUTO),
    (3, Sigmoid(), AUTO),
    (3, None, SQUARED),
    (3, None, ABSOLUTE),
    (3, None, HINGE),
    (3, Sigmoid(), SQUARED),
    (1, Sigmoid(), AUTO),
    (1, None, HINGE),
    (1, None, SQUARED),
]


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize(("units", "ending", "loss"), CASES)
def test_gradients_equal_finite_differences(units, ending, loss, smoothing):
    names = NAMES if units == 3 else ("no", "yes")
    counts = (5, 9, 2)[: len(names)]
    network = network_of(
        spec_of(units, ending),
        names,
        loss,
        counts=counts,
        smoothing=smoothing,
        weights="balanced",
    )
    rng = np.random.default_rng(3)
    x, labels = rng.normal(size=(7, 2)), rng.integers(0, len(names), 7)
    weights = {name: rng.normal(size=array.shape) for name, array in network.parameters().items()}
    network.load_parameters(weights)
    _, gradients = network.loss_and_gradients(x, labels)
    for name, gradient in gradients.items():
        for index in np.ndindex(gradient.shape):
            losses = []
            for change in (1e-6, -1e-6):
                moved = {n: array.copy() for n, array in weights.items()}
                moved[name][index] += change
                network.load_parameters(moved)
                losses.append(network.loss_and_gradients(x, labels)[0])
            expected = (losses[0] - losses[1]) / 2e-6
            assert gradient[index] == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("units", "ending", "loss"), CASES)
def test_enormous_outputs_give_finite_losses(units, ending, loss):
    names = NAMES if units == 3 else ("no", "yes")
    network = network_of(spec_of(units, ending), names, loss, dtype=np.float32)
    for size in (1e4, -1e4):
        bias = np.full(units, size, np.float32)
        bias[0] = -size
        network.load_parameters({"d.weight": np.zeros((units, 2), np.float32), "d.bias": bias})
        for label in range(len(names)):
            found, gradients = network.loss_and_gradients(
                np.zeros((2, 2), np.float32), np.array([label, label])
            )
            assert math.isfinite(found)
            assert all(np.isfinite(gradient).all() for gradient in gradients.values())


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_losses_equal_those_of_pytorch(smoothing):
    torch = pytest.importorskip("torch")
    from torch.nn import functional

    rng = np.random.default_rng(8)
    x, labels = rng.normal(size=(20, 2)), rng.integers(0, 3, 20)
    one_hot = np.eye(3)[labels]
    judges = {
        (CROSS_ENTROPY, Softmax()): lambda z, t: functional.cross_entropy(
            z, t, label_smoothing=smoothing
        ),
        (BINARY, Sigmoid()): lambda z, t: functional.binary_cross_entropy_with_logits(
            z, torch.tensor(one_hot) * (1 - smoothing) + smoothing / 2
        ),
        (SQUARED, None): lambda z, t: functional.mse_loss(z, torch.tensor(one_hot)),
        (ABSOLUTE, None): lambda z, t: functional.l1_loss(z, torch.tensor(one_hot)),
        (HINGE, None): functional.multi_margin_loss,
    }
    for (loss, ending), judge in judges.items():
        network = network_of(spec_of(3, ending), NAMES, loss, smoothing=smoothing)
        found, gradients = network.loss_and_gradients(x, labels)
        leaves = {n: torch.tensor(a, requires_grad=True) for n, a in network.parameters().items()}
        z = torch.tensor(x) @ leaves["d.weight"].T + leaves["d.bias"]
        expected = judge(z, torch.tensor(labels))
        expected.backward()
        assert found == pytest.approx(float(expected.detach()), rel=1e-12), loss
        for name, leaf in leaves.items():
            np.testing.assert_allclose(gradients[name], leaf.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_what_outputs_mean():
    z = np.array([[0.0], [math.log(3)]])
    binary = network_of(spec_of(1, Sigmoid()), ("no", "yes")).objective
    np.testing.assert_allclose(binary.shares(z), [[0.5, 0.5], [0.25, 0.75]])
    error = network_of(spec_of(1), ("no", "yes"), SQUARED).objective
    np.testing.assert_allclose(error.shares(np.array([[0.2], [1.7]])), [[0.8, 0.2], [0, 1]])
    several = network_of(spec_of(3, Sigmoid()), NAMES).objective
    np.testing.assert_allclose(several.shares(np.zeros((1, 3))), [[0.5, 0.5, 0.5]])


def test_judging_leaves_smoothing_and_weights_out():
    objective = network_of(
        spec_of(3, Softmax()), NAMES, counts=(1, 5, 9), smoothing=0.3, weights="balanced"
    ).objective
    assert objective.losses(np.zeros((2, 3)), np.array([0, 2])).tolist() == pytest.approx(
        [math.log(3)] * 2
    )


def judged(loss, outputs, targets):
    """What ``each`` says of images in columns."""
    return RULES[loss].each(np.array(outputs), np.array(targets)).tolist()


def test_the_losses_by_which_networks_are_judged():
    ln = math.log
    # two images in columns: outputs (0, ln 3) and (ln 2, 0), true classes 1 and 0
    z, one_hot = [[0.0, ln(2)], [ln(3), 0.0]], [[0.0, 1.0], [1.0, 0.0]]
    assert judged(CROSS_ENTROPY, z, one_hot) == pytest.approx([-ln(3 / 4), -ln(2 / 3)])
    # σ: ½ and ¾; ⅔ and ½
    assert judged(BINARY, z, one_hot) == pytest.approx(
        [(ln(2) - ln(3 / 4)) / 2, (ln(2) - ln(2 / 3)) / 2]
    )
    y = [[0.5, -1.0, 2.0], [3.0, 1.0, 2.0]]
    t = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    assert judged(SQUARED, y, t) == pytest.approx([(0.25 + 9) / 2, 0.5, 4])
    assert judged(ABSOLUTE, y, t) == pytest.approx([3.5 / 2, 0.5, 2])
    # 1 − 0.5 + 3, 1 − 1 − 1, 1 − 2 + 2 of two classes, true 0, 1, 1
    assert judged(HINGE, y, [[1, -1, -1], [-1, 1, 1]]) == pytest.approx([3.5 / 2, 0, 0.5])
    assert judged(HINGE, [[0.25, 0.25, 2.0]], [[1, -1, 1]]) == pytest.approx([0.75, 1.25, 0])


@pytest.mark.parametrize("loss", [CROSS_ENTROPY, BINARY])
def test_judging_enormous_outputs_gives_finite_losses(loss):
    found = judged(loss, [[1e4, -1e4], [0.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]])
    # the mean over both outputs, of which one costs ln 2, or the one loss of both
    expected = {CROSS_ENTROPY: 1e4, BINARY: (1e4 + math.log(2)) / 2}[loss]
    assert found == pytest.approx([expected] * 2, rel=1e-12)


def test_enormous_outputs_with_smoothed_labels_give_finite_losses():
    # targets 0.1, 0.8, 0.1; −Σ t·ln p with ln p = (0, −10⁴, −2·10⁴)
    loss, gradient = loss_of([1e4, 0.0, -1e4], 1, ending=Softmax(), smoothing=0.3)
    assert loss == pytest.approx(0.8 * 1e4 + 0.1 * 2e4)
    assert gradient == pytest.approx([0.9, -0.8, -0.1])


def test_smoothed_yes_and_no():
    # σ(0) = ½; targets 0.1 and 0.9
    no, yes = (loss_of([0.0], label, ("no", "yes"), Sigmoid(), smoothing=0.2) for label in (0, 1))
    assert (no[1], yes[1]) == (pytest.approx([0.4]), pytest.approx([-0.4]))


def test_classes_without_images_leave_the_weights_of_the_others():
    objective = network_of(
        spec_of(3, Softmax()), NAMES, counts=(6, 0, 2), weights="balanced"
    ).objective
    # 8 images of 2 classes that there are: 8/(2·6) and 8/(2·2)
    assert objective.targets.weights == pytest.approx((8 / 12, 0, 2))


def test_two_numbers_are_two_classes():
    objective = network_of(spec_of(1), ("0", "1"), SQUARED).objective
    assert not objective.of_numbers
    three = network_of(spec_of(1), ("0", "1", "2"), SQUARED).objective
    assert three.of_numbers


def hits_of(network, outputs, labels):
    """What counts as right when the dense layer answers each image with ``outputs`` (N, outputs)."""
    outputs = np.array(outputs, float)
    weight = np.zeros((outputs.shape[1], 2))
    weight[:, 0] = 1.0
    network.load_parameters({"d.weight": weight, "d.bias": np.zeros(outputs.shape[1])})

    def feed(program, start, end):
        program.fill(np.repeat(outputs[start:end, :1], 2, axis=1))
        program.loss.labels[...] = labels[start:end]

    return network.compute(feed, len(labels), dropping=False).hits


def test_one_output_names_the_second_class_above_the_middle():
    answers, labels = [[0.3], [0.6], [0.3], [-0.2]], [0, 1, 0, 0]
    for loss in (SQUARED, ABSOLUTE):
        error = network_of(spec_of(1), ("no", "yes"), loss)
        assert hits_of(error, answers, labels) == 4  # above ½
    binary = network_of(spec_of(1, Sigmoid()), ("no", "yes"))
    assert hits_of(binary, answers, labels) == 2  # above 0: wrong where it is 0.3
    hinge = network_of(spec_of(1), ("no", "yes"), HINGE)
    assert hits_of(hinge, [[0.3], [0.6], [-0.3], [-0.2]], [1, 1, 1, 0]) == 3


def test_numbers_count_by_the_share_of_the_variance_that_is_explained():
    """10, 20 and 30 are −a, 0 and a in units of their spread; of images 1 : 1 : 2 the mean is a/4."""
    a = 10 / math.sqrt(200 / 3)
    network = network_of(spec_of(1), ("10", "20", "30"), counts=(1, 1, 2))
    labels = np.array([0, 1, 2, 2])
    assert hits_of(network, [[-a], [0], [a], [a]], labels) == pytest.approx(4)
    assert hits_of(network, [[a / 4]] * 4, labels) == pytest.approx(0, abs=1e-12)
    # the variance is (1 + 0 + 2)/4·a² − (a/4)² = 11/16·a²
    assert hits_of(network, [[0]], [2]) == pytest.approx(1 - 16 / 11)


def test_probabilities_and_their_loss_by_hand():
    found = probabilities(np.array([[1e4, 0.0], [0.0, math.log(3)]]))
    np.testing.assert_allclose(found, [[1, 0], [1 / 4, 3 / 4]], atol=1e-15)
    logits = np.array([[0.0, math.log(3)], [math.log(4), 0.0], [1e4, 0.0]])
    expected = (-math.log(3 / 4) - math.log(4 / 5) + 1e4) / 3
    assert cross_entropy(logits, [1, 0, 1]) == pytest.approx(expected)


def test_differences_too_small_to_have_a_spread_are_names():
    assert answers_of(("1e-29", "2e-29", "3e-29")).numbers
    assert not answers_of(("1e-320", "2e-320", "3e-320")).numbers
