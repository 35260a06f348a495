"""What one worker of a batch owns: its programs, its gradient, its randomness."""

from __future__ import annotations

import math
from collections import OrderedDict
from contextvars import Context, copy_context
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from nnstudio.engine.buffers import zeros
from nnstudio.engine.compiler import Blueprint, Target, compile_program
from nnstudio.engine.free_memory import check_images
from nnstudio.engine.meeting import Meeting
from nnstudio.engine.program import Program
from nnstudio.network.layer import Array

MANY_PROGRAMS = 8
"""Programs of different sizes that a shard keeps: the whole batch, the last smaller one, each in passes."""
PASS_BYTES = 1 << 20
"""The largest activation of a pass should stay about this small, so that its buffers lie in cache."""
BUFFERED = 1024
"""Numbers that a ufunc gathers from rows that do not follow each other, NumPy's default being 8192.

So many stay in the nearest cache: sums of shifted columns take a third of the time.
"""
_APART = 1 << 40
"""Random numbers that one step may draw before it would meet those of the next."""


class Feed(Protocol):
    """Where a program gets its images: fill ``program.x`` (and labels) with images start to end."""

    def __call__(self, program: Program, start: int, end: int) -> None: ...


def pass_size(blueprint: Blueprint, itemsize: int) -> int:
    """Images that one pass computes together, a power of two from 16 to 256."""
    fitting = PASS_BYTES // max(1, blueprint.largest * itemsize)
    return int(2 ** np.clip(np.log2(max(1, fitting)) // 1, 4, 8))


def bytes_of_image(blueprint: Blueprint, values: Array, *, training: bool) -> int:
    """What computing one image takes at least: its largest activation, and the gradient of that."""
    return blueprint.largest * values.itemsize * (2 if training else 1)


def split(count: int, parts: int) -> list[tuple[int, int]]:
    """``count`` things in ``parts`` runs whose lengths differ by one at most, empty ones left out."""
    edges = [count * i // parts for i in range(parts + 1)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _computing() -> Context:
    """Where NumPy gathers few numbers at a time, and overflow is told by ``Lesson.finite``, not by warnings."""
    context = copy_context()
    context.run(np.setbufsize, BUFFERED)
    context.run(np.seterr, all="ignore")
    return context


class Work(NamedTuple):
    """What is the same for all workers of a batch.

    ``scale``: of each image's gradient; ``portion``: how much of an update's images these are (1
    unless gradients of several batches are added up); ``step``: its number, from which the noise of
    dropout follows; ``parties``: how many workers; ``round``: of their meeting.
    """

    scale: float
    portion: float
    dropping: bool
    step: int
    parties: int
    round: int


class Lesson(NamedTuple):
    """Of one worker's share: summed ``loss``, ``hits``, and whether its gradient is finite."""

    loss: float
    hits: float
    finite: bool


class Shard:
    """What one worker owns. ``gradient`` (learned,) is of its last share."""

    def __init__(
        self,
        blueprint: Blueprint,
        values: Array,
        gradient: Array,
        meeting: Meeting,
        *,
        seed: int,
        number: int,
    ) -> None:
        self._blueprint = blueprint
        self._values = values
        self.gradient = gradient
        self._meeting = meeting
        self._leads = number == 0
        self._part = zeros((0,), values.dtype)
        penalised = [slot.end - slot.start for slot in blueprint.layout.penalised]
        self._scratch = zeros((max(penalised, default=0),), values.dtype)
        self._programs: OrderedDict[tuple[int, bool, bool, bool], Program] = OrderedDict()
        # Statistics of a whole batch need all of its images at once.
        self._whole = blueprint.mixes_images
        self._pass_size = pass_size(blueprint, values.itemsize)
        self._bits = np.random.PCG64(np.random.SeedSequence((seed, 1, number)))
        self._first = self._bits.state
        self._generator = np.random.Generator(self._bits)
        self._context = _computing()

    def program(
        self, batch: int, *, training: bool, dropping: bool = False, part: bool = False
    ) -> Program:
        """The program for this many images, compiled when first asked for.

        ``part``: its gradient is one of several that are added up.
        """
        key = (batch, training, dropping, part)
        program = self._programs.get(key)
        if program is None:
            if part and not self._part.size:
                self._part = zeros(self.gradient.shape, self.gradient.dtype)
            check_images(batch, bytes_of_image(self._blueprint, self._values, training=training))
            gradient = self._part if part else self.gradient
            target = Target(
                batch,
                self._values,
                gradient if training else None,
                dropping,
                leads=self._leads,
                add_up=self._meeting.add_up,
                tuning=True,
            )
            program = compile_program(self._blueprint, target, self._generator)
            self._programs[key] = program
            if len(self._programs) > MANY_PROGRAMS:
                self._programs.popitem(last=False)
        else:
            self._programs.move_to_end(key)
        return program

    def _passes(self, start: int, end: int, *, training: bool) -> list[tuple[int, int]]:
        count = end - start
        if count <= self._pass_size or (training and self._whole):
            return [(start, end)]
        passes = -(-count // self._pass_size)
        return [(start + a, start + b) for a, b in split(count, passes)]

    def learn(self, feed: Feed, start: int, end: int, work: Work) -> Lesson:
        """Loss and gradient of images start to end of a batch."""
        return self._context.run(self._learn, feed, start, end, work)

    def _learn(self, feed: Feed, start: int, end: int, work: Work) -> Lesson:
        self._meeting.begin(work.parties, work.round)
        passes = self._passes(start, end, training=True)
        several = len(passes) > 1
        rewound = False
        loss, hits = 0.0, 0.0
        for number, (first, last) in enumerate(passes):
            program = self.program(
                last - first, training=True, dropping=work.dropping, part=several
            )
            if program.draws and not rewound:
                self._bits.state = self._first
                self._bits.advance(work.step * _APART)
                rewound = True
            feed(program, first, last)
            assert program.loss is not None
            program.loss.scale[...] = work.scale
            program.forward()
            program.backward()
            loss += float(program.loss.total)
            hits += float(program.loss.hits)
            if several and number == 0:
                np.copyto(self.gradient, self._part)
            elif several:
                np.add(self.gradient, self._part, out=self.gradient)
        if self._leads:
            self._add_penalties(work.portion)
        # A dot product is finite only if every number in it is, and costs less than asking each.
        square = np.dot(self.gradient, self.gradient)
        return Lesson(loss, hits, math.isfinite(loss) and math.isfinite(square))

    def _add_penalties(self, portion: float) -> None:
        """The gradient of λ/2·Σw² is λ·w, that of λ·Σ|w| is λ·sign w; once per batch, by the leader."""
        for slot in self._blueprint.layout.penalised:
            weights = self._values[slot.start : slot.end]
            gradient = self.gradient[slot.start : slot.end]
            scratch = self._scratch[: weights.size]
            for factor, slope in ((slot.spec.l2, np.positive), (slot.spec.l1, np.sign)):
                if factor:
                    slope(weights, out=scratch)
                    np.multiply(scratch, weights.dtype.type(factor * portion), out=scratch)
                    np.add(gradient, scratch, out=gradient)

    def predict(self, feed: Feed, start: int, end: int, logits: Array) -> None:
        """Write the logits of images start to end into ``logits`` (all images, outputs)."""
        self._context.run(self._predict, feed, start, end, logits)

    def _predict(self, feed: Feed, start: int, end: int, logits: Array) -> None:
        for first, last in self._passes(start, end, training=False):
            program = self.program(last - first, training=False)
            feed(program, first, last)
            program.forward()
            logits[first:last] = program.logits.T
