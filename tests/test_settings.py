"""A setting declared once checks itself everywhere."""

import numpy as np
import pytest

from nnstudio.engine import TrainingSettings
from nnstudio.errors import SettingError
from nnstudio.layers import Conv2D, Dropout, MaxPool2D
from nnstudio.settings import settings_of
from nnstudio.text import Text


def test_declared_once_read_everywhere():
    found = {s.name: s for s in settings_of(Conv2D)}
    assert list(found)[:5] == ["filters", "kernel", "stride", "padding", "initializer"]
    assert found["top"].only_for == ("padding", ("explicit",))
    assert (found["kernel"].kind, found["kernel"].unit) == ("pair", "px")
    assert (found["padding"].kind, found["filters"].kind) == ("choice", "integer")
    live = {s.name for s in settings_of(TrainingSettings) if s.live}
    assert {"epochs", "learning_rate", "schedule", "momentum"} <= live
    assert not {"batch_size", "seed"} & live


def test_values_take_the_declared_type():
    conv = Conv2D(filters=6.0, kernel=5, stride=[2, 1])
    assert (conv.filters, conv.kernel, conv.stride) == (6, (5, 5), (2, 1))
    assert isinstance(conv.filters, int)
    assert TrainingSettings(learning_rate=1).learning_rate == 1.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"filters": 0}, r"Filters: 0 is out of range\. Give a value from 1 to 2048\."),
        ({"filters": 2.5}, "Filters: 2.5 does not fit. Give a whole number."),
        ({"filters": True}, "does not fit"),
        ({"kernel": (1, 2, 3)}, "one whole number, or two"),
        ({"kernel": (3, 64)}, "64 is out of range"),
        ({"padding": "full"}, "Choose one of: valid, same"),
        ({"padding": ["valid"]}, "Choose one of"),
    ],
)
def test_values_outside_are_refused_with_what_is_allowed(values, words):
    with pytest.raises(SettingError, match=words):
        Conv2D(**values)


def test_a_stride_that_is_not_given_follows_the_window():
    assert MaxPool2D(3).stride == (3, 3)
    assert MaxPool2D().stride == (2, 2)
    assert MaxPool2D((3, 2), stride=1).stride == (1, 1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, "0.1", None])
def test_numbers_must_be_finite_numbers(value):
    with pytest.raises(SettingError, match="Learning rate"):
        TrainingSettings(learning_rate=value)


def test_a_copy_is_checked_too():
    with pytest.raises(SettingError, match="Epochs"):
        TrainingSettings().replaced(epochs=0)


def test_text_fills_values_that_are_texts():
    inner = Text("{count} images", count=3)
    assert str(Text("{what} are left.", what=inner)) == "3 images are left."
    assert str(Text("100 {kind}")) == "100 {kind}"


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_whole_numbers_beyond_all_computing_are_refused(value):
    for name in ("epochs", "learning_rate"):
        with pytest.raises(SettingError, match="does not fit") as caught:
            TrainingSettings(**{name: value})
        assert len(str(caught.value)) < 150


def test_numbers_of_numpy_are_numbers():
    found = TrainingSettings(learning_rate=np.float32(0.5), epochs=np.int64(3))
    assert (found.learning_rate, found.epochs) == (0.5, 3)
    assert (type(found.learning_rate), type(found.epochs)) == (float, int)
    with pytest.raises(SettingError):
        TrainingSettings(epochs=np.float64(2.5))
    with pytest.raises(SettingError):
        TrainingSettings(learning_rate=np.array([0.1]))


def test_an_unknown_setting_is_named_with_those_there_are():
    with pytest.raises(SettingError, match=r"no setting called quux.* Choose one of: rate"):
        Dropout(0.5).replaced(quux=1)
