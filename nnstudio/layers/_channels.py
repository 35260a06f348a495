"""Numbers of a channel, or of a unit: how NumPy adds them up, or combines one with all, quickly."""

from __future__ import annotations

import numpy as np

from nnstudio.layers._products import Tell
from nnstudio.network.layer import Array, Builder

SHORTEST, LONGEST = 64, 512
"""Numbers in a row of a channel between which a loop with one other number takes up to twice the time."""
FEWEST_ROWS = 4
"""Rows of an image that make up for stretching the numbers to the length of one."""


def rows(array: Array) -> Array:
    """(H, C, W, N) as (H, C, W·N), (features, N) as (1, features, N); a view."""
    if array.ndim == 2:
        return array[None]
    return array.reshape(*array.shape[:2], -1)


def stretched(b: Builder, tell: Tell, vector: Array, image: Array) -> Array:
    """``vector`` (C,) as an operand for ``image`` (H, C, P): (C, 1), or filled out to (1, C, P)."""
    count, channels, places = image.shape
    if count < FEWEST_ROWS or not SHORTEST <= places <= LONGEST:
        return vector[:, None]
    row = b.scratch((1, channels, places))
    tell(np.copyto, row, vector[:, None])
    return row


def sum_rows(b: Builder, tell: Tell, array: Array, out: Array) -> None:
    """Sums of ``array`` (H, C, P) over all but the channels into ``out`` (C,), maybe of another type."""
    count, channels, places = array.shape
    if count == places == 1:
        tell(np.copyto, out, array.reshape(channels))
        return
    # A product with ones is three to eight times faster than np.add.reduce.
    ones = b.scratch((places,))
    ones.fill(1)
    direct = count == 1 and out.dtype == array.dtype
    by_row = out if direct else b.scratch((count * channels,))
    tell(np.dot, array.reshape(count * channels, places), ones, out=by_row)
    if not direct:
        tell(np.add.reduce, by_row.reshape(count, channels), axis=0, out=out)
