"""Matrix products cut into blocks that BLAS multiplies where they lie.

For large matrices OpenBLAS copies the operands into an order of its own, which takes longer the
flatter they are. For small ones it has kernels that need no copy; the limits below are where they end
(measured on OpenBLAS 0.3.31: 105 of 110 possible GFLOP/s below, 50 to 90 above).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from nnstudio.engine.blas import multiplies_small_directly
from nnstudio.network.layer import Array

Tell = Callable[..., None]
"""``b.forward`` or ``b.backward``."""

SMALL_PRODUCT = 1_000_000
"""Multiplications of a small product."""
SMALL_OUTPUT = 1200
"""Numbers in the result of a small product whose right operand is transposed."""
TINY_PRODUCT = 50_000
"""Multiplications below which copying the operands costs less than another call of BLAS."""
NARROWEST = 16
"""Columns, a vector register's worth, or rows, below which cutting a product costs more than it gives."""
FEW_COLUMNS = 64
"""Up to so many columns, rows are cut instead where columns cannot be: a few images in a dense layer."""


def multiply(tell: Tell, left: Array, right: Array, out: Array) -> None:
    """Out = left @ right. ``left``: (…, M, K), ``right``: (…, K, P), ``out``: (…, M, P)."""
    rows, inner = left.shape[-2:]
    columns = right.shape[-1]
    height, width = rows, columns
    if multiplies_small_directly():
        width = _part(columns, SMALL_PRODUCT // (rows * inner))
        if width == columns <= FEW_COLUMNS:
            height = _part(rows, SMALL_PRODUCT // (inner * columns))
    if width < columns:
        tell(np.matmul, left[..., None, :, :], _columns(right, width), out=_columns(out, width))
    elif height < rows:
        into = out.reshape(*out.shape[:-2], -1, height, columns)
        cut = left.reshape(*left.shape[:-2], -1, height, inner)
        tell(np.matmul, cut, right[..., None, :, :], out=into)
    else:
        tell(np.matmul, left, right, out=out)


def _part(size: int, most: int) -> int:
    """The largest divisor of ``size`` from NARROWEST to ``most``; all of it, if there is none."""
    return next((n for n in range(min(size, most), NARROWEST - 1, -1) if size % n == 0), size)


def multiply_transposed(tell: Tell, left: Array, right: Array, out: Array) -> None:
    """Out = left @ rightᵀ. ``left``: (…, M, P), ``right``: (…, F, P), ``out``: (…, M, F)."""
    height, width = left.shape[-2], right.shape[-2]
    block = (height, width)
    if multiplies_small_directly():
        block = _block(height, width, left.shape[-1])
    if block == (height, width):
        tell(np.matmul, left, right.swapaxes(-1, -2), out=out)
        return
    upper = left.reshape(*left.shape[:-2], -1, 1, block[0], left.shape[-1])
    lower = right.reshape(*right.shape[:-2], 1, -1, block[1], right.shape[-1])
    into = out.reshape(*out.shape[:-2], height // block[0], block[0], -1, block[1])
    tell(np.matmul, upper, lower.swapaxes(-1, -2), out=into.swapaxes(-2, -3))


def _block(height: int, width: int, inner: int) -> tuple[int, int]:
    """The largest small block that divides (height, width), the squarest of those; or all."""
    if height * width * inner <= TINY_PRODUCT:
        return height, width
    most = min(SMALL_OUTPUT, SMALL_PRODUCT // inner)
    blocks = [
        (h, w)
        for h, w in product(_divisors(height), _divisors(width))
        if h * w <= most and min(h, w) >= min(4, height, width)
    ]
    found = max(blocks, key=lambda block: (block[0] * block[1], min(block)), default=(1, 1))
    return found if found[0] * found[1] >= SMALL_OUTPUT // 4 else (height, width)


def _divisors(number: int) -> list[int]:
    return [n for n in range(1, number + 1) if number % n == 0]


def _columns(array: Array, width: int) -> Array:
    """(…, K, P) as (…, P/width, K, width), a view."""
    cut = array.reshape(*array.shape[:-1], -1, width)
    return np.moveaxis(cut, -2, -3)
