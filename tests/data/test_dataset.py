"""The data set holds what fits together, and nothing else."""

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset, check_bytes
from nnstudio.errors import DataError

GOOD = {
    "images": np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5, 1),
    "labels": np.array([1, 1, 0], dtype=np.int64),
    "classes": ("cat", "dog"),
    "given": np.zeros(3, dtype=np.uint8),
    "source": "pets",
}


def test_shape_counts_and_length():
    data = Dataset(**GOOD)
    assert data.shape == (4, 5, 1)
    assert data.counts == (1, 2)
    assert len(data) == 3


def test_arrays_cannot_be_written_through_it_but_the_callers_can():
    mine = GOOD["images"].copy()
    data = Dataset(**{**GOOD, "images": mine})
    with pytest.raises(ValueError, match="read-only"):
        data.images[0] = 7
    mine[0] = 7


@pytest.mark.parametrize(
    "change",
    [
        {"images": np.zeros((3, 4, 5, 2), dtype=np.uint8)},
        {"images": np.zeros((3, 4, 5), dtype=np.uint8)},
        {"images": np.zeros((3, 4, 5, 1))},
        {"images": np.zeros((3, 0, 5, 1), dtype=np.uint8)},
        {"labels": np.array([0, 1], dtype=np.int64)},
        {"labels": np.array([0, 1, 2], dtype=np.int64)},
        {"labels": np.array([0, 1, -1], dtype=np.int64)},
        {"labels": np.array([0, 1, 1], dtype=np.int32)},
        {"classes": ("cat", "cat")},
        {"classes": ()},
        {"given": np.array([0, 1, 4], dtype=np.uint8)},
        {"given": np.zeros(2, dtype=np.uint8)},
    ],
)
def test_what_does_not_fit_is_refused(change):
    with pytest.raises(DataError, match=next(iter(change))):
        Dataset(**{**GOOD, **change})


def test_with_classes_follows_the_names():
    moved = Dataset(**GOOD).with_classes(("dog", "fish", "cat"))
    assert moved.labels.tolist() == [0, 0, 2]
    assert moved.classes == ("dog", "fish", "cat")


def test_with_classes_names_the_class_that_is_missing():
    with pytest.raises(DataError, match=r"pets: .*“cat”"):
        Dataset(**GOOD).with_classes(("dog", "fish"))


def test_a_class_without_images_need_not_be_known():
    data = Dataset(**{**GOOD, "classes": ("cat", "dog", "ghost")})
    assert data.with_classes(("dog", "cat")).labels.tolist() == [0, 0, 1]


def test_too_many_pixels_are_refused_with_the_figures():
    check_bytes("x", 60000, 28, 28, 1)
    with pytest.raises(DataError, match=r"1000000 images of 64×64×3 take 11\.4 GiB"):
        check_bytes("x", 1_000_000, 64, 64, 3)
