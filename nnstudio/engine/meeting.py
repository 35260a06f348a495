"""Where the workers of one batch add up what concerns the whole batch, such as its mean."""

from __future__ import annotations

import select
import time
from collections.abc import Callable

import numpy as np

from nnstudio.network.layer import Array

WIDEST = 8192
"""Numbers that are added up at a time."""
_EAGER = 3000
"""Looks, about a millisecond, before a waiting worker lets its core rest between two looks."""


class BrokenMeetingError(RuntimeError):
    """Another worker of the batch failed; its own error says why."""


class Meeting:
    """One worker's seat: each worker writes its own numbers, then all read all, in the same order.

    Two sets of places take turns, so that nobody overwrites what another still reads. The workers
    may be threads or processes: what they share are the two arrays.
    """

    def __init__(
        self, arrived: Array, places: Array, number: int, alive: Callable[[], bool] = lambda: True
    ) -> None:
        """``arrived``: int64 (workers + 1, 8), a cache line each, the last one for a failure.

        ``places``: float64 (2, workers, WIDEST). ``number``: which worker this is. ``alive`` is
        asked during a long wait: whether the others can still come.
        """
        self._arrived = [memoryview(row) for row in arrived]
        self._places = places
        self._number = number
        self.alive = alive
        self._total = np.empty(WIDEST)
        self._round = 0
        self._parties = 1

    @property
    def round(self) -> int:
        """How many sums there were so far."""
        return self._round

    def begin(self, parties: int, round_number: int) -> None:
        """Before a batch that ``parties`` workers share; all are given the leader's ``round``."""
        self._parties = parties
        self._round = round_number
        self._arrived[self._number][0] = round_number

    def reopen(self) -> None:
        """Forget an earlier failure; for the leader, while nobody else is here."""
        self._arrived[-1][0] = 0

    def fail(self) -> None:
        """Tell those who wait that this worker will not come."""
        self._arrived[-1][0] = 1

    def add_up(self, array: Array) -> None:
        """Replace ``array`` (contiguous) by its sum over the workers of the batch.

        Raises BrokenMeetingError when one of them failed.
        """
        if self._parties == 1:
            return
        flat = array.reshape(-1)
        for start in range(0, flat.size, WIDEST):
            self._add_up(flat[start : start + WIDEST])

    def _add_up(self, flat: Array) -> None:
        self._round += 1
        places = self._places[self._round % 2, : self._parties, : flat.size]
        total = self._total[: flat.size]
        np.copyto(places[self._number], flat)
        self._arrived[self._number][0] = self._round
        self._wait()
        np.add.reduce(places, axis=0, out=total)
        np.copyto(flat, total, casting="same_kind")

    def _wait(self) -> None:
        for other in self._arrived[: self._parties]:
            looks = 0
            while other[0] < self._round:
                looks += 1
                if looks % 16 == 15:
                    _let_others_run(0 if looks < _EAGER else 1)
                    if self._arrived[-1][0] or (looks > _EAGER and not self.alive()):
                        raise BrokenMeetingError


def _let_others_run(milliseconds: int) -> None:
    """Without the interpreter's lock. An empty poll takes a microsecond, a sleep of 0 often fifty."""
    if hasattr(select, "poll"):
        select.poll().poll(milliseconds)
    else:
        time.sleep(milliseconds / 1000)


def meeting_arrays(workers: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shapes of ``arrived`` and ``places`` for so many workers."""
    return (workers + 1, 8), (2, workers, WIDEST)
