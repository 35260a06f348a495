"""Makes the small live pictures on the blocks from what each layer gives for the watched image."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QImage

from nnstudio.network import Node
from nnstudio.network.layer import Array

SIDE = 30


@cache
def _table(name: str) -> Array:
    """The colours of a colormap, (256, 3) uint8."""
    return pg.colormap.get(name).getLookupTable(0.0, 1.0, 256)[:, :3].astype(np.uint8)


def thumbnail(node: Node, activation: Array) -> QImage:
    """A picture of ``activation`` (C, H, W) or (features,).

    The input is shown as the image that it is, the output as one bar per class, everything else as
    a map in viridis: of an image the mean of its channels (a single one may be silent), of a vector
    its numbers in rows.
    """
    if activation.ndim == 1 and node.layer.is_output:
        return _bars(activation)
    if activation.ndim == 3 and node.layer.reads == 0:
        return _image(activation)
    with np.errstate(invalid="ignore"):
        many = activation.ndim == 3
        grid = activation.mean(axis=0, dtype=np.float64) if many else _in_rows(activation)
    scaled = _scaled(grid, *_levels(grid))
    return _from_rgb(_table("viridis")[(scaled * 255).astype(np.uint8)])


def _scaled(values: Array, low: float, high: float) -> Array:
    """0 at ``low``, 1 at ``high``; 0 where a training that explodes has left no number.

    Counted in double precision: the distance of two floats may be more than a float can hold.
    """
    with np.errstate(invalid="ignore"):
        shares = (values.astype(np.float64) - low) / (high - low)
    return np.clip(np.nan_to_num(shares, posinf=1.0), 0.0, 1.0)


def _levels(grid: Array) -> tuple[float, float]:
    finite = grid[np.isfinite(grid)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(np.percentile(finite, 99))
    if low >= 0:
        low = 0.0
    return low, max(high, low + 1e-6)


def _in_rows(vector: Array) -> Array:
    """(features,) as a nearly square grid, the rest of the last row at the smallest value."""
    columns = math.ceil(math.sqrt(vector.size))
    rows = math.ceil(vector.size / columns)
    filled = np.full(rows * columns, vector.min(), vector.dtype)
    filled[: vector.size] = vector
    return filled.reshape(rows, columns)


def _image(activation: Array) -> QImage:
    """What the network reads, stretched from its darkest to its brightest value."""
    finite = activation[np.isfinite(activation)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    scaled = _scaled(activation, low, max(high, low + 1e-6)) * 255
    channels = scaled if activation.shape[0] == 3 else np.repeat(scaled[:1], 3, axis=0)
    return _from_rgb(np.moveaxis(channels, 0, -1).astype(np.uint8))


def _bars(vector: Array) -> QImage:
    finite = vector[np.isfinite(vector)]
    heights = _scaled(vector, 0.0, max(float(finite.max()) if finite.size else 0.0, 1e-6))
    edges = np.linspace(1, SIDE - 1, vector.size + 1).astype(int)
    picture = np.full((SIDE, SIDE, 3), _table("viridis")[0], np.uint8)
    for height, start, end in zip(heights, edges[:-1], edges[1:], strict=True):
        top = SIDE - 2 - round(float(height) * (SIDE - 5))
        picture[top : SIDE - 2, start : max(start + 1, end - 1)] = _table("viridis")[210]
    return _from_rgb(picture)


def _from_rgb(rgb: Array) -> QImage:
    """(H, W, 3) uint8 as an image of its own, pixels copied."""
    data = np.ascontiguousarray(rgb)
    height, width, _ = data.shape
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
