"""Scaling: hand-computed figures, one meaning in every form, nonsense refused."""

import math

import numpy as np
import pytest

from nnstudio.data.preprocess import Preprocessing, fit, from_dict, identity
from nnstudio.errors import DataError


def test_fit_gives_hand_computed_mean_and_deviation_per_channel():
    # Channel 0: 0, 0, 255, 255; channel 1: 0, 51, 102, 153 (0, 0.2, 0.4, 0.6); channel 2: constant 51.
    red, green, blue = [0, 0, 255, 255], [0, 51, 102, 153], [51] * 4
    images = np.array([red, green, blue], dtype=np.uint8).T.reshape(2, 1, 2, 3)
    found = fit(images)
    assert found.mean == pytest.approx((0.5, 0.3, 0.2), abs=1e-15)
    assert found.deviation == pytest.approx((0.5, math.sqrt(0.05), 1.0), abs=1e-15)


def test_fit_over_several_chunks_equals_numpy_in_float64():
    images = np.random.default_rng(3).integers(0, 256, (1500, 64, 64, 1), dtype=np.uint8)
    found = fit(images)
    scaled = images.astype(np.float64) / 255
    assert found.mean[0] == pytest.approx(scaled.mean(), abs=1e-12)
    assert found.deviation[0] == pytest.approx(scaled.std(), abs=1e-12)


def test_fit_counts_only_the_rows_asked_for():
    images = np.zeros((4, 2, 2, 1), dtype=np.uint8)
    images[1], images[3] = 255, 51
    found = fit(images, np.array([1, 3]))
    assert found.mean == pytest.approx((0.6,))
    assert found.deviation == pytest.approx((0.4,))


def test_apply_transposes_and_standardises():
    images = np.array([[[[0, 255, 51]], [[102, 0, 255]]]], dtype=np.uint8)  # 1 image of 2×1×3
    values = Preprocessing((0.2, 0.5, 0.0), (0.4, 0.25, 2.0)).apply(images)
    assert values.shape == (1, 3, 2, 1)
    assert values.dtype == np.float32
    assert values.ravel() == pytest.approx([-0.5, 0.5, 2.0, -2.0, 0.1, 0.5], abs=1e-7)


def test_scale_and_shift_say_the_same_as_apply():
    scaling = Preprocessing((0.1307,), (0.3081,))
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    (scale,), (shift,) = scaling.scale_and_shift()
    wanted = np.arange(256) * scale + shift
    assert np.abs(scaling.apply(pixels, np.float64).ravel() - wanted).max() < 1e-12
    assert scale * 0.1307 * 255 + shift == pytest.approx(0, abs=1e-12)


def test_identity_only_scales_to_one():
    values = identity(3).apply(np.array([0, 51, 255], dtype=np.uint8).reshape(1, 1, 1, 3))
    assert values.ravel() == pytest.approx([0, 0.2, 1])


def test_apply_refuses_other_channels():
    with pytest.raises(DataError, match="1 channels"):
        identity(1).apply(np.zeros((1, 2, 2, 3), dtype=np.uint8))


def test_dict_round_trip():
    scaling = Preprocessing((0.1, 0.2, 0.3), (1.0, 0.5, 0.25))
    assert scaling.as_dict() == {"mean": [0.1, 0.2, 0.3], "deviation": [1.0, 0.5, 0.25]}
    assert from_dict(scaling.as_dict()) == scaling


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {"mean": [0.1]},
        {"mean": [0.1], "deviation": [1.0], "more": 1},
        {"mean": [0.1], "deviation": [0.0]},
        {"mean": [0.1], "deviation": [-1.0]},
        {"mean": [math.nan], "deviation": [1.0]},
        {"mean": [0.1], "deviation": [math.inf]},
        {"mean": [0.1, 0.1], "deviation": [1.0, 1.0]},
        {"mean": [0.1], "deviation": [1.0, 1.0, 1.0]},
        {"mean": [True], "deviation": [1.0]},
        {"mean": ["0.1"], "deviation": [1.0]},
        {"mean": 0.1, "deviation": 1.0},
        {"mean": [10**400], "deviation": [1.0]},
        {"mean": [], "deviation": []},
    ],
)
def test_from_dict_refuses_nonsense(values):
    with pytest.raises(DataError):
        from_dict(values)
