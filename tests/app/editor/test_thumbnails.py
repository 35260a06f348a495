"""The small pictures on blocks show what the numbers are."""

import numpy as np
import pytest

from nnstudio.app.editor.thumbnails import thumbnail
from nnstudio.layers import Conv2D, Dense, Input, Softmax
from nnstudio.network import Node


def brightness(image):
    return np.array(
        [
            [image.pixelColor(x, y).lightness() for x in range(image.width())]
            for y in range(image.height())
        ]
    )


def test_a_silent_first_channel_hides_nothing(qapp):
    maps = np.zeros((3, 4, 4), np.float32)
    maps[2, 1, 3] = 6.0
    seen = brightness(thumbnail(Node("c", Conv2D(3)), maps))
    assert seen.shape == (4, 4)
    assert np.unravel_index(seen.argmax(), seen.shape) == (1, 3)


def test_a_vector_is_laid_in_rows(qapp):
    seen = brightness(thumbnail(Node("d", Dense(5)), np.array([0, 0, 0, 9, 0], np.float32)))
    assert seen.shape == (2, 3)
    assert np.unravel_index(seen.argmax(), seen.shape) == (1, 0)


def test_the_input_is_the_image_and_the_output_bars(qapp):
    ramp = np.linspace(-1, 1, 9, dtype=np.float32).reshape(1, 3, 3)
    seen = brightness(thumbnail(Node("i", Input()), ramp))
    assert (np.diff(seen.ravel()) > 0).all()
    bars = brightness(thumbnail(Node("s", Softmax()), np.array([0.1, 0.9], np.float32)))
    left, right = (bars[:, 4] > bars.min()).sum(), (bars[:, 20] > bars.min()).sum()
    assert left < right


HUGE = np.finfo(np.float32).max


@pytest.mark.parametrize(
    "values",
    [
        [np.nan, np.inf, 0, 1],
        [np.nan] * 4,
        [np.inf, -np.inf, np.inf, np.nan],
        [HUGE, -HUGE, 0, 1],
    ],
)
def test_numbers_that_exploded_still_give_a_picture(qapp, values):
    vector = np.array(values, np.float32)
    for layer in (Dense(4), Softmax()):
        assert not thumbnail(Node("d", layer), vector).isNull()
    for layer in (Conv2D(1), Input()):
        assert not thumbnail(Node("c", layer), vector.reshape(1, 2, 2)).isNull()
    maps = np.stack([vector, vector[::-1]]).reshape(2, 2, 2)
    assert not thumbnail(Node("c", Conv2D(2)), maps).isNull()
