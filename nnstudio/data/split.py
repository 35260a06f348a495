"""Which images train, which choose, which judge: every class in the same proportion in each part."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import GIVEN_TEST, GIVEN_VALIDATION, Dataset
from nnstudio.errors import DataError, SettingError
from nnstudio.text import Text

MANY, FEW = 50, 4
"""Of more classes than ``MANY`` with fewer than ``FEW`` images each, classes are not divided one by one."""


@dataclass(frozen=True, eq=False)
class Split:
    """Positions in a data set: ascending int64 arrays, disjoint, together all of it."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def split(dataset: Dataset, *, validation: float = 0.1, test: float = 0.1, seed: int = 0) -> Split:
    """Split at random, class by class; the same ``seed`` gives the same parts.

    ``validation`` and ``test`` are fractions (0 leaves a part out) of what has to be divided. Parts
    that the source itself gives are kept as they are: given test images are the test part, given
    validation images the validation part, and only the missing parts are cut from the rest.
    Of each class the nearest whole number goes to a part, and at least one image where the class has
    one for every part; at least one stays for training.

    Raises SettingError for impossible fractions, DataError when nothing would be left to train on.
    """
    check_fractions(validation, test)
    kept_validation = dataset.given == GIVEN_VALIDATION
    kept_test = dataset.given == GIVEN_TEST
    fractions = (0.0 if kept_validation.any() else validation, 0.0 if kept_test.any() else test)
    pool = np.flatnonzero(~(kept_validation | kept_test))
    if not len(pool):
        raise DataError(
            dataset.source,
            Text("It gives images for validation or testing, but none for training."),
            Text("Add training images."),
        )
    part = np.zeros(len(dataset), dtype=np.uint8)
    part[kept_validation] = 1
    part[kept_test] = 2
    generator = np.random.default_rng(seed)
    labels = dataset.labels[pool]
    if len(dataset.classes) > MANY and len(dataset.classes) * FEW > len(pool):
        # Hardly two images of a class: numbers, most likely. All together are divided then.
        labels = np.zeros_like(labels)
    for label in range(int(labels.max()) + 1):
        members = generator.permutation(pool[labels == label])
        to_validation, to_test = _shares(len(members), fractions)
        part[members[:to_validation]] = 1
        part[members[to_validation : to_validation + to_test]] = 2
    return Split(*(np.flatnonzero(part == which).astype(np.int64) for which in range(3)))


def check_fractions(validation: float, test: float) -> None:
    """Raise SettingError unless both are 0 or more and leave something to train on."""
    for name, value in (("validation", validation), ("test", test)):
        if not (math.isfinite(value) and 0 <= value < 1):
            raise SettingError(
                name,
                Text("A part of {value} is impossible.", value=value),
                Text("Give a fraction from 0 to below 1, such as 0.1."),
            )
    if validation + test >= 1:
        raise SettingError(
            "validation",
            Text(
                "Validation {validation} and test {test} leave nothing to train on.",
                validation=validation,
                test=test,
            ),
            Text("Give fractions that add up to less than 1."),
        )


def _shares(count: int, fractions: tuple[float, float]) -> tuple[int, int]:
    """How many of ``count`` images of one class go to validation and to test."""
    wanted = [math.floor(count * fraction + 0.5) for fraction in fractions]
    asked = [place for place in (0, 1) if fractions[place] > 0]
    if count > len(asked):
        for place in asked:
            wanted[place] = max(1, wanted[place])
    while sum(wanted) and sum(wanted) >= count:
        wanted[wanted.index(max(wanted))] -= 1
    return wanted[0], wanted[1]
