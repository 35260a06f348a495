"""Keeping a gradient that explodes from throwing the weights away (Pascanu et al. 2013)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nnstudio.engine.parameters import Layout
from nnstudio.network.layer import Array

NONE, VALUE, NORM, GLOBAL_NORM = "none", "value", "norm", "global"

_TINY = 1e-6
"""Added to a norm before dividing by it, as torch.nn.utils.clip_grad_norm_ does."""


def clip_by_norm(layout: Layout, gradient: Array, most: float) -> None:
    """Shorten, in place, the part of ``gradient`` (learned,) of each parameter to at most ``most``."""
    for slot in layout.within(gradient).values():
        part = gradient[slot.start : slot.end]
        scale = shortening([part], most)
        if scale < 1:
            np.multiply(part, part.dtype.type(scale), out=part)


def shortening(parts: Sequence[Array], most: float) -> float:
    """The factor, at most 1, that makes the norm of all ``parts`` together at most ``most``."""
    total = math.sqrt(sum(float(np.dot(part, part)) for part in parts))
    return min(1.0, most / (total + _TINY))
