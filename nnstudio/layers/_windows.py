"""How a window slides over rows or columns: sizes, padding, and views that repeat no memory."""

from __future__ import annotations

import numpy as np

from nnstudio.network.layer import Array

VALID, SAME = "valid", "same"


def padding_of(size: int, window: int, stride: int, padding: str) -> tuple[int, int]:
    """(before, after) zeros along one axis.

    "same" gives ⌈size/stride⌉ outputs; an odd zero goes after, as ONNX's SAME_UPPER does.
    """
    if padding == VALID:
        return 0, 0
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def outputs_of(size: int, window: int, stride: int, pads: tuple[int, int]) -> int:
    """⌊(size + before + after − window)/stride⌋ + 1; zero or less when the window does not fit."""
    return (size + sum(pads) - window) // stride + 1


def covered(size: int, outputs: int, stride: int, offset: int) -> tuple[int, int]:
    """The outputs w in [first, end) for which w·stride + offset lies inside an axis of ``size``."""
    first = max(0, -(offset // stride)) if offset < 0 else 0
    end = min(outputs, (size - 1 - offset) // stride + 1) if offset < size else 0
    return first, max(first, end)


def row_windows(rows: Array, count: int, height: int, stride: int) -> Array:
    """Overlapping views of ``height`` rows each: (count, height·row, columns) of (R, row…, W, N).

    ``rows`` is contiguous from its second axis on; the last two axes become the columns.
    """
    row_stride = rows.strides[0]
    columns = rows.shape[-1] * rows.shape[-2]
    per_row = int(np.prod(rows.shape[1:])) // columns
    return np.lib.stride_tricks.as_strided(
        rows,
        (count, height * per_row, columns),
        (stride * row_stride, columns * rows.itemsize, rows.itemsize),
    )
