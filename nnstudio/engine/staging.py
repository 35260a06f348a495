"""Where the images of a worker process's share are laid out for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnstudio.engine.feeds import PixelFeed
from nnstudio.engine.shared import SharedBlock, aligned
from nnstudio.network.layer import Array, Shape

_SMALLEST = 64


@dataclass(frozen=True, eq=False)
class Staging:
    """For up to ``capacity`` images, in ``block``.

    ``pixels``: uint8 (capacity, H, W, C); ``labels`` and ``numbers``, their rows in the data set:
    int64 (capacity,); ``logits``: (capacity,
    classes), where the worker writes its answers.
    """

    block: SharedBlock
    pixels: Array
    labels: Array
    numbers: Array
    logits: Array

    @property
    def shape(self) -> tuple[int, Shape]:
        """(capacity, (H, W, C)), from which the other side makes the same arrays."""
        return len(self.pixels), self.pixels.shape[1:]

    @classmethod
    def in_block(
        cls, block: SharedBlock, capacity: int, image: Shape, classes: int, dtype: npt.DTypeLike
    ) -> Staging:
        """The arrays in ``block``, which must not have given any yet."""
        return cls(
            block,
            block.array((capacity, *image), np.uint8),
            block.array((capacity,), np.int64),
            block.array((capacity,), np.int64),
            block.array((capacity, classes), dtype),
        )

    @classmethod
    def for_images(cls, feed: PixelFeed, count: int, classes: int, dtype: npt.DTypeLike) -> Staging:
        """With room for ``count`` images, and some more so that it need not grow often."""
        image = feed.images.shape[1:]
        capacity = max(_SMALLEST, 1 << (count - 1).bit_length())
        answer = classes * np.dtype(dtype).itemsize
        size = sum(aligned(capacity * each) for each in (math.prod(image), 8, 8, answer))
        return cls.in_block(SharedBlock(size), capacity, image, classes, dtype)

    def fits(self, feed: PixelFeed, count: int) -> bool:
        """Whether ``count`` images of ``feed`` can be laid out here."""
        return count <= len(self.pixels) and feed.images.shape[1:] == self.pixels.shape[1:]

    def put(self, feed: PixelFeed, start: int, end: int) -> None:
        """Lay out images start to end of ``feed``."""
        rows = feed.rows[start:end]
        count = end - start
        np.take(feed.images, rows, axis=0, out=self.pixels[:count], mode="clip")
        self.numbers[:count] = rows
        if feed.labels is not None:
            np.take(feed.labels, rows, out=self.labels[:count], mode="clip")
