"""How images of a data set reach a program: gathered by number, scaled on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnstudio.data.preprocess import Preprocessing
from nnstudio.engine.program import Program
from nnstudio.network.layer import Array


@dataclass(frozen=True)
class PixelFeed:
    """Feeds ``images[rows[start:end]]`` and their labels.

    ``images``: uint8 (all, H, W, C); ``labels``: int64 (all,) or None to predict; ``rows``: int64
    (count,); ``scale`` and ``shift``: (C, 1, 1).
    """

    images: Array
    labels: Array | None
    rows: Array
    scale: Array
    shift: Array

    def __call__(self, program: Program, start: int, end: int) -> None:
        rows = self.rows[start:end]
        program.fill_pixels(self.images, rows, self.scale, self.shift)
        if program.loss is not None and self.labels is not None:
            self.labels.take(rows, out=program.loss.labels, mode="clip")

    def at(self, rows: Array) -> PixelFeed:
        """The same with other ``rows``."""
        return PixelFeed(self.images, self.labels, rows, self.scale, self.shift)

    def treatment(self) -> tuple[Array, Array]:
        """What is done to every image, without the images: for a worker that has a copy of them."""
        return self.scale, self.shift

    @classmethod
    def treated(
        cls, images: Array, labels: Array, rows: Array, treatment: tuple[Array, Array]
    ) -> PixelFeed:
        """A feed of these images with the :meth:`treatment` of another."""
        return cls(images, labels, rows, *treatment)


def pixel_feed(
    images: Array,
    labels: Array | None,
    rows: Array,
    preprocessing: Preprocessing,
    dtype: npt.DTypeLike,
) -> PixelFeed:
    """A feed of these rows with ``preprocessing`` applied in ``dtype``."""
    scale, shift = (np.asarray(v, dtype).reshape(-1, 1, 1) for v in preprocessing.scale_and_shift())
    return PixelFeed(images, labels, rows, scale, shift)
