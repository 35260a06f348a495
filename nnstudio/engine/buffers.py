"""Memory for activations: zero-filled and aligned, so that the same numbers give the same bits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from nnstudio.network.layer import Array, Shape

ALIGNMENT = 64
"""Bytes; a cache line. NumPy's sums may round differently from another starting address."""


def zeros(shape: Shape, dtype: npt.DTypeLike) -> Array:
    """A zero-filled array of ``shape`` that begins on a cache line."""
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    raw = np.zeros(size + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + size].view(kind).reshape(shape)
