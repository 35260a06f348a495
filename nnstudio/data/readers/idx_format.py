"""The bytes of one IDX file, raw or gzipped: nothing is allocated before the header is found true."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import check_bytes
from nnstudio.errors import DataError
from nnstudio.text import Text

IMAGES_MAGIC, LABELS_MAGIC = 0x0803, 0x0801
_CHUNK = 1 << 20
_GZIP_LIMIT = 1032  # deflate cannot expand by more (zlib's documentation)
_COPY_AGAIN = Text("Copy or download it again.")


def read_header(path: Path, magic: int, dimensions: int) -> tuple[int, ...]:
    """The announced sizes, checked against the length of the file."""
    length = 4 + 4 * dimensions
    with stream(path) as file:
        head = file.read(length)
    if len(head) >= 4 and int.from_bytes(head[:4], "big") != magic:
        raise DataError(
            path,
            Text(
                "It begins with {found}, but an IDX file of {kind} begins with {magic}.",
                found="0x" + head[:4].hex(),
                kind=Text("images") if dimensions == 3 else Text("labels"),
                magic=f"0x{magic:08x}",
            ),
            Text("Use MNIST's IDX files as they are published."),
        )
    if len(head) < length:
        raise _cut_off(path, len(head), length)
    sizes = struct.unpack(f">{dimensions}I", head[4:])
    if 0 in sizes:
        raise DataError(
            path,
            Text("Its header announces {sizes}: no images.", sizes="×".join(map(str, sizes))),
            _COPY_AGAIN,
        )
    count, height, width = (*sizes, 1, 1)[:3]
    check_bytes(str(path), count, height, width, 1)
    body = count * height * width
    on_disk = path.stat().st_size
    if _is_gzip(path):
        if length + body > on_disk * _GZIP_LIMIT:
            raise _cut_off(path, on_disk, length + body)
    elif on_disk < length + body:
        raise _cut_off(path, on_disk, length + body)
    elif on_disk > length + body:
        raise _trailing(path, length + body)
    return sizes


def fill_from(path: Path, skip: int, target: NDArray[np.uint8]) -> Iterator[int]:
    """Read the file's body into ``target``, yielding how many bytes are there after each chunk."""
    view = memoryview(target)  # type: ignore[arg-type]
    with stream(path) as file:
        file.read(skip)
        filled = 0
        while filled < len(view):
            got = cast("int", file.readinto(view[filled : filled + _CHUNK]))  # type: ignore[attr-defined]
            if not got:
                raise _cut_off(path, skip + filled, skip + len(view))
            filled += got
            yield filled
        if file.read(1):
            raise _trailing(path, skip + len(view))


def _is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip files do, whatever its name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


@contextmanager
def stream(path: Path) -> Iterator[IO[bytes]]:
    """The file's content, unpacked; what goes wrong while reading it becomes a DataError."""
    try:
        if _is_gzip(path):
            with gzip.open(path, "rb") as packed:
                yield cast("IO[bytes]", packed)
        elif path.suffix.lower() == ".gz":
            raise gzip.BadGzipFile
        else:
            with path.open("rb") as file:
                yield file
    except EOFError as error:
        raise DataError(path, Text("The gzip file is cut off."), _COPY_AGAIN) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(path, Text("The gzip file is damaged."), _COPY_AGAIN) from error
    except OSError as error:
        raise DataError(
            path,
            Text("It cannot be read ({detail}).", detail=error.strerror or str(error)),
            Text("Check its name, place and permissions."),
        ) from error


def _cut_off(path: Path, found: int, wanted: int) -> DataError:
    return DataError(
        path,
        Text(
            "It is cut off: {found} bytes are there, {wanted} are announced.",
            found=found,
            wanted=wanted,
        ),
        _COPY_AGAIN,
    )


def _trailing(path: Path, wanted: int) -> DataError:
    return DataError(
        path,
        Text("It goes on after the {wanted} bytes that its header announces.", wanted=wanted),
        _COPY_AGAIN,
    )
