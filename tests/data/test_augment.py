"""Augmentation against small images changed by hand, and what its random numbers must follow from."""

import numpy as np
import pytest

from nnstudio.data.augment import Augmentation, Augmenting

MANY = np.arange(4000)


def changed(image, count=4000, *, seed=0, epoch=0, numbers=None, **how):
    """``image`` (H, W) as so many images of the data set, each changed by itself: (count, H, W)."""
    pixels = np.repeat(np.asarray(image, np.uint8)[None, :, :, None], count, axis=0)
    numbers = np.arange(count) if numbers is None else numbers
    return Augmenting(Augmentation(**how), seed, epoch)(pixels, numbers)[..., 0]


def distinct(images):
    return {tuple(map(tuple, image.tolist())) for image in images}


def test_a_shift_moves_by_whole_pixels_and_repeats_the_border():
    # a third of 3 pixels: one up, none, one down; the same sideways
    image = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    padded = np.pad(np.array(image), 1, mode="edge")
    expected = {
        tuple(map(tuple, padded[r : r + 3, c : c + 3].tolist())) for r in range(3) for c in range(3)
    }
    found = changed(image, shift=1 / 3)
    assert distinct(found) == expected
    # each of the nine as often as the others: 444 of 4000, standard error 20
    _, counts = np.unique(found.reshape(len(found), -1), axis=0, return_counts=True)
    assert np.abs(counts - 4000 / 9).max() < 100


@pytest.mark.parametrize(("name", "axis"), [("flip", 1), ("flip_vertical", 0)])
def test_half_of_the_images_are_mirrored(name, axis):
    image = np.array([[1, 2, 3], [4, 5, 6]])
    found = changed(image, **{name: True})
    mirrored = (found == np.flip(image, axis)).all(axis=(1, 2))
    assert (mirrored | (found == image).all(axis=(1, 2))).all()
    assert abs(mirrored.mean() - 0.5) < 0.04


def test_mirrors_and_shifts_agree_with_the_way_that_also_turns():
    """Both ways to compute the same change, one of which blends pixels."""
    image = np.random.default_rng(0).integers(0, 256, (7, 6))
    how = {"shift": 0.3, "flip": True, "flip_vertical": True}
    exact = changed(image, 200, **how)
    blended = changed(image, 200, scale=1e-9, **how)
    np.testing.assert_array_equal(blended, exact)


def test_a_turn_by_a_right_angle_is_that_of_the_matrix(monkeypatch):
    from nnstudio.data import augment

    monkeypatch.setattr(augment._Draws, "around", lambda self, place: np.array([1.0]))
    image = np.array([[10, 20, 30], [40, 50, 60], [70, 80, 90]])
    (found,) = changed(image, 1, rotate=90.0)
    assert found.tolist() in (np.rot90(image).tolist(), np.rot90(image, -1).tolist())


def test_half_the_size_shows_every_second_pixel(monkeypatch):
    from nnstudio.data import augment

    monkeypatch.setattr(augment._Draws, "around", lambda self, place: np.array([-1.0]))
    (found,) = changed([[0, 10, 20, 30, 40]] * 5, 1, scale=0.5)
    # from the middle 20 in steps of 2: −20, 0, 20, 40, 60, with the border repeated
    assert found.tolist() == [[0, 0, 20, 40, 40]] * 5


def test_a_crop_stays_inside_the_image():
    image = np.arange(10)[None, :].repeat(10, axis=0) * 20
    found = changed(image, crop=0.5).astype(int)
    ranges = found.max(axis=(1, 2)) - found.min(axis=(1, 2))
    # of 180 between the borders, half at least is still seen
    assert ranges.min() >= 80 and ranges.max() <= 180
    assert (np.diff(found, axis=2) >= 0).all()


def test_brightness_multiplies_and_stays_within_a_byte():
    found = changed([[0, 100, 250]], brightness=0.4)
    factors = found[:, 0, 1] / 100
    assert factors.min() >= 0.6 and factors.max() <= 1.4
    assert abs(factors.mean() - 1) < 0.02 and factors.std() > 0.2
    assert (found[:, 0, 0] == 0).all() and found[:, 0, 2].max() == 255


