"""Which picture files a folder holds, of which class and part: decided from names, nothing is opened."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nnstudio.data.dataset import (
    GIVEN_TEST,
    GIVEN_TRAIN,
    GIVEN_VALIDATION,
    NOT_GIVEN,
    Skipped,
)
from nnstudio.data.readers.picture import ENDINGS
from nnstudio.errors import DataError
from nnstudio.text import Text

_PARTS = {
    "train": GIVEN_TRAIN,
    "training": GIVEN_TRAIN,
    "val": GIVEN_VALIDATION,
    "valid": GIVEN_VALIDATION,
    "validation": GIVEN_VALIDATION,
    "test": GIVEN_TEST,
    "testing": GIVEN_TEST,
}
#: What file browsers and archivers leave behind.
_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db"})
CLASS_FOLDERS = Text(
    "Put the pictures of each class into a folder of its own, named after the class."
)


@dataclass(frozen=True)
class Found:
    """A picture file, the name of its class and the part it was put into."""

    path: Path
    label: str
    given: int


@dataclass
class Survey:
    """What lies in ``root``: picture files by class, and files that cannot be used, with the reason.

    ``table``: which names them, if their folders do not.
    """

    root: Path
    found: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    table: Path | None = None

    def skip(self, path: Path, reason: Text) -> None:
        """List ``path`` as not used."""
        name = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.skipped.append(Skipped(printable(name), reason))


def survey(root: Path) -> Survey:
    """Find the pictures of a folder of class folders, or of train / validation / test folders of them.

    Classes are the class folders' names, in natural order; pictures may lie deeper inside them.
    Links to folders are followed only for class folders, and never upwards. Raises DataError when
    the folder cannot be opened or has no folders for classes.
    """
    result = Survey(root)
    tops, loose = _inside(root, result)
    if not tops:
        raise _without_classes(root, loose)
    if _is_structured(tops, result):
        for top in tops:
            inner, outside = _inside(top, result)
            loose += outside
            for folder in inner:
                _collect(folder, _PARTS[top.name.lower()], result)
    else:
        for top in tops:
            _collect(top, NOT_GIVEN, result)
    for path in loose:
        result.skip(path, Text("It lies outside the class folders."))
    return result


def picture_files(folder: Path) -> tuple[Path, ...]:
    """The picture files in a folder and its sub-folders, by their endings, in natural order.

    Raises DataError when the folder cannot be opened.
    """
    visible(folder)
    return tuple(path for path in _files(folder, Survey(folder)) if _is_picture(path))


def natural(name: str) -> tuple[tuple[int | str, ...], str]:
    """A key that sorts "2" before "10" and "a" beside "A"."""
    pieces = re.split(r"([0-9]+)", name)
    # Every second piece is a number, so pieces at one place always compare.
    return tuple(int(p) if i % 2 else p.casefold() for i, p in enumerate(pieces)), name


def printable(path: str | Path) -> str:
    """The path as text that can be printed and stored, even if its bytes are no valid UTF-8."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def visible(folder: Path) -> list[Path]:
    """What a person sees in the folder, in natural order. Raises DataError when it cannot be opened."""
    try:
        names = os.listdir(folder)  # noqa: PTH208  (names are filtered before any Path is made)
    except OSError as error:
        raise DataError(
            printable(folder),
            Text("The folder cannot be opened ({detail}).", detail=error.strerror or str(error)),
            Text("Check its name, place and permissions."),
        ) from error
    shown = [n for n in names if not n.startswith(".") and n.lower() not in _LITTER]
    return [folder / name for name in sorted(shown, key=natural)]


def _is_structured(tops: list[Path], result: Survey) -> bool:
    parts = {_PARTS.get(top.name.lower(), NOT_GIVEN) for top in tops}
    if GIVEN_TRAIN not in parts or NOT_GIVEN in parts:
        return False
    # Pictures of vehicles may well have a class named "train": that folder holds no folders.
    trains = [top for top in tops if _PARTS[top.name.lower()] == GIVEN_TRAIN]
    return all(any(path.is_dir() for path in visible(top)) for top in trains)


def _inside(folder: Path, result: Survey) -> tuple[list[Path], list[Path]]:
    """The sub-folders and the loose picture files of a folder."""
    folders, loose = [], []
    here = folder.resolve()
    above = {result.root.resolve(), here, *here.parents}
    for path in visible(folder):
        if not path.is_dir():
            if _is_picture(path):
                loose.append(path)
        elif path.is_symlink() and path.resolve() in above:
            result.skip(path, Text("It is a link to a folder that it lies in."))
        else:
            folders.append(path)
    return folders, loose


def _collect(folder: Path, given: int, result: Survey) -> None:
    """Add one class folder's pictures to the result."""
    before = len(result.found) + len(result.skipped)
    for path in _files(folder, result):
        if not _is_picture(path):
            result.skip(
                path,
                Text(
                    "Its ending is not one of a picture: {endings}.",
                    endings=" ".join(sorted(ENDINGS)),
                ),
            )
        elif not path.is_file():
            result.skip(path, Text("It is not an ordinary file, or a link to nowhere."))
        else:
            result.found.append(Found(path, printable(folder.name), given))
    if len(result.found) + len(result.skipped) == before:
        result.skip(folder, Text("The folder holds no pictures."))


def _files(folder: Path, result: Survey) -> Iterator[Path]:
    """All visible files below ``folder``, not following links to folders, which can be circles."""
    try:
        entries = visible(folder)
    except DataError as error:
        result.skip(folder, error.reason)
        return
    for path in entries:
        if not path.is_dir():
            yield path
        elif path.is_symlink():
            result.skip(path, Text("A link to a folder is not followed inside a class folder."))
        else:
            yield from _files(path, result)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS


def _without_classes(root: Path, loose: list[Path]) -> DataError:
    if loose:
        reason = Text("It holds {count} pictures, but no class folders.", count=len(loose))
    else:
        reason = Text("It holds no class folders and no data set files.")
    return DataError(printable(root), reason, CLASS_FOLDERS)
