"""Draws handwritten digits, so that a first network can learn before any data set is downloaded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.handwriting.ink import SIZE, render
from nnstudio.data.handwriting.pen import trace
from nnstudio.data.progress import Progress, report
from nnstudio.errors import DataError
from nnstudio.text import Text

__all__ = ["digits", "draw"]

CHUNK = 250  # digits drawn together: the unit of a seed, so that a longer request begins the same


def digits(
    count: int, seed: int, progress: Progress | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw ``count`` digits: images (count, 28, 28, 1), white ink 255 on black 0, and labels (count,).

    Framed as the MNIST data set is: the digit fills about 20×20 pixels, its centre of mass in the
    middle. Every ten labels in a row are the ten digits in random order. The same ``seed`` gives the
    same digits, and a larger ``count`` begins with them. Raises DataError if ``count`` or ``seed``
    is not a number of the allowed range, Cancelled when ``progress`` asks to stop.
    """
    if count < 1:
        raise DataError(
            "digits",
            Text("cannot draw {count} images.", count=count),
            Text("Ask for at least 1 image."),
        )
    if seed < 0:
        raise DataError(
            "digits",
            Text("the seed is {seed}, below 0.", seed=seed),
            Text("Give a whole number from 0 upwards."),
        )
    images = np.empty((count, SIZE, SIZE, 1), np.uint8)
    labels = np.empty(count, np.int64)
    for number, start in enumerate(range(0, count, CHUNK)):
        rng = np.random.default_rng([seed, number])
        tens = np.tile(np.arange(10, dtype=np.int64), (CHUNK // 10, 1))
        drawn = rng.permuted(tens, axis=1).reshape(CHUNK)
        pixels = render(*trace(drawn, rng), rng)
        kept = min(CHUNK, count - start)
        images[start : start + kept, ..., 0] = pixels[:kept]
        labels[start : start + kept] = drawn[:kept]
        report(progress, start + kept, count)
    return images, labels


def draw(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one ``digit``, 0 to 9: (28, 28), white ink 255 on black 0. Raises DataError for others."""
    if digit not in range(10):
        raise DataError(
            "digits",
            Text("{digit} is not a digit.", digit=digit),
            Text("Ask for a whole number from 0 to 9."),
        )
    image: NDArray[np.uint8] = render(*trace(np.array([digit], np.int64), rng), rng)[0]
    return image
