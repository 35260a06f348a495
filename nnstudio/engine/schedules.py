"""How the learning rate changes while a training runs."""

from __future__ import annotations

import math
from collections.abc import Callable

CONSTANT, COSINE = "constant", "cosine"


def _constant(progress: float) -> float:
    return 1.0


def _cosine(progress: float) -> float:
    """From 1 to 0 along half a cosine: Loshchilov and Hutter 2017, eq. 5 without restarts."""
    return 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


SCHEDULES: dict[str, Callable[[float], float]] = {CONSTANT: _constant, COSINE: _cosine}
"""Name to rule: the share of the training that is done (0–1) to a factor on the learning rate."""
