"""From pixels of 0 to 255 to the numbers a network is trained on, the same at every later prediction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnstudio.errors import DataError
from nnstudio.text import Text

_CHUNK = 1 << 22  # pixels counted at a time: bincount makes int64 copies of what it is given


@dataclass(frozen=True)
class Preprocessing:
    """value = (pixel / 255 − mean) / deviation, with one mean and deviation a channel.

    Raises DataError when the two do not fit each other or cannot be computed with.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.mean) != len(self.deviation) or len(self.mean) not in (1, 3):
            raise _nonsense(
                Text(
                    "It has {means} means and {deviations} deviations.",
                    means=len(self.mean),
                    deviations=len(self.deviation),
                )
            )
        if not all(map(math.isfinite, self.mean + self.deviation)) or min(self.deviation) <= 0:
            raise _nonsense(
                Text(
                    "Its means {mean} and deviations {deviation} cannot be computed with.",
                    mean=list(self.mean),
                    deviation=list(self.deviation),
                )
            )

    @property
    def channels(self) -> int:
        """The number of channels that it is for: 1 or 3."""
        return len(self.mean)

    def scale_and_shift(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The same a channel as ``pixel * scale + shift``."""
        pairs = list(zip(self.mean, self.deviation, strict=True))
        return tuple(1 / (255 * s) for _, s in pairs), tuple(-m / s for m, s in pairs)

    def apply(self, images: NDArray[np.uint8], dtype: DTypeLike = np.float32) -> NDArray[Any]:
        """images: (n, H, W, C) uint8 → (n, C, H, W) of ``dtype``, each value correctly rounded.

        Raises DataError when C is not this preprocessing's number of channels.
        """
        self.check(images)
        count, height, width, channels = images.shape
        values = np.empty((count, channels, height, width), dtype=dtype)
        for c in range(channels):
            # A pixel has 256 values: each is computed once in float64, then looked up.
            table = ((np.arange(256) / 255 - self.mean[c]) / self.deviation[c]).astype(dtype)
            np.take(table, images[..., c], out=values[:, c], mode="clip")
        return values

    def check(self, images: NDArray[np.uint8]) -> None:
        """Raises DataError unless ``images`` are (n, H, W, C) with this preprocessing's number of channels."""
        if images.ndim != 4 or images.shape[3] != self.channels:
            raise DataError(
                "preprocessing",
                Text(
                    "It is for {channels} channels, but the images are {shape}.",
                    channels=self.channels,
                    shape="×".join(map(str, images.shape[1:])),
                ),
                Text("Load the images with {channels} channels.", channels=self.channels),
            )

    def as_dict(self) -> dict[str, Any]:
        """For JSON; :func:`from_dict` gives the same back."""
        return {"mean": list(self.mean), "deviation": list(self.deviation)}


def identity(channels: int) -> Preprocessing:
    """Scaling to 0–1 and nothing else."""
    return Preprocessing((0.0,) * channels, (1.0,) * channels)


def fit(images: NDArray[np.uint8], rows: NDArray[np.int64] | None = None) -> Preprocessing:
    """Mean and deviation (over all pixels, divided by their number) of each channel.

    images: (n, H, W, C) uint8; only the images at positions ``rows`` count, if given: at least one.
    Pixels are counted by value in integers, so the result
    does not depend on their order. A constant channel gets deviation 1.
    """
    rows = np.arange(len(images)) if rows is None else rows
    per_image = images.shape[1] * images.shape[2]
    step = max(1, _CHUNK // per_image)
    means, deviations = [], []
    for c in range(images.shape[3]):
        counts = np.zeros(256, dtype=np.int64)
        for start in range(0, len(rows), step):
            some = images[rows[start : start + step], ..., c]
            counts += np.bincount(some.ravel(), minlength=256)
        # Python's integers: the squares of a large data set outgrow 64 bits.
        pixels = sum(counts.tolist())
        total = sum(v * n for v, n in enumerate(counts.tolist()))
        squares = sum(v * v * n for v, n in enumerate(counts.tolist()))
        variance = squares * pixels - total * total
        means.append(total / (255 * pixels))
        deviations.append(math.sqrt(variance) / (255 * pixels) if variance else 1.0)
    return Preprocessing(tuple(means), tuple(deviations))


def from_dict(values: object) -> Preprocessing:
    """Read :meth:`Preprocessing.as_dict` back. Raises DataError for anything else."""
    if not isinstance(values, Mapping) or set(values) != {"mean", "deviation"}:
        raise _nonsense(Text("It needs exactly “mean” and “deviation”."))
    return Preprocessing(_numbers(values["mean"]), _numbers(values["deviation"]))


def _numbers(values: object) -> tuple[float, ...]:
    if not isinstance(values, list | tuple) or not all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    ):
        raise _nonsense(Text("{values} is not a list of numbers.", values=repr(values)[:80]))
    try:
        return tuple(float(v) for v in values)
    except OverflowError:
        raise _nonsense(Text("A number in it is too large.")) from None


def _nonsense(reason: Text) -> DataError:
    return DataError(
        "preprocessing",
        reason,
        Text("Give one mean and one deviation above 0 for each of 1 or 3 channels."),
    )
