"""What scripts hand over: images, labels and weights, taken as numbers of the right kind and shape or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnstudio.errors import NetworkError
from nnstudio.network import shape_text
from nnstudio.network.layer import Array, Shape
from nnstudio.text import Text

_PLAIN = "biuf"
"""Kinds of numbers that become others without losing a part: complex ones, texts and objects do not."""


def numbers_of(subject: str, given: Any, dtype: np.dtype[Any]) -> Array:
    """``given`` as ``dtype``; what is too large for it becomes infinite.

    Raises NetworkError naming ``subject`` for what is no array of numbers.
    """
    try:
        found = np.asarray(given)
    except ValueError:  # rows of different lengths
        found = np.empty((), object)
    if found.dtype.kind not in _PLAIN:
        raise NetworkError(
            subject,
            Text("It holds {kind}, not an array of numbers.", kind=found.dtype.name),
            Text("Give an array of whole numbers or decimal numbers."),
        )
    with np.errstate(over="ignore"):
        return np.asarray(found, dtype)


def check_finite(subject: str, array: Array, *, infinity: bool = False) -> None:
    """Raise NetworkError with the first number of ``array`` that is NaN or infinite.

    ``infinity``: whether infinite numbers may be.
    """
    fine = ~np.isnan(array) if infinity else np.isfinite(array)
    if not fine.all():
        place = tuple(int(index) for index in np.argwhere(~fine)[0])
        raise NetworkError(
            subject,
            Text("It holds {value} at {place}.", value=str(array[place]), place=place),
            Text("Give finite numbers that {kind} can hold.", kind=array.dtype.name),
        )


def images_of(given: Any, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Images (N, C, H, W) for a network that reads (H, W, C), vectors (N, features) for (features,).

    Raises NetworkError for another shape, and for numbers that are not finite.
    """
    images = numbers_of("images", given, dtype)
    wanted = (shape[2], shape[0], shape[1]) if len(shape) == 3 else shape
    if len(wanted) == 3:
        remedy = Text("Give an array of images, channels, rows, columns.")
    else:
        remedy = Text("Give an array with a row of numbers for each example.")
    if images.ndim != len(wanted) + 1:
        raise NetworkError(
            "images",
            Text(
                "The array has {given} axes, {needed} are needed: N×{wanted}.",
                given=images.ndim,
                needed=len(wanted) + 1,
                wanted=shape_text(wanted),
            ),
            remedy,
        )
    if images.shape[1:] != wanted:
        raise NetworkError(
            "images",
            Text(
                "They are {given}, the network reads {wanted}.",
                given=shape_text(images.shape[1:]),
                wanted=shape_text(wanted),
            ),
            remedy,
        )
    check_finite("images", images)
    return images


def check_pixels(images: Array, shape: Shape) -> None:
    """Raise NetworkError unless ``images`` are (N, H, W, C) uint8 for a network that reads ``shape``."""
    if images.dtype == np.uint8 and images.shape[1:] == shape:
        return
    raise NetworkError(
        "images",
        Text(
            "They are {given} {kind}, the network reads {wanted} pixels of 0 to 255.",
            given=shape_text(images.shape[1:]),
            kind=images.dtype.name,
            wanted=shape_text(shape),
        ),
        Text("Give an array of images, rows, columns, channels."),
    )


def rows_of(given: Any, images: int) -> Array:
    """Which of so many images are meant, (count,) int64. Raises NetworkError for others than there are."""
    rows = np.asarray(given)
    if not rows.size:
        return np.zeros(0, np.int64)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= images:
        raise NetworkError(
            "rows",
            Text("{value} does not fit.", value=f"{given!r:.60}"),
            Text("Give a whole number from {low} to {high}.", low=0, high=images - 1),
        )
    return rows.astype(np.int64)


def labels_of(given: Any, images: int, classes: int) -> Array:
    """The class of each of so many images, (images,) int64.

    Raises NetworkError for another shape, numbers that are not whole, and labels outside the classes.
    """
    try:
        labels = np.asarray(given)
    except ValueError:
        labels = np.empty((), object)
    if labels.ndim != 1:
        raise NetworkError(
            "labels",
            Text("The array has {given} axes, 1 is needed.", given=labels.ndim),
            Text("Give one whole number per image: the number of its class."),
        )
    if len(labels) != images or not images:
        raise NetworkError(
            "labels",
            Text(
                "There are {labels} labels for {images} images.",
                labels=len(labels),
                images=images,
            ),
            Text("Give one label per image, and at least one image."),
        )
    if labels.dtype.kind not in "biu":
        raise NetworkError(
            "labels",
            Text("They are {kind}, not whole numbers.", kind=labels.dtype.name),
            Text("Labels are class numbers from 0 to {last}.", last=classes - 1),
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise NetworkError(
            "labels",
            Text("They run from {low} to {high}.", low=int(labels.min()), high=int(labels.max())),
            Text("Labels are class numbers from 0 to {last}.", last=classes - 1),
        )
    return labels.astype(np.int64)