def test_cutout_blots_out_a_square_of_the_mean_colour():
    image = np.zeros((10, 10), int)
    image[:, :5] = 200
    found = changed(image, cutout=0.4)
    holes = (found == 100).sum(axis=(1, 2))
    assert holes.max() == 16 and holes.min() >= 4
    assert (np.where(found == 100, image, found) == image).all()


def test_what_happens_follows_from_seed_epoch_and_number_alone():
    image = np.random.default_rng(1).integers(0, 256, (8, 8))
    how = {"shift": 0.4, "rotate": 30.0, "flip": True, "brightness": 0.3, "cutout": 0.3}
    whole = changed(image, 50, seed=3, epoch=2, **how)
    order = np.random.default_rng(2).permutation(50)
    np.testing.assert_array_equal(
        changed(image, 50, seed=3, epoch=2, numbers=order, **how), whole[order]
    )
    (alone,) = changed(image, 1, seed=3, epoch=2, numbers=np.array([17]), **how)
    np.testing.assert_array_equal(alone, whole[17])
    assert not (changed(image, 50, seed=3, epoch=1, **how) == whole).all()
    assert not (changed(image, 50, seed=4, epoch=2, **how) == whole).all()


def test_colours_stay_together():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 6, 7, 3)).astype(np.uint8)
    how = Augmentation(shift=0.3, rotate=40, scale=0.2, crop=0.3, flip=True)
    found = Augmenting(how, 0, 0)(pixels, np.arange(20))
    for channel in range(3):
        alone = Augmenting(how, 0, 0)(pixels[..., channel : channel + 1], np.arange(20))
        np.testing.assert_array_equal(found[..., channel], alone[..., 0])
    assert not Augmentation().changes and how.changes


def drawing(monkeypatch, value):
    """Every number that is drawn around 0 becomes ``value``."""
    from nnstudio.data import augment

    monkeypatch.setattr(augment._Draws, "around", lambda self, place: np.array([value]))


def test_crops_differ_in_size_and_in_both_places():
    ramp = np.arange(10) * 20
    across = changed(ramp[None, :].repeat(10, axis=0), crop=0.5).astype(float)
    down = changed(ramp[:, None].repeat(10, axis=1), crop=0.5).astype(float)
    for found in (across, down):
        ranges = np.ptp(found, axis=(1, 2))
        # of the 180 between the borders half to all, evenly: a standard deviation of 26
        assert ranges.min() < 105 and ranges.max() > 170 and 18 < ranges.std() < 34
        # cut off on either side: the middle, 90, moves by up to 50
        middles = found.mean(axis=(1, 2))
        assert middles.min() < 60 and middles.max() > 120
        assert abs(middles.mean() - 90) < 2


def test_brightness_is_rounded_to_the_nearest(monkeypatch):
    drawing(monkeypatch, 1.0)
    (found,) = changed([[0, 3, 5, 100, 250]], 1, brightness=0.3)
    # 3.9, 6.5 (to even) and 130
    assert found.tolist() == [[0, 4, 6, 130, 255]]


def test_a_hole_is_as_large_as_a_share_of_the_shorter_side():
    image = np.zeros((4, 20), int)
    image[0, 0] = 80 * 2  # a mean of 2
    holes = (changed(image, cutout=0.5) == 2).sum(axis=(1, 2))
    assert holes.max() == 4  # 2×2
    dots = (changed(image, cutout=0.01) == 2).sum(axis=(1, 2))
    assert set(dots.tolist()) == {1}  # never nothing


def test_a_hole_has_the_mean_of_each_colour_rounded():
    pixels = np.zeros((50, 4, 4, 3), np.uint8)
    pixels[..., 0], pixels[:, :, 0, 0] = 100, 103  # 100.75
    pixels[..., 1] = 40
    found = Augmenting(Augmentation(cutout=0.5), 0, 0)(pixels, np.arange(50))
    hole = (found != pixels).any(axis=3)
    assert hole.any()
    assert {tuple(colour) for colour in found[hole].tolist()} == {(101, 40, 0)}


def test_shifts_are_a_share_of_the_side_they_go_along():
    image = np.random.default_rng(0).integers(0, 256, (10, 4))
    how = {"shift": 0.3, "flip": True}
    exact = changed(image, 300, **how)
    np.testing.assert_array_equal(changed(image, 300, scale=1e-9, **how), exact)
    # 3 rows and 1 column either way: 7·3 shifts, each mirrored or not
    assert len(distinct(exact)) == 42
