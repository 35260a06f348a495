"""The one door to images: says what kind of data set a path is, and has it read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import handwriting
from nnstudio.data.dataset import NOT_GIVEN, Dataset, Skipped, check_bytes
from nnstudio.data.progress import Cancelled, Progress, report
from nnstudio.data.readers.folder import STEP, read_folder
from nnstudio.data.readers.idx import is_idx_file, is_idx_folder, read_idx
from nnstudio.data.readers.picture import ENDINGS, read_picture, resized_all
from nnstudio.data.readers.survey import picture_files, printable
from nnstudio.data.readers.table import is_table, read_table, table_of
from nnstudio.errors import DataError, SettingError
from nnstudio.text import Text

__all__ = ["DIGITS", "Cancelled", "Progress", "load", "picture_files", "read_image", "read_images"]

#: The name of the built-in data set. A folder of that name is loaded as "./digits".
DIGITS = "digits"
LARGEST_SIDE = 1024
LARGEST_COUNT = 1_000_000

_KNOWN = Text(
    "Choose a folder with one sub-folder of pictures a class, a CSV table of pictures and labels, "
    "or MNIST's IDX files."
)


def load(
    source: str | Path,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    count: int = 6000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Dataset:
    """Load "digits", an IDX file, a folder of IDX files, a folder of pictures in class folders, or a
    table of pictures and labels.

    ``size`` is (H, W). None keeps the size of IDX images and of digits (28×28); pictures of a folder
    then get their median size, scaled down to at most 64 on the longer side. ``channels`` is 1
    (grey), 3 (colour) or None: as the images are. ``count`` and ``seed`` are for "digits".
    ``progress(done, total)`` is called often from this thread; when it returns False, loading ends.

    Raises DataError for what cannot be read, SettingError for an impossible size, channels, count
    or seed, Cancelled.
    """
    check_request(size, channels, count, seed)
    if source == DIGITS:
        return _digits(size, channels, count, seed, progress)
    path = Path(source).expanduser()
    subject = printable(path)
    try:
        if path.is_dir():
            reader = read_idx if is_idx_folder(path) else read_folder
            if reader is read_folder and table_of(path) is not None:
                reader = read_table
        elif not path.exists():
            raise DataError(
                subject,
                Text("There is no such file or folder."),
                Text("Check its name and place, or use “{digits}”.", digits=DIGITS),
            )
        elif path.is_file() and is_table(path):
            reader = read_table
        elif path.is_file() and is_idx_file(path):
            reader = read_idx
        else:
            raise _not_a_data_set(path)
    except OSError as error:
        raise DataError(
            subject,
            Text("It cannot be opened ({detail}).", detail=error.strerror or str(error)),
            Text("Check its name, place and permissions."),
        ) from error
    return reader(path, size, channels, progress)


def read_image(path: str | Path, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """One picture file for prediction: (H, W, C) uint8, brought to ``size`` as pictures of a folder are.

    Raises DataError when it cannot be read.
    """
    return read_picture(Path(path).expanduser(), size, channels)


def read_images(
    paths: Sequence[str | Path],
    size: tuple[int, int],
    channels: int,
    progress: Progress | None = None,
) -> tuple[NDArray[np.uint8], tuple[Path, ...], tuple[Skipped, ...]]:
    """Unlabelled pictures for prediction: (n, H, W, C) uint8, the n paths read, and what was skipped.

    ``picture_files(folder)`` gives the paths of a folder. Raises DataError when they are too many to
    hold; Cancelled.
    """
    check_bytes(printable(paths[0]) if paths else "", len(paths), *size, channels)
    images = np.empty((len(paths), *size, channels), dtype=np.uint8)
    kept: list[Path] = []
    skipped: list[Skipped] = []
    for done, path in enumerate(map(Path, paths)):
        if done % STEP == 0:
            report(progress, done, len(paths))
        try:
            images[len(kept)] = read_image(path, size, channels)
        except DataError as error:
            skipped.append(Skipped(printable(path), error.reason))
        else:
            kept.append(path)
    report(progress, len(paths), len(paths))
    return images[: len(kept)], tuple(kept), tuple(skipped)


def check_request(
    size: tuple[int, int] | None, channels: int | None, count: int, seed: int
) -> None:
    """Raise SettingError unless images of that size, channels, count and seed can be asked for."""
    if seed < 0:
        raise SettingError(
            "seed",
            Text("{seed} is out of range.", seed=seed),
            Text("Give a whole number from 0 upwards."),
        )
    if size is not None and not all(1 <= side <= LARGEST_SIDE for side in size):
        raise SettingError(
            "size",
            Text("{height}×{width} is out of range.", height=size[0], width=size[1]),
            Text("Give a height and a width from 1 to {limit}.", limit=LARGEST_SIDE),
        )
    if channels not in (None, 1, 3):
        raise SettingError(
            "channels",
            Text("{channels} channels are not possible.", channels=channels),
            Text("Give 1 (grey) or 3 (colour)."),
        )
    if not 10 <= count <= LARGEST_COUNT:
        raise SettingError(
            "count",
            Text("{count} is out of range.", count=count),
            Text("Give a number from 10 to {limit}.", limit=LARGEST_COUNT),
        )


def _digits(
    size: tuple[int, int] | None,
    channels: int | None,
    count: int,
    seed: int,
    progress: Progress | None,
) -> Dataset:
    report(progress, 0, count)
    images, labels = handwriting.digits(count, seed, progress)
    images = resized_all(DIGITS, images, size, channels or 1, progress)
    return Dataset(
        images=images,
        labels=labels,
        classes=tuple("0123456789"),
        given=np.full(count, NOT_GIVEN, dtype=np.uint8),
        source=DIGITS,
    )


def _not_a_data_set(path: Path) -> DataError:
    if path.suffix.lower() in ENDINGS:
        return DataError(
            printable(path),
            Text("It is a single picture, not a data set."),
            Text("Choose the folder that holds the class folders."),
        )
    return DataError(printable(path), Text("It is not a data set of a known kind."), _KNOWN)
