"""How big the numbers of an array are, how they are spread, and where an activation function is flat."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.observation import (
    PERCENTS,
    SATURATED_SLOPE,
    Histogram,
    Observation,
    Saturation,
    Size,
)
from nnstudio.network.layer import Array, Layer

MANY_NUMBERS = 1 << 17
"""A histogram is made of so many images as keep it below this many numbers."""
_CHUNK = 1 << 16


def size_of(*arrays: Array) -> Size:
    """Of all numbers together, summed in float64: the square of a vanished float32 gradient is 0."""
    total, count = 0.0, 0
    for array in arrays:
        flat = array.reshape(-1)
        count += flat.size
        for start in range(0, flat.size, _CHUNK):
            part = flat[start : start + _CHUNK].astype(np.float64)
            total += float(np.dot(part, part))
    return Size(float(np.sqrt(total)), float(np.sqrt(total / max(1, count))))


def histogram_of(values: Array, wanted: Observation) -> Histogram:
    """Of ``values`` (…, N): what a layer gives for N images."""
    images = max(1, MANY_NUMBERS * values.shape[-1] // values.size)
    flat = values[..., :images].astype(np.float64).reshape(-1)
    counts, _ = np.histogram(flat, wanted.bins, (wanted.low, wanted.high))
    return Histogram(
        low=wanted.low,
        high=wanted.high,
        counts=counts.astype(np.int64),
        below=int(np.count_nonzero(flat < wanted.low)),
        above=int(np.count_nonzero(flat > wanted.high)),
        mean=float(flat.mean()),
        deviation=float(flat.std()),
        minimum=float(flat.min()),
        maximum=float(flat.max()),
        percentiles=tuple(float(p) for p in np.percentile(flat, PERCENTS)),
    )


def saturation_of(layer: Layer, values: Array) -> Saturation | None:
    """Of the outputs ``values``, (H, C, W, N) or (features, N); None for a layer that cannot saturate."""
    slope = layer.slope(values)
    if slope is None:
        return None
    steep = np.abs(slope, dtype=np.float32)
    others = tuple(axis for axis in range(steep.ndim) if axis != (steep.ndim == 4))
    return Saturation(
        flat=float(np.mean(steep < SATURATED_SLOPE)),
        dead=float(np.mean(steep.max(axis=others) == 0)),
    )
