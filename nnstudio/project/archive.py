"""A ZIP of known members, none compressed, whose manifest holds the SHA-256 of each."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnstudio.errors import NNStudioError
from nnstudio.exchange import strict_json

MANIFEST = "manifest.json"
#: Bytes that each member may have. The arrays are limited by the file that holds them.
LIMITS: dict[str, int] = {
    MANIFEST: 64 << 10,
    "network.json": 8 << 20,
    "training.json": 4 << 20,
    "history.json": 64 << 20,
    "state.json": 4 << 20,
    "weights.safetensors": 2 << 30,
    "optimizer.safetensors": 4 << 30,
    "best.safetensors": 2 << 30,
}
#: Members of other names come from later versions with the same major number.
LARGEST_UNKNOWN = 64 << 20
MOST_MEMBERS = 32
LARGEST_FILE = 4 << 30
_NAME = re.compile(r"[a-z0-9_-]{1,60}\.(json|safetensors)")
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")


class BrokenArchive(Exception):  # noqa: N818  (the store says it to a person as a ProjectError)
    """The file is no such archive, or damaged; the message says where."""


@dataclass(frozen=True)
class Manifest:
    """``version``: (major, minor) of the format; ``minimum_reader``: the program that reads it."""

    version: tuple[int, int]
    minimum_reader: str
    hashes: dict[str, str]


def packed(members: dict[str, bytes], version: tuple[int, int], minimum_reader: str) -> bytes:
    """The archive's bytes; the same members give the same bytes."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    manifest = {
        "format": "nnstudio project",
        "version": list(version),
        "minimum_reader": minimum_reader,
        "sha256": hashes,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {MANIFEST: strict_json.dump(manifest), **members}.items():
            entry = zipfile.ZipInfo(name)  # dated 1980: no clock in the file
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def is_archive(path: Path) -> bool:
    """Whether it begins as this program's archives do: with a stored member called as the manifest."""
    with path.open("rb") as stream:
        start = stream.read(30 + len(MANIFEST))
    return start[:4] == b"PK\x03\x04" and start[30:] == MANIFEST.encode()


def read_manifest(path: Path) -> Manifest:
    """Only the manifest. Raises BrokenArchive, OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _manifest(_manifest_bytes(archive))
    except (OSError, BrokenArchive):
        raise
    except Exception as error:
        raise BrokenArchive(str(error) or type(error).__name__) from error


def read(path: Path, accept: Callable[[Manifest], None]) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and every other member, each with the bytes that the manifest promises.

    ``accept`` may refuse by what the manifest says, before anything else is looked at. Sizes and
    names are checked before anything is allocated. Raises BrokenArchive, OSError, or whatever
    ``accept`` raises.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise BrokenArchive(f"it is larger than {LARGEST_FILE >> 30} GiB")
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(_manifest_bytes(archive))
            accept(manifest)
            entries = _checked(archive.infolist(), size)
            members = {entry.filename: archive.read(entry) for entry in entries}
    except (OSError, BrokenArchive, NNStudioError, MemoryError):
        raise
    except Exception as error:
        # zipfile answers damage with a dozen unrelated kinds of exception.
        raise BrokenArchive(str(error) or type(error).__name__) from error
    del members[MANIFEST]
    if set(members) != set(manifest.hashes):
        raise BrokenArchive("its parts are not those that its manifest lists")
    for name, data in members.items():
        if hashlib.sha256(data).hexdigest() != manifest.hashes[name]:
            raise BrokenArchive(f"{name} has been changed or damaged")
    return manifest, members


def _manifest_bytes(archive: zipfile.ZipFile) -> bytes:
    entries = [entry for entry in archive.infolist() if entry.filename == MANIFEST]
    if len(entries) != 1 or entries[0].file_size > LIMITS[MANIFEST]:
        raise BrokenArchive("it has no manifest")
    return archive.read(entries[0])


def _checked(entries: list[zipfile.ZipInfo], size: int) -> list[zipfile.ZipInfo]:
    if len(entries) > MOST_MEMBERS:
        raise BrokenArchive("it has too many parts")
    if len({entry.filename for entry in entries}) < len(entries):
        raise BrokenArchive("it has a part twice")
    for entry in entries:
        if not _NAME.fullmatch(entry.filename):
            raise BrokenArchive("it has a part of an impossible name")
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            raise BrokenArchive(f"{entry.filename} is compressed, which no part of a project is")
        if entry.file_size > LIMITS.get(entry.filename, LARGEST_UNKNOWN):
            raise BrokenArchive(f"{entry.filename} is too large")
    # Parts that share bytes would unpack to more than the file holds.
    if sum(entry.file_size for entry in entries) > size:
        raise BrokenArchive("its parts overlap")
    return entries


def _manifest(data: bytes) -> Manifest:
    values: Any = strict_json.parse(data, LIMITS[MANIFEST])
    keys = {"format", "version", "minimum_reader", "sha256"}
    if not isinstance(values, dict) or not keys <= set(values):
        raise BrokenArchive("its manifest is not understood")
    version, reader, hashes = values["version"], values["minimum_reader"], values["sha256"]
    if (
        not isinstance(version, list)
        or len(version) != 2
        or not all(type(number) is int and 0 <= number < 1_000_000 for number in version)
        or not isinstance(reader, str)
        or not _VERSION.fullmatch(reader)
        or not isinstance(hashes, dict)
        or not all(isinstance(digest, str) for digest in hashes.values())
    ):
        raise BrokenArchive("its manifest is not understood")
    return Manifest((version[0], version[1]), reader, hashes)
