"""One batch split over worker threads, each with its own programs, gradient vector and randomness."""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from queue import SimpleQueue
from typing import Protocol

import numpy as np

from nnstudio.engine.buffers import zeros
from nnstudio.engine.compiler import Blueprint, Target, compile_program
from nnstudio.engine.program import Program
from nnstudio.network.layer import Array

MANY_PROGRAMS = 6
"""Programs of different sizes that a shard keeps: the whole batch, the last smaller one, each in passes."""
PASS_BYTES = 1 << 20
"""The largest activation of a pass should stay about this small, so that its buffers lie in cache."""
SMALLEST_SHARE = 8
"""Images below which a further worker costs more than it does."""


class Feed(Protocol):
    """Where a program gets its images: fill ``program.x`` (and labels) with images start to end."""

    def __call__(self, program: Program, start: int, end: int) -> None: ...


def pass_size(blueprint: Blueprint, itemsize: int) -> int:
    """Images that one pass computes together, a power of two from 16 to 256."""
    fitting = PASS_BYTES // max(1, blueprint.largest * itemsize)
    return int(2 ** np.clip(np.log2(max(1, fitting)) // 1, 4, 8))


def split(count: int, parts: int) -> list[tuple[int, int]]:
    """``count`` things in ``parts`` runs whose lengths differ by one at most, empty ones left out."""
    edges = [count * i // parts for i in range(parts + 1)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


_quiet = np.errstate(all="ignore")
"""Numbers that overflow are told by ``Outcome.finite``, not by warnings from a thread."""


class Shard:
    """What one worker owns. ``gradient`` (parameters,), ``loss`` and ``hits`` are of its last share."""

    def __init__(self, blueprint: Blueprint, values: Array, generator: np.random.Generator) -> None:
        self._blueprint = blueprint
        self._values = values
        self._programs: OrderedDict[tuple[int, bool, bool], Program] = OrderedDict()
        self._pass_size = pass_size(blueprint, values.itemsize)
        self._pass_gradient = zeros((blueprint.layout.learned,), values.dtype)
        self._sum = zeros((blueprint.layout.learned,), values.dtype)
        self.generator = generator
        self.gradient = self._pass_gradient
        self.loss = 0.0
        self.hits = 0

    def program(self, batch: int, *, training: bool, dropping: bool = False) -> Program:
        """The program for this many images, compiled when first asked for."""
        key = (batch, training, dropping)
        program = self._programs.get(key)
        if program is None:
            target = Target(
                batch, self._values, self._pass_gradient if training else None, dropping
            )
            program = compile_program(self._blueprint, target, self.generator)
            self._programs[key] = program
            if len(self._programs) > MANY_PROGRAMS:
                self._programs.popitem(last=False)
        else:
            self._programs.move_to_end(key)
        return program

    def _passes(self, start: int, end: int) -> list[tuple[int, int]]:
        count = end - start
        return [(start + a, start + b) for a, b in split(count, -(-count // self._pass_size))]

    @_quiet
    def learn(self, feed: Feed, start: int, end: int, scale: float, *, dropping: bool) -> None:
        """Loss and gradient of images start to end, the gradient times ``scale``."""
        passes = self._passes(start, end)
        self.loss, self.hits = 0.0, 0
        self.gradient = self._pass_gradient if len(passes) == 1 else self._sum
        for number, (first, last) in enumerate(passes):
            program = self.program(last - first, training=True, dropping=dropping)
            feed(program, first, last)
            assert program.loss is not None
            program.loss.scale[...] = scale
            program.forward()
            program.backward()
            self.loss += float(program.loss.total)
            self.hits += int(program.loss.hits)
            if self.gradient is self._sum:
                if number == 0:
                    np.copyto(self._sum, self._pass_gradient)
                else:
                    np.add(self._sum, self._pass_gradient, out=self._sum)

    @_quiet
    def predict(self, feed: Feed, start: int, end: int, logits: Array) -> None:
        """Write the logits of images start to end into ``logits`` (all images, classes)."""
        for first, last in self._passes(start, end):
            program = self.program(last - first, training=False)
            feed(program, first, last)
            program.forward()
            logits[first:last] = program.logits.T


class Workers:
    """Threads that wait for work, each on cores of its own. The calling thread does the first piece."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._inboxes: list[SimpleQueue[Callable[[], None] | None]] = []
        self._outbox: SimpleQueue[BaseException | None] = SimpleQueue()
        for number in range(1, count):
            inbox: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
            self._inboxes.append(inbox)
            threading.Thread(
                target=_serve,
                args=(inbox, self._outbox, own_cores(number, count)),
                name=f"engine {number}",
                daemon=True,
            ).start()
        weakref.finalize(self, _dismiss, self._inboxes)

    def run(self, pieces: Sequence[Callable[[], None]]) -> None:
        """Run all pieces side by side and wait for them; an exception of one is raised here."""
        for inbox, piece in zip(self._inboxes, pieces[1:], strict=False):
            inbox.put(piece)
        failure: BaseException | None = None
        try:
            pieces[0]()
        except BaseException as error:
            failure = error
        for _ in pieces[1:]:
            failure = self._outbox.get() or failure
        if failure is not None:
            raise failure


def own_cores(number: int, count: int) -> set[int]:
    """The cores for worker ``number`` of ``count``; empty where the system leaves no choice.

    Threads that hand the interpreter's lock to each other get woken on one and the same core, and
    two of them are then no faster than one. Cores of their own keep them apart.
    """
    if not hasattr(os, "sched_getaffinity"):
        return set()
    return set(sorted(os.sched_getaffinity(0))[number::count])


def _serve(
    inbox: SimpleQueue[Callable[[], None] | None],
    outbox: SimpleQueue[BaseException | None],
    cores: set[int],
) -> None:
    if cores:
        with suppress(OSError):  # a container may forbid it; the work is the same
            os.sched_setaffinity(0, cores)
    while (piece := inbox.get()) is not None:
        try:
            piece()
        except BaseException as error:
            outbox.put(error)
        else:
            outbox.put(None)
        del piece  # it would keep the network alive while waiting


def _dismiss(inboxes: list[SimpleQueue[Callable[[], None] | None]]) -> None:
    for inbox in inboxes:
        inbox.put(None)
