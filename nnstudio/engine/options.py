"""What a network may be compiled with."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnstudio.engine.optimizers import OPTIMIZERS
from nnstudio.errors import NetworkError
from nnstudio.text import Text

LARGEST_BATCH, MOST_WORKERS, LARGEST_SEED = 10_000_000, 64, 2**31 - 1
"""What a training may be set to."""


def check_options(batch_size: Any, threads: Any, seed: Any, dtype: Any, optimizer: Any) -> None:
    """Raises NetworkError naming the first that does not fit."""
    for name, value, least, most in (
        ("batch size", batch_size, 1, LARGEST_BATCH),
        ("threads", threads, 0, MOST_WORKERS),
        ("seed", seed, 0, LARGEST_SEED),
    ):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or not least <= value <= most:
            raise NetworkError(
                name,
                Text("{value} does not fit.", value=f"{value!r:.60}"),
                Text("Give a whole number from {low} to {high}.", low=least, high=most),
            )
    for name, value, choices in (
        ("dtype", _kind(dtype), ("float32", "float64")),
        ("optimizer", optimizer, tuple(OPTIMIZERS)),
    ):
        if value not in choices:
            raise NetworkError(
                name,
                Text("{value} is not one of the choices.", value=f"{value!r:.60}"),
                Text("Choose one of: {choices}.", choices=", ".join(choices)),
            )


def _kind(dtype: Any) -> Any:
    """The name of a type of numbers, or what was given instead."""
    try:
        return np.dtype(dtype).name
    except TypeError:
        return dtype
