"""How images of a data set reach a program: gathered by number, scaled on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from nnstudio.data.augment import Augmenting
from nnstudio.data.preprocess import Preprocessing
from nnstudio.engine.program import Program
from nnstudio.network.layer import Array

Treatment = tuple[Array, Array, Augmenting | None]


@dataclass(frozen=True)
class PixelFeed:
    """Feeds ``images[rows[start:end]]`` and their labels.

    ``images``: uint8 (all, H, W, C); ``labels``: int64 (all,) or None to predict; ``rows``: int64
    (count,); ``scale`` and ``shift``: (C, 1, 1). ``augmenting`` changes the pixels first, by
    ``numbers`` (count,), where the images are copies of rows of these numbers.
    """

    images: Array
    labels: Array | None
    rows: Array
    scale: Array
    shift: Array
    augmenting: Augmenting | None = None
    numbers: Array | None = None

    def __call__(self, program: Program, start: int, end: int) -> None:
        rows = self.rows[start:end]
        change = None
        if self.augmenting is not None:
            change = partial(self._changed, start=start, end=end)
        program.fill_pixels(self.images, rows, self.scale, self.shift, change)
        if program.loss is not None and self.labels is not None:
            self.labels.take(rows, out=program.loss.labels, mode="clip")

    def _changed(self, pixels: Array, *, start: int, end: int) -> Array:
        assert self.augmenting is not None
        numbers = self.rows if self.numbers is None else self.numbers
        return self.augmenting(pixels, numbers[start:end])

    def at(self, rows: Array) -> PixelFeed:
        """The same with other ``rows``."""
        return PixelFeed(self.images, self.labels, rows, self.scale, self.shift, self.augmenting)

    def treatment(self) -> Treatment:
        """What is done to every image, without the images: for a worker that has a copy of them."""
        return self.scale, self.shift, self.augmenting

    @classmethod
    def treated(
        cls, images: Array, labels: Array, numbers: Array, treatment: Treatment
    ) -> PixelFeed:
        """A feed of all of these ``images``, copies of the rows ``numbers`` of another, with its treatment."""
        return cls(images, labels, np.arange(len(numbers)), *treatment, numbers=numbers)


def pixel_feed(
    images: Array,
    labels: Array | None,
    rows: Array,
    preprocessing: Preprocessing,
    dtype: npt.DTypeLike,
) -> PixelFeed:
    """A feed of these rows with ``preprocessing`` applied in ``dtype``.

    Raises DataError when it is for another number of channels.
    """
    preprocessing.check(images)
    scale, shift = (np.asarray(v, dtype).reshape(-1, 1, 1) for v in preprocessing.scale_and_shift())
    return PixelFeed(images, labels, rows, scale, shift)
