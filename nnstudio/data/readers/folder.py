"""The pictures of a folder, decoded, brought to one size and kept as one array."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import GIVEN_TRAIN, NOT_GIVEN, Dataset, check_bytes
from nnstudio.data.progress import Progress, report
from nnstudio.data.readers.picture import picture_size, read_picture
from nnstudio.data.readers.survey import (
    CLASS_FOLDERS,
    Found,
    Survey,
    natural,
    printable,
    survey,
)
from nnstudio.errors import DataError
from nnstudio.network.heads import values_of
from nnstudio.text import Text

#: The longer side of the size that is chosen when none is asked for.
LONGEST_SIDE = 64
#: So many pictures, evenly spread over the folder, are measured for that size.
MEASURED = 2000
#: Progress is told after so many pictures.
STEP = 10


def read_folder(
    folder: Path,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Read a folder of class folders, or of train / validation / test folders that hold them.

    ``size`` (H, W) None takes the median height and width, scaled down to at most 64 on the longer
    side. ``channels`` None is 3 if any picture is coloured, otherwise 1. Classes are in natural
    order. Files that cannot be used are listed in ``skipped``; hidden files are passed over.

    Raises DataError when fewer than two classes have a readable picture; Cancelled.
    """
    return read_found(survey(folder), size, channels, progress)


def read_found(
    seen: Survey,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Read the pictures that were found, as :func:`read_folder` says; classes that are numbers by size."""
    found = seen.found
    _check_classes(seen, found)
    measured = 0 if size else min(len(found), MEASURED)
    total = len(found) + measured
    if size is None:
        size = _median_size(found, measured, total, progress)
    pixels = Pixels(printable(seen.root), len(found), size, channels)
    kept: list[Found] = []
    for done, item in enumerate(found):
        if done % STEP == 0:
            report(progress, measured + done, total)
        try:
            pixels.add(read_picture(item.path, size, channels))
        except DataError as error:
            seen.skip(item.path, error.reason)
        else:
            kept.append(item)
    report(progress, total, total)
    _check_classes(seen, kept)
    labels = {item.label for item in kept}
    numbers = values_of(tuple(labels)) is not None
    classes = sorted(labels, key=float) if numbers else sorted(labels, key=natural)
    place = {label: number for number, label in enumerate(classes)}
    return Dataset(
        images=pixels.images[: len(kept)],
        labels=np.array([place[item.label] for item in kept], dtype=np.int64),
        classes=tuple(classes),
        given=np.array([item.given for item in kept], dtype=np.uint8),
        skipped=tuple(seen.skipped),
        source=printable(seen.root),
    )


class Pixels:
    """The pixels of pictures as they come: grey until a coloured one arrives, unless that is fixed.

    Raises DataError, naming ``subject``, when they would not fit within the limit of a data set.
    """

    def __init__(
        self, subject: str, count: int, size: tuple[int, int], channels: int | None
    ) -> None:
        self._subject = subject
        self._used = 0
        self.images = self._room(count, size, channels or 1)

    def add(self, picture: NDArray[np.uint8]) -> None:
        """Append a picture of (H, W, 1 or 3)."""
        count, height, width, channels = self.images.shape
        if picture.shape[2] > channels:
            coloured = self._room(count, (height, width), 3)
            coloured[: self._used] = self.images[: self._used]
            self.images = coloured
        self.images[self._used] = picture  # grey fills the three channels alike
        self._used += 1

    def _room(self, count: int, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
        check_bytes(self._subject, count, *size, channels)
        return np.empty((count, *size, channels), dtype=np.uint8)


def _median_size(
    found: list[Found], measured: int, total: int, progress: Progress | None
) -> tuple[int, int]:
    sizes = []
    for done in range(measured):
        if done % STEP == 0:
            report(progress, done, total)
        try:
            sizes.append(picture_size(found[done * len(found) // measured].path))
        except DataError:
            continue  # it is read again later, and skipped with its reason then
    if not sizes:
        return LONGEST_SIDE, LONGEST_SIDE
    height, width = (float(side) for side in np.median(np.array(sizes), axis=0))
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def _check_classes(seen: Survey, items: list[Found]) -> None:
    """Raise DataError unless the items are of two classes or more, and of all in training."""
    subject = printable(seen.table or seen.root)
    labels = sorted({item.label for item in items}, key=natural)
    if not labels and seen.skipped:
        first = seen.skipped[0]
        raise DataError(
            subject,
            Text(
                "None of its files can be used; the first of {count}, {file}: {reason}",
                count=len(seen.skipped),
                file=first.file,
                reason=first.reason,
            ),
            Text("Put PNG, JPEG, BMP, GIF, WebP or TIFF pictures into the class folders.")
            if seen.table is None
            else Text("Give the name of a picture beside the table and its label in each line."),
        )
    if not labels:
        raise DataError(subject, Text("Its folders hold no pictures."), CLASS_FOLDERS)
    if len(labels) == 1:
        raise DataError(
            subject,
            Text("It has pictures of one class only, “{label}”.", label=labels[0]),
            Text("Add a folder with pictures of another class.")
            if seen.table is None
            else Text("Add pictures with another label."),
        )
    trained = {item.label for item in items if item.given in (NOT_GIVEN, GIVEN_TRAIN)}
    untrained = [label for label in labels if label not in trained]
    if untrained:
        raise DataError(
            subject,
            Text("The class “{label}” has no pictures in the training folder.", label=untrained[0]),
            Text("Add some there, or remove the class from the other folders."),
        )
