"""All workers of a network: threads at first, processes once a training has run for a while.

Both compute the same shares on the same vectors and give the same bits. Threads of one process take
turns with the interpreter's lock, which processes need not share; but a process takes a third of a
second and some 40 MB to start, which a short training is better off without.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from nnstudio.engine import processes
from nnstudio.engine.buffers import zeros
from nnstudio.engine.compiler import Blueprint
from nnstudio.engine.feeds import PixelFeed
from nnstudio.engine.meeting import Meeting
from nnstudio.engine.optimizers import Optimizer, Step
from nnstudio.engine.processes import Processes
from nnstudio.engine.shards import Feed, Lesson, Shard, Work, split
from nnstudio.engine.shared import SharedBlock
from nnstudio.engine.threads import Threads
from nnstudio.engine.vectors import Vectors, bytes_of
from nnstudio.network.layer import Array

SMALLEST_SHARE = 8
"""Images below which a further worker costs more than it does."""
SMALLEST_UPDATE = 100_000
"""Learned numbers below which dividing an update among processes costs more than it does."""
PATIENCE = 0.5
"""Seconds of computing by several threads after which processes are started."""


class Crew:
    """The workers of one network. ``allow_processes``: whether threads may give way to processes."""

    def __init__(
        self,
        blueprint: Blueprint,
        dtype: npt.DTypeLike,
        seed: int,
        count: int,
        *,
        allow_processes: bool,
    ) -> None:
        self.count = count
        self._blueprint = blueprint
        self._dtype = np.dtype(dtype)
        self._seed = seed
        self._block = self._shared_block() if allow_processes and count > 1 else None
        make = zeros if self._block is None else self._block.array
        self.vectors = Vectors.made(make, blueprint, self._dtype, count)
        self._meetings = [
            Meeting(self.vectors.arrived, self.vectors.places, number) for number in range(count)
        ]
        self.shards = [
            Shard(blueprint, self.vectors.values, gradient, meeting, seed=seed, number=number)
            for number, (gradient, meeting) in enumerate(
                zip(self.vectors.gradients, self._meetings, strict=True)
            )
        ]
        self._threads = Threads(count)
        self._processes: Processes | None = None
        self._spent = 0.0
        self.busy = 0
        """Workers that had a share of the last batch; the gradient is the sum of so many."""

    def _shared_block(self) -> SharedBlock | None:
        if not processes.possible():
            return None
        try:
            return SharedBlock(bytes_of(self._blueprint, self._dtype, self.count))
        except OSError:  # no room for memory that is shared; threads need none
            return None

    def start_processes(self) -> None:
        """Start them now and wait until they are ready, where there can be any."""
        self._spent = PATIENCE
        while self._block is not None and self._started() is None:
            time.sleep(0.001)

    def learn(self, feed: Feed, count: int, *, scale: float, dropping: bool, step: int) -> Lesson:
        """Loss and gradients of ``count`` images; each image's gradient times ``scale``."""
        shares = self._shares(count)
        self.busy = len(shares)
        leader = self._meetings[0]
        leader.reopen()
        work = Work(scale, scale * count, dropping, step, len(shares), leader.round)
        helpers = self._started() if len(shares) > 1 else None
        if helpers is not None and isinstance(feed, PixelFeed):
            lessons = helpers.learn(feed, shares, work, self.shards[0])
        else:
            lessons = self._learn_in_threads(feed, shares, work)
        if len(lessons) == 1:
            return lessons[0]
        return Lesson(
            sum(lesson.loss for lesson in lessons),
            sum(lesson.hits for lesson in lessons),
            all(lesson.finite for lesson in lessons),
        )

    def _learn_in_threads(
        self, feed: Feed, shares: Sequence[tuple[int, int]], work: Work
    ) -> list[Lesson]:
        if len(shares) == 1:
            return [self.shards[0].learn(feed, *shares[0], work)]
        began = time.perf_counter()
        lessons = self._threads.run(
            [
                partial(_learn, shard, meeting, feed, share, work)
                for shard, meeting, share in zip(self.shards, self._meetings, shares, strict=False)
            ]
        )
        self._spent += time.perf_counter() - began
        return lessons

    def gradient(self) -> Array:
        """The gradients of the last batch added up in the first vector, (learned,), which alone counts then."""
        first, *others = self.vectors.gradients[: max(1, self.busy)]
        for other in others:
            np.add(first, other, out=first)
        self.busy = 1
        return first

    def predict(self, feed: Feed, count: int, out: Array) -> None:
        """Write the logits of ``count`` images into ``out`` (count, classes)."""
        shares = self._shares(count)
        helpers = self._started() if len(shares) > 1 else None
        if helpers is not None and isinstance(feed, PixelFeed):
            helpers.predict(feed, shares, out, self.shards[0])
        else:
            self._threads.run(
                [
                    partial(shard.predict, feed, a, b, out)
                    for shard, (a, b) in zip(self.shards, shares, strict=False)
                ]
            )

    def update(self, optimizer: Optimizer, step: Step) -> None:
        """Change the learned values along the gradients of the last batch."""
        learned = self._blueprint.layout.learned
        helpers = self._processes
        if helpers is None or not helpers.ready or learned < SMALLEST_UPDATE:
            self.vectors.update(optimizer, step, self.busy, slice(0, learned))
            return
        parts = [slice(a, b) for a, b in split(learned, self.count)]
        helpers.begin_update(optimizer, step, self.busy, parts)
        self.vectors.update(optimizer, step, self.busy, parts[0])
        helpers.finish()

    def _shares(self, count: int) -> list[tuple[int, int]]:
        parts = min(self.count, count // SMALLEST_SHARE)
        return split(count, parts) if parts > 1 else [(0, count)]

    def _started(self) -> Processes | None:
        """The processes once they are ready; they are started when it has become worth it."""
        if self._processes is None and self._spent >= PATIENCE and self._block is not None:
            started = Processes(
                self._blueprint, self._dtype.name, self._seed, self.count, self._block
            )
            self._processes = started
            self._meetings[0].alive = lambda: started.alive
        ready = self._processes is not None and self._processes.ready
        return self._processes if ready else None


def _learn(
    shard: Shard, meeting: Meeting, feed: Feed, share: tuple[int, int], work: Work
) -> Lesson:
    try:
        return shard.learn(feed, *share, work)
    except BaseException:
        meeting.fail()
        raise
