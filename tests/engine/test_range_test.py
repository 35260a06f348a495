"""Trying out learning rates: on a problem whose largest stable rate is known, and from the command line."""

import json
import math

import numpy as np
import pytest

from nnstudio.cli import main
from nnstudio.data.recipe import DataRecipe, prepare
from nnstudio.engine import TrainingSettings, make_plan
from nnstudio.engine.range_test import RatePoint, range_test, suggested
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
