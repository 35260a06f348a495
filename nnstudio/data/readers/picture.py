"""One picture file, of whatever format, size, depth and orientation, as pixels of a chosen size."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from nnstudio.data.dataset import check_bytes
from nnstudio.data.progress import Progress, report
from nnstudio.errors import DataError
from nnstudio.text import Text

#: Pillow's names of the formats that are opened. What the file holds decides, not its ending.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
)
#: A header that announces more pixels than this is refused before anything is decoded.
MAX_PIXELS = 64_000_000
#: Channels that differ by no more than this are seen as grey: scanners and JPEG leave such a tint.
GREY_TOLERANCE = 16

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(
    path: Path, size: tuple[int, int], channels: int | None = None
) -> NDArray[np.uint8]:
    """The picture as (H, W, C) uint8, ``size`` being (H, W).

    ``channels`` 1 gives grey, 3 colour, None what the picture has. The first frame of an animation
    is taken; the EXIF orientation is applied; transparent places become white, as on paper; 16-bit
    grey is scaled to 8 bits. The picture keeps its proportions: it is scaled (Lanczos) to fit inside
    ``size``, and the rest is filled with the median colour of its border.

    Raises DataError, naming the file and what is wrong with it.
    """
    with _opened(path) as image:
        # A JPEG decoder can leave out detail that scaling would remove anyway: many times faster.
        longest = 2 * max(size)
        image.draft(None, (longest, longest))
        image.load()
        upright = _upright(image)
        pixels = _fitted(_flattened(path, upright), size)
    if channels == 1 or (channels is None and not is_coloured(pixels)):
        return _grey(pixels)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*size, 3)))


def resized(pixels: NDArray[np.uint8], size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """pixels: (H, W, C) uint8 brought to ``size`` and ``channels`` as :func:`read_picture` does it."""
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    fitted = _fitted(image, size)
    if channels == 1:
        return _grey(fitted)
    return np.ascontiguousarray(np.broadcast_to(fitted, (*size, 3)))


def resized_all(
    subject: str,
    images: NDArray[np.uint8],
    size: tuple[int, int] | None,
    channels: int,
    progress: Progress | None,
) -> NDArray[np.uint8]:
    """images: (n, H, W, 1) uint8 → (n, *size, channels), by the rules of :func:`read_picture`.

    ``size`` None keeps the images' own. Raises DataError, naming ``subject``, when the result would
    be too large; Cancelled.
    """
    own = (images.shape[1], images.shape[2])
    height, width = size or own
    check_bytes(subject, len(images), height, width, channels)
    if (height, width) == own:
        return images if channels == 1 else np.repeat(images, 3, axis=3)
    out = np.empty((len(images), height, width, channels), dtype=np.uint8)
    for place, image in enumerate(images):
        out[place] = resized(image, (height, width), channels)
        if place % 50 == 0:
            report(progress, place, len(images))
    report(progress, len(images), len(images))
    return out


def picture_size(path: Path) -> tuple[int, int]:
    """(H, W) as the picture is shown, read from its header alone.

    Raises DataError, naming the file and what is wrong with it.
    """
    with _opened(path) as image:
        width, height = image.size
        # Pillow has turned a TIFF's size already; a PNG may say it only behind its pixels, which are
        # not worth decoding for so rare a case.
        turned = image.format not in ("PNG", "TIFF") and _orientation(image) >= 5
    return (width, height) if turned else (height, width)


def is_coloured(pixels: NDArray[np.uint8]) -> bool:
    """Whether any pixel of (H, W, C) differs between channels by more than ``GREY_TOLERANCE``."""
    if pixels.shape[2] == 1:
        return False
    return bool((pixels.max(axis=2) - pixels.min(axis=2)).max() > GREY_TOLERANCE)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The opened file, its header checked; whatever goes wrong inside becomes a DataError."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of oddities in metadata that do not touch the pixels.
            warnings.simplefilter("ignore")
            with path.open("rb") as file, Image.open(file, formats=FORMATS) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise _too_large(path, width, height)
                yield image
    except DataError:
        raise
    except Exception as error:  # a damaged file makes a decoder raise almost anything
        raise _unreadable(path, error) from error


def _too_large(path: Path, width: int, height: int) -> DataError:
    return DataError(
        path,
        Text(
            "The picture has {width}×{height} pixels, more than the {limit} million allowed.",
            width=width,
            height=height,
            limit=MAX_PIXELS // 1_000_000,
        ),
        Text("Save it smaller."),
    )


def _unreadable(path: Path, error: Exception) -> DataError:
    remedy = Text("Open it in a picture viewer and save it again, or leave it out.")
    if isinstance(error, Image.DecompressionBombError):
        reason = Text(
            "The picture has more than the {limit} million pixels allowed.",
            limit=MAX_PIXELS // 1_000_000,
        )
        remedy = Text("Save it smaller.")
    elif isinstance(error, UnidentifiedImageError):
        if path.stat().st_size == 0:
            reason = Text("The file is empty.")
        else:
            reason = Text("It is not a picture in a known format, or its beginning is damaged.")
        remedy = Text("Use PNG, JPEG, BMP, GIF, WebP or TIFF pictures.")
    elif isinstance(error, FileNotFoundError):
        reason, remedy = Text("There is no such file."), Text("Check its name and place.")
    elif isinstance(error, PermissionError):
        reason, remedy = Text("The file may not be read."), Text("Change its permissions.")
    elif isinstance(error, IsADirectoryError):
        reason, remedy = Text("It is a folder, not a picture."), Text("Name a picture file.")
    elif isinstance(error, EOFError) or "truncated" in str(error).lower():
        reason = Text("The picture is cut off: the file ends before its last pixels.")
    else:
        detail = str(error) or type(error).__name__
        reason = Text("The picture is damaged ({detail}).", detail=detail[:120])
    return DataError(path, reason, remedy)


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged metadata: the pixels are still good, and shown as they lie
        return 1
    return value if isinstance(value, int) else 1


def _upright(image: Image.Image) -> Image.Image:
    turn = _TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _flattened(path: Path, image: Image.Image) -> Image.Image:
    """The image as mode L or RGB: 8 bits, no palette, no transparency."""
    if image.mode.startswith("I"):
        return _from_deep_grey(path, image)
    if image.mode == "F":
        raise DataError(
            path,
            Text("Its pixels are floating-point numbers, whose black and white are not known."),
            Text("Save it with 8 or 16 bits a pixel."),
        )
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _from_deep_grey(path: Path, image: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8: 65535 becomes 255, to the nearest, nothing clipped."""
    deep = np.asarray(image).astype(np.int64)
    if deep.min() < 0 or deep.max() > 65535:
        raise DataError(
            path,
            Text(
                "Its pixels run from {low} to {high}, outside 16 bits.",
                low=int(deep.min()),
                high=int(deep.max()),
            ),
            Text("Save it with 8 or 16 bits a pixel."),
        )
    grey = (deep + 128) // 257
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[deep == transparent] = 255
    return Image.fromarray(grey.astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, image).convert("RGB")


def _fitted(image: Image.Image, size: tuple[int, int]) -> NDArray[np.uint8]:
    """(H, W, 1 or 3) uint8: the image scaled to fit and centred on its own border colour."""
    height, width = size
    scale = min(height / image.height, width / image.width)
    inner_width = min(width, max(1, round(image.width * scale)))
    inner_height = min(height, max(1, round(image.height * scale)))
    if image.size != (inner_width, inner_height):
        image = image.resize((inner_width, inner_height), Image.Resampling.LANCZOS)
    inner = np.asarray(image).reshape(inner_height, inner_width, -1)
    if (inner_height, inner_width) == size:
        return inner
    border = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
    pixels = np.empty((height, width, inner.shape[2]), dtype=np.uint8)
    pixels[:] = np.median(border, axis=0).astype(np.uint8)
    top, left = (height - inner_height) // 2, (width - inner_width) // 2
    pixels[top : top + inner_height, left : left + inner_width] = inner
    return pixels


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma of ITU-R BT.601 for colour; grey stays as it is."""
    if pixels.shape[2] == 1:
        return np.ascontiguousarray(pixels)
    return np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).convert("L"))[:, :, None]
