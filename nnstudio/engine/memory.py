"""How much memory a training will take, told before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nnstudio.engine import free_memory
from nnstudio.engine.compiler import Blueprint, Target, check, compile_program
from nnstudio.engine.crew import SMALLEST_SHARE
from nnstudio.engine.losses import Objective
from nnstudio.engine.optimizers import CHUNK, OPTIMIZERS, Momentum
from nnstudio.engine.program import Program
from nnstudio.engine.shards import pass_size, split
from nnstudio.errors import NetworkError
from nnstudio.network import NetworkSpec
from nnstudio.network.layer import Array
from nnstudio.network.titles import titles
from nnstudio.text import Text

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
    cannot be computed, or whose weights alone are too many. Nothing of the size that is told is allocated.
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
        try:
            activations += sum(_program_bytes(blueprint, size, dtype) for size in sizes)
        except MemoryError:
            check_weights(blueprint, item, held)
            raise
        if (end - start) > max(sizes):
            vectors += learned * item  # several passes: their gradients are added up
    workers = (len(shares) - 1) * PROCESS if processes else 0
    return MemoryEstimate(vectors, activations, workers)


def check_weights(blueprint: Blueprint, itemsize: int, vectors: int = 2) -> None:
    """Raises NetworkError, naming the layer with the most weights, when all of them do not fit into memory.

    ``vectors``: how many times they are held; while they are drawn twice.
    """
    layout = blueprint.layout
    needed = layout.size * itemsize * vectors
    if needed <= free_memory.SURELY_FREE:
        return
    free = free_memory.available()
    if free is None or needed <= free:
        return
    largest = max(layout.slots.values(), key=lambda slot: slot.end - slot.start)
    raise NetworkError(
        str(titles(blueprint.spec).get(largest.node, "network")),
        Text(
            "It has {count} weights; the network needs {needed} MB of memory for them, and {free} MB are free.",
            count=f"{largest.end - largest.start:,}",
            needed=-(-needed >> 20),
            free=free >> 20,
        ),
        Text("Give it fewer units or filters, or let it read fewer numbers."),
    )


def _passes(blueprint: Blueprint, share: int, item: int) -> set[int]:
    """The sizes of the passes that a worker's share is computed in."""
    largest = pass_size(blueprint, item)
    if share <= largest or blueprint.mixes_images:
        return {share}
    return {b - a for a, b in split(share, -(-share // largest))}


def _program_bytes(blueprint: Blueprint, batch: int, dtype: npt.DTypeLike) -> int:
    most = LARGEST_COMPILED
    if batch <= most:
        try:
            return _compiled_bytes(blueprint, batch, dtype)
        except MemoryError:  # too much even to set aside without using it
            most = 2
    half, whole = (_compiled_bytes(blueprint, size, dtype) for size in (most // 2, most))
    each = (whole - half) / (most // 2)
    return round(whole + each * (batch - most))


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
