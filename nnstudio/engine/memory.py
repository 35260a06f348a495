"""How much memory a training will take, told before it begins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnstudio.engine.compiler import Blueprint, Target, check, compile_program
from nnstudio.engine.crew import SMALLEST_SHARE
from nnstudio.engine.losses import Objective
from nnstudio.engine.optimizers import CHUNK, OPTIMIZERS, Momentum
from nnstudio.engine.program import Program
from nnstudio.engine.shards import pass_size, split
from nnstudio.network import NetworkSpec
from nnstudio.network.layer import Array

PROCESS = 31 << 20
"""What a worker process takes by itself: an interpreter with NumPy. Measured on Linux."""
LARGEST_COMPILED = 256
"""Images of a pass up to which it is compiled to be counted; beyond it, memory grows evenly."""


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes on top of the program and the data set.

    ``vectors``: weights, gradients and the optimiser's memory; ``activations``: what all workers
    compute with; ``workers``: what worker processes take by themselves.
    """

    vectors: int
    activations: int
    workers: int

    @property
    def total(self) -> int:
        return self.vectors + self.activations + self.workers


def memory_estimate(
    spec: NetworkSpec,
    batch: int,
    *,
    threads: int = 1,
    processes: bool = False,
    optimizer: str = Momentum.name,
    dtype: npt.DTypeLike = np.float32,
    objective: Objective | None = None,
) -> MemoryEstimate:
    """What training ``spec`` on batches of ``batch`` images will take at most, within some percent.

    ``threads`` and ``processes`` as for ``compile_network``. Raises NetworkError for a network that
    cannot be computed. Nothing of the size that is told is allocated.
    """
    blueprint = check(spec, objective)
    item = np.dtype(dtype).itemsize
    shares = split(batch, max(1, min(threads, batch // SMALLEST_SHARE)))
    learned, every = blueprint.layout.learned, blueprint.layout.size
    held = 1 + len(shares) + len(OPTIMIZERS[optimizer].memory)
    vectors = (every + (held - 1) * learned + 3 * min(CHUNK, max(learned, 1))) * item
    activations = 0
    for start, end in shares:
        sizes = _passes(blueprint, end - start, item)
        activations += sum(_program_bytes(blueprint, size, dtype) for size in sizes)
        if (end - start) > max(sizes):
            vectors += learned * item  # several passes: their gradients are added up
    workers = (len(shares) - 1) * PROCESS if processes else 0
    return MemoryEstimate(vectors, activations, workers)


def available() -> int | None:
    """Bytes that programs may still take on this machine without swapping; None where that is not told."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    if hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _passes(blueprint: Blueprint, share: int, item: int) -> set[int]:
    """The sizes of the passes that a worker's share is computed in."""
    largest = pass_size(blueprint, item)
    if share <= largest or blueprint.mixes_images:
        return {share}
    return {b - a for a, b in split(share, -(-share // largest))}


def _program_bytes(blueprint: Blueprint, batch: int, dtype: npt.DTypeLike) -> int:
    if batch <= LARGEST_COMPILED:
        return _compiled_bytes(blueprint, batch, dtype)
    half, whole = (
        _compiled_bytes(blueprint, size, dtype)
        for size in (LARGEST_COMPILED // 2, LARGEST_COMPILED)
    )
    each = (whole - half) / (LARGEST_COMPILED // 2)
    return round(whole + each * (batch - LARGEST_COMPILED))


def _compiled_bytes(blueprint: Blueprint, batch: int, dtype: npt.DTypeLike) -> int:
    layout = blueprint.layout
    values, gradient = np.empty(layout.size, dtype), np.empty(layout.learned, dtype)
    target = Target(batch, values, gradient, dropping=True)
    program = compile_program(blueprint, target, np.random.Generator(np.random.PCG64(0)))
    own = {id(values), id(gradient)}
    pixels = batch * int(np.prod(blueprint.spec.input_shape))
    return program_bytes(program, leaving_out=own) + pixels


def program_bytes(program: Program, leaving_out: set[int] | None = None) -> int:
    """All memory that the calls of ``program`` work on, each buffer once.

    ``leaving_out``: ids of arrays that belong to somebody else.
    """
    found: dict[int, int] = {}
    for array in _arrays(program):
        owner = _owner(array)
        found[id(owner)] = owner.nbytes
    return sum(size for name, size in found.items() if name not in (leaving_out or ()))


def _owner(array: Array) -> Array:
    """Whose memory ``array`` is a view of; overlapping views hang on an object that is no array itself."""
    owner: Any = array
    found = array
    while getattr(owner, "base", None) is not None:
        owner = owner.base
        if isinstance(owner, np.ndarray):
            found = owner
    return found


def _arrays(program: Program) -> Iterator[Array]:
    yield program.x
    for function, arguments, options in (*program.forward_calls, *program.backward_calls):
        given: tuple[Any, ...] = (
            getattr(function, "__self__", None),
            *arguments,
            *options.values(),
        )
        yield from (one for one in given if isinstance(one, np.ndarray))
