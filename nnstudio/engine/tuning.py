"""Matrix products cut into the blocks that are fastest on this machine, found out once and kept on disk.

How fast BLAS multiplies depends on the processor and on how large the pieces are that it is given. Of
the cuttings of a product only those are tried that give the very same bits, so that a training does not
depend on what was measured, nor on whether it is remembered.
"""

from __future__ import annotations

import json
import mmap
import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from nnstudio.engine.buffers import ALIGNMENT
from nnstudio.engine.program import Call
from nnstudio.network.layer import Array
from nnstudio.paths import cache_folder

WORTH = 500_000
"""Multiplications of a product below which no cutting can save much."""
PARTS = (2, 4, 8)
AS_IS = ""
CUTS = (AS_IS, *(f"rows {n}" for n in PARTS), *(f"columns {n}" for n in PARTS))
ROUNDS = 5
ROUND_SECONDS = 2e-4
GAIN = 0.95
"""A cutting must take less than this share of the time to be preferred: less is noise."""
LARGEST_FILE = 4 << 20


class Book:
    """What was found out, in a JSON file of ``{machine: {product: cutting}}``; any fault in it is ignored."""

    def __init__(self, file: Path | None, machine: str) -> None:
        self._file, self._machine = file, machine
        self._lock = threading.Lock()
        self._known = dict(self._read().get(machine, {}))

    def cut_of(self, product: str, find: Callable[[], str]) -> str:
        """The cutting for ``product``; ``find`` measures it where it is not known yet."""
        with self._lock:
            cut = self._known.get(product)
            if cut not in CUTS:
                cut = self._known[product] = find()
                self._write(product, cut)
            return cut

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            if self._file is None or self._file.stat().st_size > LARGEST_FILE:
                return {}
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
            return {}
        return found

    def _write(self, product: str, cut: str) -> None:
        """Add one line to what others may have written meanwhile. Without a place for it, it is forgotten."""
        if self._file is None:
            return
        found = self._read()
        found.setdefault(self._machine, {})[product] = cut
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._file.parent, prefix=self._file.name)
            with os.fdopen(number, "w", encoding="utf-8") as file:
                json.dump(found, file, indent=1, sort_keys=True)
            Path(name).replace(self._file)
        except OSError:
            return


@cache
def book() -> Book:
    """That of this machine, in the user's cache folder."""
    folder = cache_folder()
    return Book(None if folder is None else folder / "products.json", machine())


def machine() -> str:
    """Processor and libraries, which together decide how fast a product is."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        name = next(
            (x.partition(":")[2].strip() for x in lines if x.startswith("model name")), name
        )
    except OSError:  # another system
        pass
    blas = (
        f"{b['internal_api']} {b['version']} {b.get('architecture')}" for b in threadpool_info()
    )
    return ", ".join((name, f"numpy {np.__version__}", *sorted(blas)))


def tuned(calls: Sequence[Call], known: Book | None = None) -> list[Call]:
    """``calls`` with their large products cut as is fastest. What is in their arrays stays."""
    return [_tuned(call, known) for call in calls]


def _tuned(call: Call, known: Book | None) -> Call:
    function, arguments, options = call
    if function is not np.matmul or set(options) != {"out"}:
        return call
    operands = (*arguments, options["out"])
    if min(array.ndim for array in operands) < 2 or _work(*operands) < WORTH:
        return call
    if min(min(array.strides) for array in operands) < 0:
        return call
    cut = (known or book()).cut_of(_name(operands), partial(fastest, *operands))
    return _cut(call, cut)


def _work(left: Array, _right: Array, out: Array) -> int:
    """How many multiplications the product takes."""
    return out.size * int(left.shape[-1])


def _name(operands: Sequence[Array]) -> str:
    return " ".join(f"{a.dtype}{list(a.shape)}{list(a.strides)}" for a in operands)


def fastest(left: Array, right: Array, out: Array) -> str:
    """The cutting that multiplies arrays that lie as these do soonest, with the same bits."""
    rng = np.random.default_rng(0)
    stand_ins = [_like(array, rng) for array in (left, right, out)]
    result, expected = stand_ins[2], _like(out, rng)
    whole = (np.matmul, tuple(stand_ins[:2]), {"out": result})
    steps = {AS_IS: _step(whole)}
    steps[AS_IS]()
    np.copyto(expected, result)
    for cut in CUTS[1:]:
        if _fits(cut, out):
            step = _step(_cut(whole, cut))
            step()
            if np.array_equal(result, expected):
                steps[cut] = step
    times: dict[str, list[float]] = {cut: [] for cut in steps}
    for _ in range(ROUNDS):
        for cut, step in steps.items():
            times[cut].append(_seconds(step))
    medians = {cut: statistics.median(found) for cut, found in times.items()}
    best = min(medians, key=lambda cut: medians[cut])
    return best if medians[best] < GAIN * medians[AS_IS] else AS_IS


def _seconds(step: Callable[[], object]) -> float:
    """Of one call, from as many as ROUND_SECONDS have room for."""
    began, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < ROUND_SECONDS or not count:
        step()
        count += 1
    return spent / count if spent else 0.0


def _step(call: Call) -> Callable[[], object]:
    function, arguments, options = call
    return partial(function, *arguments, **options)


def _like(array: Array, rng: np.random.Generator) -> Array:
    """Random numbers that lie in memory as those of ``array`` do.

    In pages of their own, which go back to the system at once: a training does not take more at its
    most because it was measured first.
    """
    steps = zip(array.shape, array.strides, strict=True)
    extent = sum((size - 1) * stride for size, stride in steps) // array.itemsize + 1
    offset = array.__array_interface__["data"][0] % ALIGNMENT // array.itemsize
    pages = mmap.mmap(-1, (offset + extent) * array.itemsize)
    flat = np.frombuffer(pages, array.dtype)
    rng.random(out=flat, dtype=array.dtype.type)
    np.subtract(flat, 0.5, out=flat)
    return np.lib.stride_tricks.as_strided(flat[offset:], array.shape, array.strides)


def _fits(cut: str, out: Array) -> bool:
    """Whether ``cut`` leaves blocks of equal size."""
    axis, _, parts = cut.partition(" ")
    return cut == AS_IS or out.shape[-2 if axis == "rows" else -1] % int(parts) == 0


def _cut(call: Call, cut: str) -> Call:
    """The same product in blocks: a further axis in front of the last two."""
    function, (left, right), options = call
    out = options["out"]
    if cut == AS_IS or not _fits(cut, out):
        return call
    axis, _, parts = cut.partition(" ")
    if axis == "rows":
        return (
            function,
            (_blocks(left, -2, int(parts)), right[..., None, :, :]),
            {"out": _blocks(out, -2, int(parts))},
        )
    return (
        function,
        (left[..., None, :, :], _blocks(right, -1, int(parts))),
        {"out": _blocks(out, -1, int(parts))},
    )


def _blocks(array: Array, axis: int, parts: int) -> Array:
    """(…, M, P) as (…, parts, M/parts, P), or with P divided; a view."""
    shape, strides = list(array.shape), list(array.strides)
    shape[axis] //= parts
    shape.insert(-2, parts)
    strides.insert(-2, array.strides[axis] * shape[axis])
    return np.lib.stride_tricks.as_strided(array, shape, strides)
