"""A recipe gives the same images, parts and scaling again, and refuses nonsense."""

import json

import numpy as np
import pytest

from nnstudio.data.loading import Cancelled, load
from nnstudio.data.recipe import DataRecipe, from_dict, prepare
from nnstudio.data.split import split
from nnstudio.errors import DataError, NNStudioError, SettingError

RECIPE = DataRecipe(source="digits", count=200, seed=3, validation=0.2, test=0.1)


def test_digits_by_name():
    data = load("digits", count=50, seed=1)
    assert data.shape == (28, 28, 1)
    assert data.counts == (5,) * 10
    assert data.source == "digits"
    assert load("digits", count=50, seed=2).images.tolist() != data.images.tolist()
    assert load("digits", count=20, size=(14, 14), channels=3).shape == (14, 14, 3)
    with pytest.raises(Cancelled):
        load("digits", count=50, progress=lambda done, total: False)


def test_scaling_is_fitted_on_the_training_part_only():
    prepared = prepare(RECIPE)
    data, parts = prepared.dataset, prepared.split
    assert [len(rows) for rows in (parts.train, parts.validation, parts.test)] == [140, 40, 20]
    trained = data.images[parts.train] / 255
    assert prepared.preprocessing.mean[0] == pytest.approx(trained.mean(), abs=1e-12)
    assert prepared.preprocessing.deviation[0] == pytest.approx(trained.std(), abs=1e-12)
    assert abs(trained.mean() - (data.images / 255).mean()) > 1e-6


def test_every_value_of_the_recipe_is_used():
    prepared = prepare(
        DataRecipe(count=60, seed=3, size=(10, 12), channels=3, validation=0, test=0.5)
    )
    assert prepared.dataset.shape == (10, 12, 3)
    drawn = load("digits", count=60, seed=3, size=(10, 12), channels=3)
    assert np.array_equal(prepared.dataset.images, drawn.images)
    wanted = split(drawn, validation=0, test=0.5, seed=3)
    assert np.array_equal(prepared.split.test, wanted.test)
    assert not np.array_equal(wanted.test, split(drawn, validation=0, test=0.5).test)


def test_the_same_recipe_gives_the_same(shared_data):
    recipe = DataRecipe(source=str(shared_data / "photos-clothing"), size=(16, 16), seed=7)
    one, two = prepare(recipe), prepare(from_dict(json.loads(json.dumps(recipe.as_dict()))))
    assert np.array_equal(one.dataset.images, two.dataset.images)
    assert np.array_equal(one.split.train, two.split.train)
    assert one.preprocessing == two.preprocessing
    assert len(one.preprocessing.mean) == 3


def test_dict_round_trip_through_json():
    recipe = DataRecipe("some/folder", (32, 24), 3, 100, 5, 0.0, 0.25)
    stored = json.loads(json.dumps(recipe.as_dict()))
    assert stored == {
        "source": "some/folder",
        "size": [32, 24],
        "channels": 3,
        "count": 100,
        "seed": 5,
        "validation": 0.0,
        "test": 0.25,
    }
    assert from_dict(stored) == recipe
    assert from_dict(DataRecipe().as_dict()) == DataRecipe()


@pytest.mark.parametrize(
    "change",
    [
        {"size": [28]},
        {"size": [28, 28.0]},
        {"size": [28, True]},
        {"size": "28"},
        {"size": [10**9, 10**9]},
        {"channels": 2},
        {"channels": "1"},
        {"source": 5},
        {"source": ""},
        {"source": "a\0b"},
        {"count": -1},
        {"count": 1.5},
        {"seed": -1},
        {"seed": None},
        {"validation": "0.1"},
        {"validation": True},
        {"test": 1.0},
        {"test": float("nan")},
        {"extra": 1},
    ],
)
def test_nonsense_is_refused(change):
    with pytest.raises(NNStudioError):
        from_dict({**RECIPE.as_dict(), **change})


def test_missing_values_are_refused():
    for name in RECIPE.as_dict():
        values = RECIPE.as_dict()
        del values[name]
        with pytest.raises(DataError, match="needs exactly"):
            from_dict(values)
    with pytest.raises(DataError):
        from_dict([1])


def test_impossible_recipes_cannot_be_made():
    with pytest.raises(SettingError):
        DataRecipe(validation=0.6, test=0.6)
    with pytest.raises(SettingError):
        DataRecipe(channels=4)
