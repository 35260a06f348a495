"""Labelled images as they were read, before any split or scaling: what every reader gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import DataError
from nnstudio.text import Text

#: Values of ``Dataset.given``: the part that the source itself put an image into.
NOT_GIVEN, GIVEN_TRAIN, GIVEN_VALIDATION, GIVEN_TEST = 0, 1, 2, 3

#: More bytes of pixels than this are refused before they are allocated.
MAX_BYTES = 2 << 30


@dataclass(frozen=True)
class Skipped:
    """A file that could not be used, and why. ``file`` is relative to what was loaded."""

    file: str
    reason: Text


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images of one size, each of one class.

    images: (n, H, W, C) uint8, C 1 (grey) or 3 (red, green, blue).
    labels: (n,) int64, positions in ``classes``.
    given: (n,) uint8, the part that the source put each image into (``NOT_GIVEN``,
    ``GIVEN_TRAIN``, ``GIVEN_VALIDATION``, ``GIVEN_TEST``).
    source: the path that was loaded, or "digits", for display.

    The arrays are read-only views. Raises DataError when they do not fit each other.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    given: NDArray[np.uint8]
    skipped: tuple[Skipped, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        images, labels, given = self.images, self.labels, self.given
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3):
            raise _unfit("images", _kind(images), "(n, H, W, 1 or 3) uint8")
        if 0 in images.shape:
            raise _unfit("images", _kind(images), "(1 or more, H, W, 1 or 3) uint8")
        if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            raise _unfit("labels", _kind(labels), f"({len(images)},) int64")
        if given.dtype != np.uint8 or given.shape != images.shape[:1] or given.max() > GIVEN_TEST:
            raise _unfit("given", _kind(given), f"({len(images)},) uint8, 0 – {GIVEN_TEST}")
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise DataError(
                "classes",
                Text("{names} are not distinct names.", names=f"{self.classes!r:.60}"),
                Text("Give each class a name of its own."),
            )
        if labels.min() < 0 or labels.max() >= len(self.classes):
            raise DataError(
                "labels",
                Text("They run from {low} to {high}.", low=labels.min(), high=labels.max()),
                Text("Labels are class numbers from 0 to {last}.", last=len(self.classes) - 1),
            )
        for name in ("images", "labels", "given"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of every image."""
        _, height, width, channels = self.images.shape
        return height, width, channels

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of images of each class, in the order of ``classes``."""
        return tuple(np.bincount(self.labels, minlength=len(self.classes)).tolist())

    def counts_of(self, rows: NDArray[np.int64]) -> tuple[int, ...]:
        """The number of the images ``rows`` of each class, in the order of ``classes``."""
        return tuple(np.bincount(self.labels[rows], minlength=len(self.classes)).tolist())

    def with_classes(self, classes: tuple[str, ...]) -> Dataset:
        """The same images with labels counted in ``classes``, as a trained network orders them.

        Raises DataError when an image's class is not among them.
        """
        unknown = [
            name
            for name, n in zip(self.classes, self.counts, strict=True)
            if n and name not in classes
        ]
        if unknown:
            raise DataError(
                self.source,
                Text(
                    "It has images of “{unknown}”, which is not among the classes {classes}.",
                    unknown=", ".join(unknown),
                    classes=", ".join(classes),
                ),
                Text("Use images of those classes, or train the network on these."),
            )
        position = {name: place for place, name in enumerate(classes)}
        moved = np.array([position.get(name, 0) for name in self.classes], dtype=np.int64)
        return replace(self, labels=moved[self.labels], classes=tuple(classes))


def check_bytes(subject: str, count: int, height: int, width: int, channels: int) -> None:
    """Raise DataError when that many images would not fit within ``MAX_BYTES``."""
    wanted = count * height * width * channels
    if wanted > MAX_BYTES:
        raise DataError(
            subject,
            Text(
                "{count} images of {height}×{width}×{channels} take {size} GiB, more than the {limit} GiB allowed.",
                count=count,
                height=height,
                width=width,
                channels=channels,
                size=f"{wanted / 2**30:.1f}",
                limit=MAX_BYTES >> 30,
            ),
            Text("Choose a smaller image size or fewer images."),
        )


def _unfit(name: str, given: str, wanted: str) -> DataError:
    return DataError(
        name,
        Text("The array is {given}.", given=given),
        Text("Give an array of {wanted}.", wanted=wanted),
    )


def _kind(array: NDArray[np.generic]) -> str:
    return f"{array.shape} {array.dtype}"
