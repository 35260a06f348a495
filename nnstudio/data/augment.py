"""Training images changed a little, anew in every epoch: more to learn from than there are.

What happens to an image follows from the seed, the epoch and the image's number alone, not from the
batch that it is in or the worker that computes it, so that a training can be stopped and continued.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_GOLDEN = 0x9E3779B97F4A7C15
_ANGLE, _SCALE, _DOWN, _RIGHT, _ZOOM, _TOP, _LEFT, _FLIP, _TURN, _LIGHT, _HOLE_Y, _HOLE_X = range(
    12
)
"""Which of an image's random numbers is for what."""


@dataclass(frozen=True)
class Augmentation:
    """How far an image may be changed; 0 and False leave it as it is.

    shift: up to this share of its sides, by whole pixels. rotate: degrees, either way. scale: up to
    this share smaller or larger. crop: up to this share of the sides is cut off somewhere and the
    rest enlarged. flip, flip_vertical: half of the images are mirrored. brightness: up to this share
    darker or brighter. cutout: the side of a grey square as a share of the image's shorter side
    (DeVries and Taylor 2017). What comes in from outside repeats the border.
    """

    shift: float = 0.0
    rotate: float = 0.0
    scale: float = 0.0
    crop: float = 0.0
    flip: bool = False
    flip_vertical: bool = False
    brightness: float = 0.0
    cutout: float = 0.0

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return any(astuple(self))


@dataclass(frozen=True)
class Augmenting:
    """An augmentation in one epoch of a training with this seed."""

    how: Augmentation
    seed: int
    epoch: int

    def __call__(self, pixels: Pixels, numbers: NDArray[np.int64]) -> Pixels:
        """``pixels`` (n, H, W, C) changed; ``numbers`` (n,): which images of the data set they are."""
        draw = _Draws(self.seed, self.epoch, numbers)
        how = self.how
        if how.rotate or how.scale or how.crop:
            pixels = _resampled(pixels, how, draw)
        elif how.shift or how.flip or how.flip_vertical:
            pixels = _moved(pixels, how, draw)
        if how.brightness:
            light = 1 + how.brightness * draw.around(_LIGHT)
            changed = pixels * light[:, None, None, None].astype(np.float32)
            pixels = np.rint(changed.clip(0, 255)).astype(np.uint8)
        if how.cutout:
            pixels = _with_hole(pixels, how.cutout, draw)
        return pixels


class _Draws:
    """Uniform numbers by place: a hash of seed, epoch, image and place (Steele, Lea and Flood 2014)."""

    def __init__(self, seed: int, epoch: int, numbers: NDArray[np.int64]) -> None:
        start = _mixed(np.array([seed], np.uint64))
        start = _mixed(start + np.uint64(epoch))
        self._state = _mixed(start + numbers.astype(np.uint64))

    def share(self, place: int) -> NDArray[np.float64]:
        """(n,) from 0 to below 1."""
        step = np.uint64((place + 1) * _GOLDEN & 0xFFFFFFFFFFFFFFFF)
        bits = _mixed(self._state + step) >> np.uint64(11)
        return bits.astype(np.float64) * 2.0**-53

    def around(self, place: int) -> NDArray[np.float64]:
        """(n,) from −1 to below 1."""
        return 2 * self.share(place) - 1

    def half(self, place: int) -> NDArray[np.bool_]:
        """(n,): true for about half of the images."""
        return self.share(place) < 0.5


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = state + np.uint64(_GOLDEN)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _shifts(how: Augmentation, side: int, draw: _Draws, place: int) -> NDArray[np.int64]:
    """(n,) whole pixels, each as probable as every other."""
    most = round(how.shift * side)
    return np.floor(draw.share(place) * (2 * most + 1)).astype(np.int64) - most


def _mirrors(how: Augmentation, draw: _Draws) -> tuple[NDArray[Any], NDArray[Any]]:
    """(n,) each: −1 where rows, and where columns, run backwards."""
    ones = np.ones(len(draw.share(_FLIP)))
    rows = np.where(draw.half(_TURN), -1.0, 1.0) if how.flip_vertical else ones
    columns = np.where(draw.half(_FLIP), -1.0, 1.0) if how.flip else ones
    return rows, columns


