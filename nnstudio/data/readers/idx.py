"""MNIST's data sets of IDX files: which images belong to which labels, and to which part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import GIVEN_TEST, GIVEN_TRAIN, NOT_GIVEN, Dataset, check_bytes
from nnstudio.data.progress import Progress, report
from nnstudio.data.readers.idx_format import (
    IMAGES_MAGIC,
    LABELS_MAGIC,
    fill_from,
    read_header,
    stream,
)
from nnstudio.data.readers.picture import resized_all
from nnstudio.data.readers.survey import visible
from nnstudio.errors import DataError
from nnstudio.text import Text

_IMAGES_NAME = re.compile(r"(?P<prefix>.*)images[-._]idx3[-._]ubyte(\.gz)?$", re.IGNORECASE)
_LABELS_NAME = re.compile(r".*labels[-._]idx1[-._]ubyte(\.gz)?$", re.IGNORECASE)
_TRAIN = re.compile(r"(^|[-._])train[-._]?$", re.IGNORECASE)
_TEST = re.compile(r"(^|[-._])(t10k|test)[-._]?$", re.IGNORECASE)


@dataclass(frozen=True)
class _Pair:
    """An images file and its labels file, their headers read and found to agree."""

    images: Path
    labels: Path
    shape: tuple[int, int, int]  # n, H, W


def is_idx_file(path: Path) -> bool:
    """Whether the file's name or its first bytes say that it is meant as IDX."""
    if re.search(r"idx|ubyte", path.name, re.IGNORECASE):
        return True
    try:
        with stream(path) as file:
            head = file.read(4)
    except DataError:
        return path.suffix.lower() == ".gz"
    return len(head) == 4 and head[:2] == b"\0\0" and head[2] == 8 and head[3] in (1, 3)


def is_idx_folder(folder: Path) -> bool:
    """Whether IDX files lie in the folder itself, by their names."""
    return any(
        (_IMAGES_NAME.match(path.name) or _LABELS_NAME.match(path.name)) and path.is_file()
        for path in visible(folder)
    )


