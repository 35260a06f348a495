"""The flat vectors of one network that all of its workers see, in memory of their own or shared."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnstudio.engine.compiler import Blueprint
from nnstudio.engine.meeting import meeting_arrays
from nnstudio.engine.optimizers import Optimizer, Step
from nnstudio.engine.shared import aligned
from nnstudio.network.layer import Array, Shape

MOST_MEMORIES = 2
"""Vectors that an optimiser may need beside the weights: Adam's two moments."""


@dataclass(frozen=True)
class Vectors:
    """``values`` (parameters,); ``gradients``: (learned,) a worker; ``memory``: (learned,) each.

    ``arrived`` and ``places`` belong to the workers' :class:`~nnstudio.engine.meeting.Meeting`.
    """

    values: Array
    gradients: tuple[Array, ...]
    memory: tuple[Array, ...]
    arrived: Array
    places: Array

    @classmethod
    def made(
        cls,
        make: Callable[[Shape, npt.DTypeLike], Array],
        blueprint: Blueprint,
        dtype: npt.DTypeLike,
        workers: int,
    ) -> Vectors:
        """With ``make(shape, dtype)`` giving each array, always in the same order."""
        arrays = [make(shape, kind) for shape, kind in _shapes(blueprint, dtype, workers)]
        gradients, memory = arrays[1 : 1 + workers], arrays[1 + workers : -2]
        return cls(arrays[0], tuple(gradients), tuple(memory), *arrays[-2:])

    def update(self, optimizer: Optimizer, step: Step, busy: int, part: slice) -> None:
        """Change ``part`` of the learned values along the sum of the first ``busy`` gradients."""
        optimizer.update(
            self.values[part],
            [gradient[part] for gradient in self.gradients[:busy]],
            [memory[part] for memory in self.memory[: len(optimizer.memory)]],
            step,
        )


def _shapes(
    blueprint: Blueprint, dtype: npt.DTypeLike, workers: int
) -> list[tuple[Shape, npt.DTypeLike]]:
    learned = (blueprint.layout.learned,)
    arrived, places = meeting_arrays(workers)
    return [
        ((blueprint.layout.size,), dtype),
        *[(learned, dtype)] * (workers + MOST_MEMORIES),
        (arrived, np.int64),
        (places, np.float64),
    ]


def bytes_of(blueprint: Blueprint, dtype: npt.DTypeLike, workers: int) -> int:
    """What all vectors take together, each on its own cache lines."""
    shapes = _shapes(blueprint, dtype, workers)
    return sum(aligned(math.prod(shape) * np.dtype(kind).itemsize) for shape, kind in shapes)