def _moved(pixels: Pixels, how: Augmentation, draw: _Draws) -> Pixels:
    """Mirrored and shifted by whole pixels: nothing between pixels is asked for."""
    count, height, width, _ = pixels.shape
    down, right = _mirrors(how, draw)
    rows = _along(height, down, _shifts(how, height, draw, _DOWN))
    columns = _along(width, right, _shifts(how, width, draw, _RIGHT))
    return pixels[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]


def _along(side: int, mirror: NDArray[Any], shift: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n, side): which pixel comes to each place."""
    places = np.arange(side) - shift[:, None]
    places = np.where(mirror[:, None] < 0, side - 1 - places, places)
    return places.clip(0, side - 1)


def _resampled(pixels: Pixels, how: Augmentation, draw: _Draws) -> Pixels:
    """Turned, scaled, cropped, mirrored and shifted at once, blending the four pixels around a place."""
    _, height, width, _ = pixels.shape
    angle = np.radians(how.rotate) * draw.around(_ANGLE)
    zoom = 1 + how.scale * draw.around(_SCALE)
    window = 1 - how.crop * draw.share(_ZOOM)
    down, right = _mirrors(how, draw)
    # From a place in the new image back to where it comes from in the old one.
    size = window / zoom
    y = np.arange(height) - (height - 1) / 2 - _shifts(how, height, draw, _DOWN)[:, None]
    x = np.arange(width) - (width - 1) / 2 - _shifts(how, width, draw, _RIGHT)[:, None]
    y, x = y * (down * size)[:, None], x * (right * size)[:, None]
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    middle_y = (height - 1) / 2 + (1 - window) * height / 2 * draw.around(_TOP)
    middle_x = (width - 1) / 2 + (1 - window) * width / 2 * draw.around(_LEFT)
    source_y = cosine * y[:, :, None] - sine * x[:, None, :] + middle_y[:, None, None]
    source_x = sine * y[:, :, None] + cosine * x[:, None, :] + middle_x[:, None, None]
    return _blended(pixels, source_y.astype(np.float32), source_x.astype(np.float32))


def _blended(pixels: Pixels, y: Floats, x: Floats) -> Pixels:
    """``pixels`` (n, H, W, C) at the places ``y`` and ``x`` (n, H, W), bilinear."""
    count, height, width, channels = pixels.shape
    y, x = y.clip(0, height - 1), x.clip(0, width - 1)
    top, left = np.floor(y).astype(np.int32), np.floor(x).astype(np.int32)
    below, beside = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    share_y, share_x = (y - top)[..., None], (x - left)[..., None]
    flat = pixels.reshape(-1, channels)
    first = (np.arange(count, dtype=np.int32) * (height * width))[:, None, None]
    upper, lower = first + top * width, first + below * width

    def at(rows: NDArray[np.int32], columns: NDArray[np.int32]) -> Floats:
        return flat.take(rows + columns, axis=0).astype(np.float32)

    upper_left, lower_left = at(upper, left), at(lower, left)
    above = upper_left + share_x * (at(upper, beside) - upper_left)
    under = lower_left + share_x * (at(lower, beside) - lower_left)
    found: Pixels = np.rint(above + share_y * (under - above)).astype(np.uint8)
    return found


def _with_hole(pixels: Pixels, cutout: float, draw: _Draws) -> Pixels:
    """A square of the image's mean colour, wholly or partly inside."""
    _, height, width, _ = pixels.shape
    side = max(1, round(cutout * min(height, width)))
    inside = []
    for length, place in ((height, _HOLE_Y), (width, _HOLE_X)):
        middle = np.floor(draw.share(place) * length).astype(np.int64)[:, None]
        first = middle - side // 2
        places = np.arange(length)
        inside.append((places >= first) & (places < first + side))
    hole = inside[0][:, :, None, None] & inside[1][:, None, :, None]
    mean = np.rint(pixels.mean(axis=(1, 2), keepdims=True)).astype(np.uint8)
    return np.where(hole, mean, pixels)
