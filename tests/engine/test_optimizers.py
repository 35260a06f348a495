"""Rules of descent, against numbers worked out by hand and against torch.optim."""

import math

import numpy as np
import pytest

from nnstudio.engine.optimizers import CHUNK, OPTIMIZERS, Step


def run(name, gradients, step, start=(1.0, -2.0)):
    optimizer = OPTIMIZERS[name]()
    weights = np.array(start)
    memory = [np.zeros(2) for _ in optimizer.memory]
    for number, gradient in enumerate(gradients, 1):
        numbers = {**step, "number": number}
        optimizer.update(weights, [np.array(gradient)], memory, Step(**numbers))
    return weights


TWICE = [(0.5, 1.0), (1.0, 0.0)]


def test_two_steps_by_hand():
    rate = {"learning_rate": 0.1, "momentum": 0.9}
    assert run("sgd", TWICE, rate) == pytest.approx([0.85, -2.1])
    # v: (0.5, 1), then (1.45, 0.9).
    assert run("momentum", TWICE, rate) == pytest.approx([1 - 0.05 - 0.145, -2 - 0.1 - 0.09])
    # g + 0.9·v: (0.95, 1.9), then (1 + 1.305, 0.81).
    assert run("nesterov", TWICE, rate) == pytest.approx([1 - 0.095 - 0.2305, -2 - 0.19 - 0.081])
    # s: (0.25, 1), then (1.25, 1).
    assert run("adagrad", TWICE, {**rate, "epsilon": 0.5}) == pytest.approx(
        [1 - 0.1 * 0.5 / 1.0 - 0.1 * 1.0 / (math.sqrt(1.25) + 0.5), -2 - 0.1 / 1.5]
    )
    # s with β = 0.75: (0.0625, 0.25), then (0.296875, 0.1875).
    assert run("rmsprop", TWICE, {**rate, "second": 0.75, "epsilon": 0.25}) == pytest.approx(
        [1 - 0.1 * 0.5 / 0.5 - 0.1 / (math.sqrt(0.296875) + 0.25), -2 - 0.1 / 0.75]
    )


def test_first_step_of_adam_is_the_learning_rate():
    """m̂ = g and ŝ = g² at first, so the step is η·g/(|g| + ε)."""
    found = run("adam", [(0.5, -3.0)], {"learning_rate": 0.1, "epsilon": 0.5})
    assert found == pytest.approx([1 - 0.1 * 0.5 / 1.0, -2 + 0.1 * 3 / 3.5])


def test_decay_joins_the_gradient_except_in_adamw():
    still = [(0.0, 0.0)]
    decay = {"learning_rate": 0.1, "weight_decay": 0.5}
    assert run("sgd", still, decay) == pytest.approx([0.95, -1.9])
    assert run("adamw", still, decay) == pytest.approx([0.95, -1.9])
    # In Adam the decay is divided by its own size: a step of η whatever λ.
    assert run("adam", still, decay) == pytest.approx([0.9, -1.9])


def test_scale_comes_before_clipping():
    step = {"learning_rate": 1.0, "scale": 0.5, "clip_value": 0.3}
    assert run("sgd", [(0.5, -4.0)], step) == pytest.approx([0.75, -1.7])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_number_is_reached_and_gradients_are_summed(name):
    """More than a chunk, in one piece or two, from one gradient or two halves."""
    count = CHUNK + 100
    rng = np.random.default_rng(0)
    start, gradient = rng.normal(size=count), rng.normal(size=count)
    ends = []
    for parts, halves in ((1, 1), (2, 2)):
        optimizer = OPTIMIZERS[name]()
        weights = start.copy()
        memory = [np.zeros(count) for _ in optimizer.memory]
        for number in (1, 2, 3):
            for part in (slice(0, 300), slice(300, count)) if parts == 2 else (slice(0, count),):
                optimizer.update(
                    weights[part],
                    [gradient[part] / halves] * halves,
                    [m[part] for m in memory],
                    Step(0.1, number=number, weight_decay=0.01),
                )
        assert (weights != start).all()
        ends.append(weights)
    np.testing.assert_array_equal(*ends)


@pytest.mark.parametrize("decay", [0.0, 0.05])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_steps_go_where_torch_goes(name, decay):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    start, pull = rng.normal(size=40), rng.uniform(0.5, 5, 40)
    parameter = torch.nn.Parameter(torch.tensor(start))
    rate = 0.02
    theirs = {
        "sgd": lambda p: torch.optim.SGD(p, rate, weight_decay=decay),
        "momentum": lambda p: torch.optim.SGD(p, rate, momentum=0.9, weight_decay=decay),
        "nesterov": lambda p: torch.optim.SGD(
            p, rate, momentum=0.9, nesterov=True, weight_decay=decay
        ),
        "adagrad": lambda p: torch.optim.Adagrad(p, rate, weight_decay=decay, eps=1e-8),
        "rmsprop": lambda p: torch.optim.RMSprop(p, rate, alpha=0.95, weight_decay=decay),
        "adam": lambda p: torch.optim.Adam(p, rate, (0.9, 0.95), weight_decay=decay),
        "adamw": lambda p: torch.optim.AdamW(p, rate, (0.9, 0.95), weight_decay=decay),
    }[name]([parameter])
    ours = OPTIMIZERS[name]()
    weights, memory = start.copy(), [np.zeros(40) for _ in ours.memory]
    for number in range(1, 51):
        gradient = pull * np.sin(3 * weights) + 0.1 * weights
        step = Step(rate, 0.9, 0.95, 1e-8, decay, number)
        ours.update(weights, [gradient], memory, step)
        w = parameter.detach().numpy()
        parameter.grad = torch.tensor(pull * np.sin(3 * w) + 0.1 * w)
        theirs.step()
        assert np.abs(weights - parameter.detach().numpy()).max() <= 1e-5
    assert np.abs(weights - start).max() > 0.1


def test_two_steps_of_adam_by_hand():
    """β₁ = ½, β₂ = ¾, no ε: both steps divided by 1 − βᵗ."""
    found = run(
        "adam", TWICE, {"learning_rate": 0.1, "momentum": 0.5, "second": 0.75, "epsilon": 0.0}
    )
    # m: ¼, then ⅝; s: 1/16, then 19/64. m̂ = (⅝)/(¾), ŝ = (19/64)/(7/16)
    first = 1 + (5 / 8) / (3 / 4) / math.sqrt((19 / 64) / (7 / 16))
    # m: ½, then ¼; s: ¼, then 3/16. m̂ = ⅓, ŝ = 3/7
    second = 1 + (1 / 3) / math.sqrt(3 / 7)
    assert found == pytest.approx([1 - 0.1 * first, -2 - 0.1 * second], rel=1e-12)


def test_ten_steps_of_adamw_by_its_formulas():
    """Loshchilov and Hutter 2019, algorithm 2, number by number in plain Python."""
    gradients = [(math.sin(n), math.cos(3 * n)) for n in range(10)]
    rate, b1, b2, eps, decay = 0.05, 0.8, 0.9, 1e-3, 0.2
    expected = []
    for place, start in enumerate((1.0, -2.0)):
        w, m, s = start, 0.0, 0.0
        for t, gradient in enumerate(gradients, 1):
            g = gradient[place]
            w -= rate * decay * w
            m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
            w -= rate * (m / (1 - b1**t)) / (math.sqrt(s / (1 - b2**t)) + eps)
        expected.append(w)
    step = {"learning_rate": rate, "momentum": b1, "second": b2, "epsilon": eps}
    found = run("adamw", gradients, {**step, "weight_decay": decay})
    assert found == pytest.approx(expected, rel=1e-12)
