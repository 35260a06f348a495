"""Splitting: exact shares, every class everywhere, given parts kept, one seed one result."""

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset
from nnstudio.data.split import split
from nnstudio.errors import DataError, SettingError


def dataset(*counts, given=None):
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int64)
    labels = np.random.default_rng(1).permutation(labels)
    parts = np.zeros(len(labels)) if given is None else np.array(given)
    return Dataset(
        images=np.zeros((len(labels), 2, 2, 1), dtype=np.uint8),
        labels=labels,
        classes=tuple("abcdefgh"[: len(counts)]),
        given=parts.astype(np.uint8),
        source="somewhere",
    )


def per_class(data, rows):
    return np.bincount(data.labels[rows], minlength=len(data.classes)).tolist()


def test_each_class_gives_its_share():
    data = dataset(100, 50, 200)
    parts = split(data, validation=0.1, test=0.2, seed=4)
    assert per_class(data, parts.validation) == [10, 5, 20]
    assert per_class(data, parts.test) == [20, 10, 40]
    assert per_class(data, parts.train) == [70, 35, 140]


def test_shares_are_rounded_to_the_nearest():
    parts = split(dataset(17, 14), validation=0.1, test=0.2)
    data = dataset(17, 14)
    assert per_class(data, parts.validation) == [2, 1]  # 1.7 and 1.4
    assert per_class(data, parts.test) == [3, 3]  # 3.4 and 2.8


@pytest.mark.parametrize("fractions", [(0.1, 0.1), (0.49, 0.5), (0.0, 0.3), (0.3, 0.0), (0.0, 0.0)])
@pytest.mark.parametrize("counts", [(3, 4, 5), (1, 2, 3), (7, 31, 100)])
def test_parts_are_disjoint_cover_everything_and_hold_every_class(counts, fractions):
    data = dataset(*counts)
    parts = split(data, validation=fractions[0], test=fractions[1])
    together = np.concatenate([parts.train, parts.validation, parts.test])
    assert sorted(together.tolist()) == list(range(len(data)))
    for rows in (parts.train, parts.validation, parts.test):
        assert rows.dtype == np.int64
        assert rows.tolist() == sorted(rows.tolist())
        for label, count in enumerate(counts):
            if len(rows) and count >= 3:
                assert label in data.labels[rows]
    for label in range(len(counts)):
        assert label in data.labels[parts.train]
    if fractions[0] == 0:
        assert len(parts.validation) == 0
    if fractions[1] == 0:
        assert len(parts.test) == 0


def test_the_seed_decides():
    data = dataset(60, 60)
    one, same, other = (split(data, seed=seed) for seed in (1, 1, 2))
    for name in ("train", "validation", "test"):
        assert getattr(one, name).tolist() == getattr(same, name).tolist()
        assert getattr(one, name).tolist() != getattr(other, name).tolist()


def test_the_choice_is_spread_over_the_images_not_taken_from_one_end():
    data = dataset(500, 500)
    assert 400 < split(data, test=0.2, validation=0).test.mean() < 600


def test_given_test_images_are_the_test_part_and_validation_comes_from_training():
    given = np.tile([1, 1, 1, 3], 50)
    data = dataset(100, 100, given=given)
    parts = split(data, validation=0.2, test=0.5)
    assert parts.test.tolist() == np.flatnonzero(given == 3).tolist()
    assert len(parts.validation) == pytest.approx(30, abs=1)
    assert set(given[parts.validation]) == set(given[parts.train]) == {1}


def test_given_validation_is_kept_and_test_is_cut_from_training():
    given = np.tile([1, 1, 1, 2], 50)
    data = dataset(100, 100, given=given)
    parts = split(data, validation=0.4, test=0.1)
    assert parts.validation.tolist() == np.flatnonzero(given == 2).tolist()
    assert len(parts.test) == pytest.approx(15, abs=1)
    assert set(given[parts.test]) == {1}


def test_all_three_given_are_kept():
    given = np.tile([1, 2, 3], 20)
    parts = split(dataset(30, 30, given=given), validation=0.3, test=0.3, seed=9)
    assert [rows.tolist() for rows in (parts.train, parts.validation, parts.test)] == [
        np.flatnonzero(given == which).tolist() for which in (1, 2, 3)
    ]


def test_nothing_to_train_on_is_refused():
    with pytest.raises(DataError, match=r"somewhere: .*none for training"):
        split(dataset(3, 3, given=[3] * 6))


@pytest.mark.parametrize("fractions", [(-0.1, 0.1), (0.1, 1.0), (0.5, 0.5), (float("nan"), 0.1)])
def test_impossible_fractions_are_refused(fractions):
    with pytest.raises(SettingError):
        split(dataset(5, 5), validation=fractions[0], test=fractions[1])
