"""Drawn digits are repeatable, framed as scanned ones are, varied, and read like real ones."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.handwriting import digits, draw
from nnstudio.data.handwriting.glyphs import ways
from nnstudio.data.handwriting.ink import render
from nnstudio.data.handwriting.pen import SAMPLES, _bend, _read, _style
from nnstudio.data.progress import Cancelled
from nnstudio.errors import DataError


@pytest.fixture(scope="module")
def drawn():
    return digits(3000, seed=5)


def test_shapes_types_and_range(drawn):
    images, labels = drawn
    assert images.shape == (3000, 28, 28, 1)
    assert images.dtype == np.uint8
    assert labels.shape == (3000,)
    assert labels.dtype == np.int64
    # White ink on black paper: every image reaches near both, and most of it is paper.
    assert (images.reshape(3000, -1).min(axis=1) == 0).all()
    assert (images.reshape(3000, -1).max(axis=1) > 200).all()
    assert 0.07 < (images > 127).mean() < 0.20


def test_the_same_seed_draws_the_same(drawn):
    again = digits(3000, seed=5)
    assert np.array_equal(drawn[0], again[0])
    assert np.array_equal(drawn[1], again[1])
    assert not np.array_equal(digits(100, seed=6)[0], drawn[0][:100])


@pytest.mark.parametrize("count", [1, 7, 249, 250, 251, 1234])
def test_a_larger_request_begins_with_the_smaller(drawn, count):
    images, labels = digits(count, seed=5)
    assert np.array_equal(images, drawn[0][:count])
    assert np.array_equal(labels, drawn[1][:count])


def test_labels_are_balanced_and_shuffled(drawn):
    labels = drawn[1]
    assert np.bincount(labels, minlength=10).tolist() == [300] * 10
    assert (np.sort(labels.reshape(-1, 10), axis=1) == np.arange(10)).all()
    assert len(np.unique(labels.reshape(-1, 10), axis=0)) > 290
    assert np.bincount(digits(47, seed=0)[1], minlength=10).min() == 4


def test_framed_as_scanned_digits_are(drawn):
    pixels = drawn[0][..., 0].astype(np.float64)
    at = np.arange(28)
    mass = pixels.sum(axis=(1, 2))
    across = (pixels.sum(axis=1) * at).sum(axis=1) / mass - 13.5
    down = (pixels.sum(axis=2) * at).sum(axis=1) / mass - 13.5
    for off in (across, down):
        assert abs(off.mean()) < 0.15
        assert np.abs(off).max() < 3.5
        assert 0.5 < off.std() < 1.2
    lit = pixels > 127
    sides = [
        28 - some.argmax(axis=1) - some[:, ::-1].argmax(axis=1)
        for some in (lit.any(axis=1), lit.any(axis=2))
    ]
    longer = np.maximum(*sides)
    assert abs(np.median(longer) - 20) <= 1
    assert longer.min() >= 17
    assert longer.max() <= 23
    frame = np.ones((28, 28), bool)
    frame[1:-1, 1:-1] = False
    assert not lit[:, frame].any()


def test_no_two_are_alike(drawn):
    assert len(np.unique(drawn[0].reshape(3000, -1), axis=0)) == 3000
    # Nor nearly: the nearest other image of the same digit differs in many pixels.
    fours = drawn[0][drawn[1] == 4].reshape(300, -1).astype(np.float64) / 255
    square = (fours**2).sum(axis=1)
    apart = square[:, None] + square - 2 * fours @ fours.T + np.eye(300) * 1e9
    assert apart.min() > 3


def _read_by_nearest(known, labels, asked):
    """The label of the known image with the greatest cosine to each asked one."""

    def unit(images):
        flat = images.reshape(len(images), -1).astype(np.float32)
        flat = flat - flat.mean(axis=1, keepdims=True)
        return flat / np.linalg.norm(flat, axis=1, keepdims=True)

    return labels[np.argmax(unit(asked) @ unit(known).T, axis=1)]


def test_real_digits_are_read_by_their_nearest_drawn_one(drawn, shared_data: Path):
    real, truth = [], []
    for digit in range(10):
        for path in sorted((shared_data / "mnist" / "png2000" / str(digit)).glob("*.png"))[:100]:
            with Image.open(path) as image:
                real.append(np.asarray(image.convert("L")))
            truth.append(digit)
    truth = np.array(truth)
    right = _read_by_nearest(*drawn, np.array(real)) == truth
    assert right.mean() > 0.80
    # One digit drawn as another, mirrored or with a stroke missing falls far below.
    assert min(right[truth == digit].mean() for digit in range(10)) > 0.65


def test_one_digit_alone(drawn):
    rng = np.random.default_rng(1)
    labels = np.tile(np.arange(10), 20)
    images = np.array([draw(int(digit), rng) for digit in labels])
    assert images.shape == (200, 28, 28)
    assert images.dtype == np.uint8
    assert (_read_by_nearest(*drawn, images) == labels).mean() > 0.8
    assert np.array_equal(draw(3, np.random.default_rng(9)), draw(3, np.random.default_rng(9)))


def test_every_drawing_that_mixes_with_others_has_their_strokes():
    for digit in range(10):
        for way in ways(digit):
            assert way.share > 0
            first = _read(way.drawings[0])[1]
            for drawing in way.drawings:
                points, strokes = _read(drawing)
                assert strokes == first, drawing
                assert 70 <= np.ptp(points[:, 1]) <= 115, drawing


def test_a_mark_makes_a_corner():
    style = _style(("0,0 0,100! 100,100",))
    x, y = (style.curve @ style.drawings[0]).T
    assert np.minimum(np.abs(x), np.abs(y - 100)).max() < 1e-3
    assert (y[x < 1].max(), x[y > 99].max()) == pytest.approx((100, 100))


def test_without_a_mark_the_curve_is_the_natural_spline():
    # Knots 0, 1, 2 with values 0, 1, 0: the natural cubic's second derivative in the middle is -3,
    # so on the first half s(t) = 1.5 t - 0.5 t**3, which is 0.6875 at t = 0.5.
    style = _style(("0,0 3,4 6,0",))
    x, y = (style.curve @ style.drawings[0]).T
    assert np.interp(1.5, x, y) == pytest.approx(4 * 0.6875, abs=0.01)


def test_a_lifted_pen_leaves_no_ink():
    style = _style(("0,0 0,50 0,100 / 60,0 60,50 60,100",))
    x = (style.curve @ style.drawings[0])[:, 0]
    lifted = np.flatnonzero(style.step == 0)
    assert len(lifted) == 2
    assert lifted[-1] == SAMPLES - 1
    assert np.array_equal(lifted[:1], np.flatnonzero(np.diff(x) > 30))


def test_the_paper_is_warped():
    # Slant, turn and stretch keep a straight line straight; only the warp bends it, and not much.
    path = np.zeros((200, SAMPLES, 2), np.float32)
    path[..., 1] = np.linspace(0, 100, SAMPLES)
    _bend(path, np.ones((200, 1, 1), np.float32), np.random.default_rng(3))
    path -= path.mean(axis=1, keepdims=True)
    off_the_line = np.linalg.svd(path, compute_uv=False)[:, 1] / np.sqrt(SAMPLES)
    assert 0.005 < np.median(off_the_line) < 0.05


def test_ink_lies_where_the_pen_went():
    # A straight upright line: 20 pixels high, through the middle, as wide as the pen all along.
    path = np.zeros((40, SAMPLES, 2), np.float32)
    path[..., 1] = np.linspace(-0.5, 0.5, SAMPLES)
    ink = np.full((40, SAMPLES), 1 / SAMPLES, np.float32)
    images = render(path, ink, np.random.default_rng(2)) / 255
    across = images[:, 10:18].sum(axis=2)
    assert (across.max(axis=1) / across.min(axis=1) < 2).all()
    # The median pen has a radius of 1.25 pixels.
    assert 2.1 < np.median(across) < 2.9
    assert np.abs(images.sum(axis=2).astype(bool).sum(axis=1) - 20).max() <= 3
    centre = (images * np.arange(28)).sum(axis=(1, 2)) / images.sum(axis=(1, 2))
    assert np.abs(centre - 13.5).max() < 1.7


@pytest.mark.parametrize("count", [0, -1])
def test_refuses_to_draw_none(count):
    with pytest.raises(DataError, match=f"cannot draw {count} images.*at least 1"):
        digits(count, seed=0)


def test_refuses_a_negative_seed():
    with pytest.raises(DataError, match="the seed is -1"):
        digits(1, seed=-1)


@pytest.mark.parametrize("digit", [-1, 10])
def test_refuses_what_is_not_a_digit(digit):
    with pytest.raises(DataError, match=f"{digit} is not a digit"):
        draw(digit, np.random.default_rng(0))


def test_drawing_tells_how_far_it_is_and_can_be_stopped():
    told = []
    digits(600, 0, lambda done, total: told.append((done, total)) or True)
    assert told == [(250, 600), (500, 600), (600, 600)]
    with pytest.raises(Cancelled):
        digits(600, 0, lambda done, total: done < 500)
