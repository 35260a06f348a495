"""Trying out learning rates: on a problem whose largest stable rate is known, and from the command line."""

import json
import math

import numpy as np
import pytest

from nnstudio.cli import main
from nnstudio.data.recipe import DataRecipe, prepare
from nnstudio.engine import TrainingSettings, make_plan
from nnstudio.engine.network import Outcome
from nnstudio.engine.optimizers import Step
from nnstudio.engine.rate_range import RatePoint, range_test, suggested
from nnstudio.templates import build


@pytest.fixture(scope="module")
def digits():
    return prepare(DataRecipe(count=600))


def tried(digits, **changes):
    plan = make_plan(build("mlp"), TrainingSettings(threads=1, **changes), digits)
    return list(range_test(plan))


def test_rates_grow_by_a_fixed_factor_and_the_smoothed_loss_is_their_average(digits):
    points = tried(digits)
    rates = [point.rate for point in points]
    assert rates[0] == 1e-5
    factors = np.diff(np.log(rates))
    np.testing.assert_allclose(factors, math.log(1e6) / 99)
    running = weight = 0.0
    for point in points:
        running, weight = 0.9 * running + 0.1 * point.loss, 0.9 * weight + 0.1
        assert point.smoothed == pytest.approx(running / weight)


def test_it_ends_when_the_loss_explodes_and_suggests_a_rate_before(digits):
    points = tried(digits)
    assert len(points) < 100
    best = min(points, key=lambda point: point.smoothed)
    found = suggested(points)
    assert found is not None and points[0].rate < found <= best.rate
    # the default of 0.01 learns well here: the suggestion is of its order
    assert 1e-3 < found < 0.3


def curve(*losses):
    """Points at 10⁻⁴, 10⁻³, … with these smoothed losses."""
    return [RatePoint(n + 1, 10.0 ** (n - 4), loss, loss) for n, loss in enumerate(losses)]


def test_the_suggestion_is_a_tenth_of_the_rate_with_the_lowest_loss():
    # lowest at 10⁻¹
    assert suggested(curve(2.3, 2.2, 1.5, 0.6, 0.9, 4.0)) == pytest.approx(1e-2)
    # still falling at the end, 1
    assert suggested(curve(2.3, 2.2, 1.5, 1.2, 1.1)) == pytest.approx(1e-1)
    # it only ever rose, or the first step already broke
    assert suggested(curve(2.3, 2.4, 3.5)) is None
    assert suggested([]) is None


def test_the_command_prints_points_and_a_suggestion(capsys):
    arguments = ["lr-range", "mlp", "--data", "digits", "--threads", "1", "--steps", "60"]
    assert main([*arguments, "--json"]) == 0
    *points, last = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert last["event"] == "suggestion" and 1e-4 < last["learning_rate"] < 1
    assert [point["step"] for point in points] == list(range(1, len(points) + 1))
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert f"--learning-rate {last['learning_rate']:.1g}" in said and said.count("#") > 100


class Pretended:
    """A plan whose losses are given, which notes what it is asked."""

    def __init__(self, losses, *, images=7, batch_size=3):
        self.batch_size = batch_size
        self.losses, self.images = list(losses), images
        self.network = self.feed = self
        self.computed, self.updates = [], []

    def order(self):
        return np.arange(self.images)[::-1]

    def at(self, rows):
        return rows

    def compute(self, rows, count, *, dropping, step):
        assert dropping and count == len(rows)
        self.computed.append((step, rows.tolist()))
        loss = self.losses[step]
        return Outcome(loss, 0, math.isfinite(loss))

    def update(self, given):
        """Of a plan: a rate to a step. Of its network: whether the step was taken."""
        if isinstance(given, float):
            return Step(given, number=99)
        self.updates.append((given.number, given.learning_rate))
        return given.learning_rate < 1


def test_each_step_takes_the_next_images_and_counts_from_one():
    plan = Pretended([1.0] * 4)
    points = list(range_test(plan, lowest=1e-4, highest=0.1, steps=4))
    assert plan.computed == [(0, [6, 5, 4]), (1, [3, 2, 1]), (2, [0, 6, 5]), (3, [4, 3, 2])]
    assert [number for number, _ in plan.updates] == [1, 2, 3, 4]
    assert [rate for _, rate in plan.updates] == pytest.approx([1e-4, 1e-3, 1e-2, 0.1])
    assert [point.rate for point in points] == [rate for _, rate in plan.updates]


def test_a_single_step_is_at_the_lowest_rate():
    (point,) = range_test(Pretended([2.0]), steps=1)
    assert (point.rate, point.loss, point.smoothed) == (1e-5, 2.0, pytest.approx(2.0))


def test_the_first_ten_steps_never_end_it():
    # smoothed: 1, 5.7, 7.5, … against a lowest of 1
    assert len(list(range_test(Pretended([1.0] + [10.0] * 19), steps=20, highest=0.1))) == 11
    assert len(list(range_test(Pretended([1.0] + [3.9] * 19), steps=20, highest=0.1))) == 20


def test_a_loss_or_weights_that_break_end_it():
    plan = Pretended([1.0, math.inf, 1.0])
    assert len(list(range_test(plan, steps=3, highest=0.1))) == 1
    assert len(plan.updates) == 1
    # this one takes no step at a rate of 1 or more
    assert len(list(range_test(Pretended([1.0] * 9), lowest=0.01, highest=1e6, steps=9))) == 3


def test_any_number_of_steps_takes_no_more_memory():
    run = range_test(Pretended([1.0] * 20), steps=10**15)
    assert next(run).rate == 1e-5
    assert next(run).rate == pytest.approx(1e-5)


def test_a_trained_project_is_tried_out_from_the_beginning(capsys, tmp_path):
    out = tmp_path / "p.nnstudio"
    train = ["train", "mlp", "--data", "digits", "--threads", "1", "--epochs", "1"]
    assert main([*train, "--out", str(out)]) == 0
    capsys.readouterr()
    trial = ["--data", "digits", "--threads", "1", "--steps", "5", "--json"]
    first = []
    for source in (str(out), "mlp"):
        assert main(["lr-range", source, *trial]) == 0
        first.append(capsys.readouterr().out)
    assert first[0] == first[1]
