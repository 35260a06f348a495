"""The ``.nnstudio`` file: saved completely or not at all, opened without trusting it."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from pathlib import Path

from nnstudio import __version__
from nnstudio.data.readers.survey import printable
from nnstudio.errors import NNStudioError, ProjectError
from nnstudio.exchange.atomic import try_target, write_verified
from nnstudio.project import archive
from nnstudio.project.archive import BrokenArchive, Manifest
from nnstudio.project.content import Project, decode, encode
from nnstudio.text import Text

__all__ = ["ENDING", "FORMAT", "Project", "check_target", "load", "save"]

ENDING = ".nnstudio"
#: A higher minor number only adds what an older reader may leave out; a higher major one changes more.
FORMAT = (1, 1)
#: The oldest program that reads this format.
MINIMUM_READER = "0.1.0"

Members = dict[str, bytes]
#: Major version to the function that turns its members into those of the next. Version 1 is the first.
MIGRATIONS: dict[int, Callable[[Members], Members]] = {}

#: What decoding may raise for members that this program did not write.
_UNDECODABLE = (
    NNStudioError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
)
_CHOOSE = Text("Choose a file that this program saved.")


def save(project: Project, path: str | Path, *, backup: bool = True) -> Path:
    """Put the project in the place of ``path`` and return where that is, links followed.

    With ``backup``, what was there stays as ``….bak``; when anything fails, it stays as it was. Raises ProjectError:
    the target cannot be written or holds a project of a newer version, or the project cannot be kept.
    """
    _guard_newer(path)
    try:
        members = encode(project)
        decode(members)
    except _UNDECODABLE as error:
        raise ProjectError(
            printable(path),
            Text("The project cannot be kept in a file ({detail}).", detail=_said(error)),
            Text("Undo the last change and save again."),
        ) from error

    def verify(written: Path) -> None:
        try:
            _, found = archive.read(written, lambda manifest: None)
        except BrokenArchive as error:
            raise OSError(errno.EIO, f"it does not read back, {error}") from error
        if found != members:
            raise OSError(errno.EIO, "it does not read back as it was")

    data = archive.packed(members, FORMAT, MINIMUM_READER)
    try:
        return write_verified(path, data, verify, backup=backup)
    except OSError as error:
        raise _unwritable(path, error) from error


def check_target(path: str | Path) -> None:
    """Raise the ProjectError that :func:`save` would, as far as it can be known beforehand."""
    try:
        try_target(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    _guard_newer(path)


def load(path: str | Path) -> Project:
    """Open a project; no code in it is ever run. Raises ProjectError with what is wrong with it."""
    place = Path(path)
    try:
        place = place.expanduser()
        if place.is_dir() or (place.exists() and not place.is_file()):
            raise ProjectError(printable(path), Text("It is a folder, not a project."), _CHOOSE)
        return _read(place, path)
    except FileNotFoundError as error:
        raise ProjectError(
            printable(path), Text("There is no such file."), Text("Check its name and place.")
        ) from error
    except OSError as error:
        raise ProjectError(
            printable(path),
            Text("It cannot be opened ({detail}).", detail=error.strerror or str(error)),
            Text("Check its name, place and permissions."),
        ) from error
    except (ValueError, RuntimeError) as error:  # a zero byte in the name; no home folder
        raise ProjectError(
            printable(path), Text("Its name is not possible."), Text("Check its name and place.")
        ) from error


def _read(place: Path, subject: str | Path) -> Project:
    """The project at ``place``, called ``subject`` in errors. Raises ProjectError, OSError."""
    try:
        manifest, members = archive.read(place, lambda found: _refuse_newer(found, subject))
    except BrokenArchive as error:
        if not archive.is_archive(place):
            raise ProjectError(
                printable(subject), Text("It is not an nnstudio project."), _CHOOSE
            ) from error
        raise _broken(subject, str(error)) from error
    try:
        for version in range(manifest.version[0], FORMAT[0]):
            members = MIGRATIONS[version](members)
        return decode(members)
    except _UNDECODABLE as error:
        raise _broken(subject, _said(error)) from error


def _said(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return re.sub(r"\s+", " ", str(error)).rstrip(". ")[:300]


def _refuse_newer(manifest: Manifest, subject: str | Path) -> None:
    if manifest.version[0] > FORMAT[0]:
        raise ProjectError(
            printable(subject),
            Text(
                "It was saved in format {format}; this is nnstudio {here}, which reads format {known}.",
                format=manifest.version[0],
                here=__version__,
                known=FORMAT[0],
            ),
            Text("Open it with nnstudio {version} or newer.", version=manifest.minimum_reader),
        )


def _guard_newer(path: str | Path) -> None:
    """A project of a newer version is never written over; whatever else is there may be."""
    try:
        place = Path(path).expanduser()
        if place.is_file():
            _refuse_newer(archive.read_manifest(place), path)
    except (OSError, ValueError, RuntimeError, BrokenArchive):
        return


def _broken(subject: str | Path, detail: str) -> ProjectError:
    backup = Path(f"{subject}.bak")
    remedy = (
        Text("Open the version before it: {file}.", file=printable(backup))
        if backup.is_file()
        else Text("Open another copy of it.")
    )
    return ProjectError(printable(subject), Text("It is damaged: {detail}.", detail=detail), remedy)


def _unwritable(path: str | Path, error: OSError) -> ProjectError:
    return ProjectError(
        printable(path),
        Text("It cannot be written ({detail}).", detail=error.strerror or str(error)),
        Text("Choose another place or name."),
    )
