"""Threads that wait for work, each on cores of its own. The calling thread does the first piece."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Piece = Callable[[], Any]

MOST_THREADS = 8
"""What "all cores" means at most: beyond it the share of a worker gets too small to pay."""


def available_threads() -> int:
    """Cores that this process may use, at most MOST_THREADS."""
    return min(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        MOST_THREADS,
    )


class Threads:
    """``count`` workers, the caller among them; the others are started when first needed."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._inboxes: list[SimpleQueue[Piece | None]] = []
        self._outboxes: list[SimpleQueue[tuple[Any, BaseException | None]]] = []
        weakref.finalize(self, _dismiss, self._inboxes)

    def run(self, pieces: Sequence[Callable[[], T]]) -> list[T]:
        """The results of all pieces, computed side by side; an exception of one is raised here."""
        while len(self._inboxes) < len(pieces) - 1:
            self._start(len(self._inboxes) + 1)
        for inbox, piece in zip(self._inboxes, pieces[1:], strict=False):
            inbox.put(piece)
        results: list[T] = []
        failure: BaseException | None = None
        try:
            results.append(pieces[0]())
        except BaseException as error:
            failure = error
        for outbox in self._outboxes[: len(pieces) - 1]:
            result, error_there = outbox.get()
            results.append(result)
            failure = failure or error_there
        if failure is not None:
            raise failure
        return results

    def _start(self, number: int) -> None:
        inbox: SimpleQueue[Piece | None] = SimpleQueue()
        outbox: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self._inboxes.append(inbox)
        self._outboxes.append(outbox)
        cores = own_cores(number, self.count)
        threading.Thread(
            target=_serve, args=(inbox, outbox, cores), name=f"engine {number}", daemon=True
        ).start()


def own_cores(number: int, count: int) -> set[int]:
    """The cores for worker ``number`` of ``count``; empty where the system leaves no choice.

    Threads that hand the interpreter's lock to each other get woken on one and the same core, and
    two of them are then no faster than one. Cores of their own keep them apart.
    """
    if not hasattr(os, "sched_getaffinity"):
        return set()
    return set(sorted(os.sched_getaffinity(0))[number::count])


def _serve(
    inbox: SimpleQueue[Piece | None],
    outbox: SimpleQueue[tuple[Any, BaseException | None]],
    cores: set[int],
) -> None:
    if cores:
        with suppress(OSError):  # a container may forbid it; the work is the same
            os.sched_setaffinity(0, cores)
    while (piece := inbox.get()) is not None:
        try:
            answer: tuple[Any, BaseException | None] = (piece(), None)
        except BaseException as error:
            answer = (None, error)
        del piece  # it would keep the network alive while waiting
        outbox.put(answer)
        del answer


def _dismiss(inboxes: list[SimpleQueue[Piece | None]]) -> None:
    for inbox in inboxes:
        inbox.put(None)
