"""Worker processes of one training: they see its vectors and are told what to compute.

A worker is this program's Python started afresh, never a copy of a process that runs the window. It
ends when its socket closes, which happens at the latest when the process that trains ends.
"""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio.engine.compiler import Blueprint
from nnstudio.engine.feeds import PixelFeed
from nnstudio.engine.optimizers import Optimizer, Step
from nnstudio.engine.shards import Lesson, Shard, Work
from nnstudio.engine.shared import Link, Mailbox, SharedBlock
from nnstudio.engine.staging import Staging
from nnstudio.errors import EngineError
from nnstudio.network.layer import Array
from nnstudio.text import Text

PREDICTED_TOGETHER = 1024
"""Images that a worker is handed at a time when it predicts."""


def possible() -> bool:
    """Whether this system can start workers that share memory."""
    return hasattr(os, "posix_fallocate") and not getattr(sys, "frozen", False)


@dataclass(frozen=True)
class Setup:
    """What a worker is told first: the network, its own number, and how large the two blocks are."""

    blueprint: Blueprint
    dtype: str
    seed: int
    number: int
    workers: int
    vector_bytes: int
    mail_bytes: int


class Processes:
    """Workers 1 to ``workers`` − 1 as processes; worker 0 is whoever calls."""

    def __init__(
        self, blueprint: Blueprint, dtype: str, seed: int, workers: int, block: SharedBlock
    ) -> None:
        self._helpers = [
            Helper(
                Setup(blueprint, dtype, seed, number, workers, block.size, 2 * Mailbox.BYTES), block
            )
            for number in range(1, workers)
        ]

    @property
    def ready(self) -> bool:
        """Whether all have started. Raises EngineError if one has ended."""
        return all(helper.ready for helper in self._helpers)

    @property
    def alive(self) -> bool:
        """Whether none has ended."""
        return all(helper.alive for helper in self._helpers)

    def learn(
        self, feed: PixelFeed, shares: Sequence[tuple[int, int]], work: Work, own: Shard
    ) -> list[Lesson]:
        """Each share's loss; the gradients are then in the shared vectors."""
        helpers = self._helpers[: len(shares) - 1]
        for helper, (start, end) in zip(helpers, shares[1:], strict=True):
            helper.stage(feed, start, end)
            helper.tell("learn", end - start, work)
        lessons = [own.learn(feed, *shares[0], work)]
        return lessons + [helper.answer() for helper in helpers]

    def predict(
        self, feed: PixelFeed, shares: Sequence[tuple[int, int]], out: Array, own: Shard
    ) -> None:
        """Write the logits of all shares into ``out``; a worker gets its images in pieces."""
        longest = max(end - start for start, end in shares)
        for offset in range(0, longest, PREDICTED_TOGETHER):
            pieces = [
                (start + offset, min(end, start + offset + PREDICTED_TOGETHER))
                for start, end in shares
            ]
            helpers = list(zip(self._helpers, pieces[1:], strict=False))
            for helper, (start, end) in helpers:
                if start < end:
                    helper.stage(feed, start, end)
                    helper.tell("predict", end - start)
            if pieces[0][0] < pieces[0][1]:
                own.predict(feed, *pieces[0], out)
            for helper, (start, end) in helpers:
                if start < end:
                    helper.answer()
                    out[start:end] = helper.logits(end - start)

    def begin_update(
        self, optimizer: Optimizer, step: Step, busy: int, parts: Sequence[slice]
    ) -> None:
        """Have worker n update ``parts[n]`` of the values; :meth:`finish` waits for them."""
        for helper, part in zip(self._helpers, parts[1:], strict=True):
            helper.tell("update", type(optimizer), step, busy, part)

    def finish(self) -> None:
        for helper in self._helpers:
            helper.answer()


class Helper:
    """The near end of one worker process."""

    def __init__(self, setup: Setup, block: SharedBlock) -> None:
        mail = SharedBlock(setup.mail_bytes)
        near, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "nnstudio.engine.worker", str(far.fileno())],
                pass_fds=[far.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt at the keyboard is for the one who trains
            )
        self._link = Link(near)
        self._link.send(pickle.dumps(setup))
        self._link.send_file(block.file)
        self._link.send_file(mail.file)
        self._outbox = Mailbox(mail.array((Mailbox.BYTES,), np.uint8), self._link)
        self._inbox = Mailbox(mail.array((Mailbox.BYTES,), np.uint8), self._link)
        self._started = False
        self._classes, self._dtype = setup.blueprint.outputs, setup.dtype
        self._staging: Staging | None = None
        self._told: tuple[Any, ...] = ()
        weakref.finalize(self, _end, near, self._process)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def ready(self) -> bool:
        if not self._started and self._inbox.waiting():
            self._inbox.take()
            self._started = True
        elif not self._started and not self.alive:
            raise _gone()
        return self._started

    def tell(self, *message: Any) -> None:
        """Send a command; :meth:`answer` waits until it is done. Raises EngineError if it is gone."""
        try:
            self._outbox.put(message)
        except EOFError:
            raise _gone() from None

    def answer(self) -> Any:
        """What the worker says to the last command. Raises its error, or EngineError if it is gone."""
        try:
            answer = self._inbox.take()
        except EOFError:
            raise _gone() from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def stage(self, feed: PixelFeed, start: int, end: int) -> None:
        """Lay the images start to end of ``feed``, and how to treat them, where the worker sees them."""
        if self._staging is None or not self._staging.fits(feed, end - start):
            self._staging = Staging.for_images(feed, end - start, self._classes, self._dtype)
            self.tell("stage", *self._staging.shape, self._staging.block.size)
            self._link.send_file(self._staging.block.file)
            self.answer()
        treatment = feed.treatment()
        if [*map(id, treatment)] != [*map(id, self._told)]:
            self.tell("treat", *treatment)
            self.answer()
            self._told = treatment
        self._staging.put(feed, start, end)

    def logits(self, count: int) -> Array:
        """(count, classes): what the last prediction gave."""
        assert self._staging is not None
        return self._staging.logits[:count]


def _environment() -> dict[str, str]:
    """Of a worker: the same modules as here, and no threads of BLAS to be started and stopped again."""
    path = str(Path(__file__).parents[2])
    paths = [path, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}


def _gone() -> EngineError:
    return EngineError(
        "worker process",
        Text("It ended in the middle of the work; the system may have run out of memory."),
        Text("Go on from the last saved state, with smaller batches or with 1 thread."),
    )


def _end(near: socket.socket, process: subprocess.Popen[bytes]) -> None:
    near.close()
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
