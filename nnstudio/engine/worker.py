"""The far end of a worker process: ``python -m nnstudio.engine.worker SOCKET``."""

from __future__ import annotations

import os
import pickle
import socket
import sys
from contextlib import suppress
from typing import Any

import numpy as np

from nnstudio.engine.blas import hold_to_one_thread
from nnstudio.engine.feeds import PixelFeed
from nnstudio.engine.meeting import Meeting
from nnstudio.engine.optimizers import Optimizer, Step
from nnstudio.engine.processes import Setup
from nnstudio.engine.shards import Lesson, Shard, Work
from nnstudio.engine.shared import Link, Mailbox, SharedBlock
from nnstudio.engine.staging import Staging
from nnstudio.engine.vectors import Vectors
from nnstudio.network.layer import Shape


class Worker:
    """Does what it is told on the shared vectors; each method is a command."""

    def __init__(self, setup: Setup, vectors: Vectors, link: Link) -> None:
        self._vectors = vectors
        self._link = link
        parent = os.getppid()
        self.meeting = Meeting(
            vectors.arrived, vectors.places, setup.number, lambda: os.getppid() == parent
        )
        self._shard = Shard(
            setup.blueprint,
            vectors.values,
            vectors.gradients[setup.number],
            self.meeting,
            seed=setup.seed,
            number=setup.number,
        )
        self._classes = setup.blueprint.outputs
        self._staging: Staging | None = None
        self._treatment: tuple[Any, ...] = ()
        self._optimizer: Optimizer | None = None

    def stage(self, capacity: int, image: Shape, size: int) -> None:
        block = SharedBlock(size, self._link.file())
        self._staging = Staging.in_block(
            block, capacity, image, self._classes, self._vectors.values.dtype
        )

    def treat(self, *treatment: Any) -> None:
        self._treatment = treatment

    def _feed(self, count: int) -> PixelFeed:
        assert self._staging is not None
        return PixelFeed.treated(
            self._staging.pixels,
            self._staging.labels,
            self._staging.numbers[:count],
            self._treatment,
        )

    def learn(self, count: int, work: Work) -> Lesson:
        return self._shard.learn(self._feed(count), 0, count, work)

    def predict(self, count: int) -> None:
        assert self._staging is not None
        self._shard.predict(self._feed(count), 0, count, self._staging.logits)

    def update(self, kind: type[Optimizer], step: Step, busy: int, part: slice) -> None:
        if type(self._optimizer) is not kind:
            self._optimizer = kind()
        assert self._optimizer is not None
        self._vectors.update(self._optimizer, step, busy, part)


def serve(link: Link) -> None:
    """Take commands until the other side is gone."""
    hold_to_one_thread()
    setup: Setup = pickle.loads(link.receive())
    block = SharedBlock(setup.vector_bytes, link.file())
    mail = SharedBlock(setup.mail_bytes, link.file())
    inbox = Mailbox(mail.array((Mailbox.BYTES,), np.uint8), link)
    outbox = Mailbox(mail.array((Mailbox.BYTES,), np.uint8), link)
    vectors = Vectors.made(block.array, setup.blueprint, setup.dtype, setup.workers)
    worker = Worker(setup, vectors, link)
    outbox.put("ready")
    while True:
        command, *arguments = inbox.take()
        try:
            answer: object = getattr(worker, command)(*arguments)
        except EOFError:
            raise
        except BaseException as error:
            worker.meeting.fail()
            answer = error
        outbox.put(answer)


def main() -> None:
    """Serve the socket whose descriptor is the first argument."""
    with suppress(EOFError, ConnectionError):  # the one who trains is gone, or done
        serve(Link(socket.socket(fileno=int(sys.argv[1]))))


if __name__ == "__main__":
    main()