def read_idx(
    path: Path,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Read an images file with its labels beside it, or a folder of the usual four or two files.

    A folder with training and test files keeps that structure in ``given``. The classes are the
    labels that occur, by number. ``size`` (H, W) None keeps the files' own; ``channels`` None is 1.

    Raises DataError naming the file, the reason and the remedy; Cancelled.
    """
    if path.is_dir():
        pairs = _pairs_in(path)
    else:
        images = _beside(path, "images") if "labels" in path.name.lower() else path
        pairs = [(_pair(images), NOT_GIVEN)]
    height, width = _common_size(pairs)
    total = sum(pair.shape[0] for pair, _ in pairs)
    check_bytes(str(path), total, height, width, 1)
    labels = np.concatenate([_labels(pair) for pair, _ in pairs])
    found, places = np.unique(labels, return_inverse=True)
    if len(found) == 1:
        raise DataError(
            pairs[0][0].labels,
            Text("It has images of one class only, “{label}”.", label=int(found[0])),
            Text("Use a data set of two classes or more."),
        )
    images_read = np.empty((total, height, width), dtype=np.uint8)
    start = 0
    for pair, _ in pairs:
        _read_pixels(pair, images_read[start : start + pair.shape[0]], start, total, progress)
        start += pair.shape[0]
    return Dataset(
        images=resized_all(str(path), images_read[..., None], size, channels or 1, progress),
        labels=places.astype(np.int64),
        classes=tuple(str(label) for label in found),
        given=np.repeat(
            np.array([part for _, part in pairs], dtype=np.uint8), [p.shape[0] for p, _ in pairs]
        ),
        source=str(path),
    )


def _common_size(pairs: list[tuple[_Pair, int]]) -> tuple[int, int]:
    first = pairs[0][0]
    height, width = first.shape[1:]
    for pair, _ in pairs[1:]:
        if pair.shape[1:] != (height, width):
            raise DataError(
                pair.images,
                Text(
                    "Its images are {given}, those of {other} are {wanted}.",
                    given="×".join(map(str, pair.shape[1:])),
                    other=first.images.name,
                    wanted=f"{height}×{width}",
                ),
                Text("Keep files of one data set in a folder."),
            )
    return height, width


def _pairs_in(folder: Path) -> list[tuple[_Pair, int]]:
    roles: dict[str, Path] = {}
    # Raw files come before their gzipped twins, which torchvision leaves beside them.
    for path in sorted(visible(folder), key=lambda p: (p.suffix.lower() == ".gz", p.name)):
        match = _IMAGES_NAME.match(path.name)
        if match is None or not path.is_file():
            continue
        prefix = match["prefix"]
        role = "train" if _TRAIN.search(prefix) else "test" if _TEST.search(prefix) else "other"
        known = roles.setdefault(role, path)
        if known != path and _plain(known) != _plain(path):
            raise _several(folder, known, path)
    if not roles:
        raise DataError(
            folder,
            Text("It holds IDX labels, but no images."),
            Text("Put the file {name} beside them.", name="train-images-idx3-ubyte"),
        )
    if "train" in roles and "test" in roles:
        return [(_pair(roles["train"]), GIVEN_TRAIN), (_pair(roles["test"]), GIVEN_TEST)]
    first, *others = roles.values()
    if others:
        raise _several(folder, first, others[0])
    return [(_pair(first), NOT_GIVEN)]


def _several(folder: Path, first: Path, second: Path) -> DataError:
    return DataError(
        folder,
        Text(
            "It holds several data sets: {first} and {second}.",
            first=first.name,
            second=second.name,
        ),
        Text("Choose one of the image files instead of the folder."),
    )


def _plain(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").replace(".", "-")


def _beside(path: Path, wanted: str) -> Path:
    """The labels file that belongs to an images file, or the other way round."""
    swaps = {"labels": ("images", "idx3", "idx1"), "images": ("labels", "idx1", "idx3")}
    own, own_kind, wanted_kind = swaps[wanted]
    stem = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    other = re.sub(own, wanted, stem, flags=re.IGNORECASE)
    other = re.sub(own_kind, wanted_kind, other, flags=re.IGNORECASE)
    spelled = [
        other,
        re.sub(r"[-._](idx[13])", r"-\1", other),
        re.sub(r"[-._](idx[13])", r".\1", other),
    ]
    for name in spelled if other != stem else []:
        for candidate in (path.with_name(name), path.with_name(name + ".gz")):
            if candidate.is_file():
                return candidate
    if wanted == "labels":
        reason = Text("There is no labels file beside it.")
    else:
        reason = Text("There is no images file beside these labels.")
    name = other if other != stem else f"train-{wanted}-{wanted_kind}-ubyte"
    raise DataError(path, reason, Text("Put the file {name} into the same folder.", name=name))


def _pair(images: Path) -> _Pair:
    count, height, width = read_header(images, IMAGES_MAGIC, 3)
    labels = _beside(images, "labels")
    (labelled,) = read_header(labels, LABELS_MAGIC, 1)
    if labelled != count:
        raise DataError(
            labels,
            Text(
                "It has {labelled} labels, but {images} has {count} images.",
                labelled=labelled,
                images=images.name,
                count=count,
            ),
            Text("Use the labels file that belongs to these images."),
        )
    return _Pair(images, labels, (count, height, width))


def _labels(pair: _Pair) -> NDArray[np.uint8]:
    labels = np.empty(pair.shape[0], dtype=np.uint8)
    for _ in fill_from(pair.labels, 8, labels):
        pass
    return labels


def _read_pixels(
    pair: _Pair, images: NDArray[np.uint8], before: int, total: int, progress: Progress | None
) -> None:
    per_image = pair.shape[1] * pair.shape[2]
    for filled in fill_from(pair.images, 16, images.reshape(-1)):
        report(progress, before + filled // per_image, total)
