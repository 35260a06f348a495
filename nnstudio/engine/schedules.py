"""How the learning rate changes while a training runs, and when a training has learned enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

CONSTANT, COSINE, STEP, EXPONENTIAL, PLATEAU = (
    "constant",
    "cosine",
    "step",
    "exponential",
    "plateau",
)


@dataclass(frozen=True)
class Pace:
    """The numbers of a schedule: ``epochs`` in all; ``every`` so many epochs, times ``factor``;
    over the first ``warmup`` epochs the rate rises.
    """

    epochs: float
    every: float = 1.0
    factor: float = 1.0
    warmup: float = 0.0


def _constant(pace: Pace, done: float, reductions: int) -> float:
    return 1.0


def _step(pace: Pace, done: float, reductions: int) -> float:
    """γ^⌊epochs done / k⌋. The small number keeps 3·(1/3) from being counted as less than 1."""
    return pace.factor ** math.floor(done / pace.every + 1e-9)


def _exponential(pace: Pace, done: float, reductions: int) -> float:
    """γ^(epochs done / k), which falls smoothly."""
    return float(pace.factor ** (done / pace.every))


def _cosine(pace: Pace, done: float, reductions: int) -> float:
    """From 1 to 0 along half a cosine: Loshchilov and Hutter 2017, eq. 5 without restarts."""
    return 0.5 * (1 + math.cos(math.pi * min(done / pace.epochs, 1.0)))


def _plateau(pace: Pace, done: float, reductions: int) -> float:
    """γ^(how often the loss stopped falling)."""
    return float(pace.factor**reductions)


SCHEDULES: dict[str, Callable[[Pace, float, int], float]] = {
    CONSTANT: _constant,
    STEP: _step,
    EXPONENTIAL: _exponential,
    COSINE: _cosine,
    PLATEAU: _plateau,
}
"""Name to rule: (pace, epochs done, reductions on a plateau) to a factor on the learning rate."""


def factor(schedule: str, pace: Pace, done: float, after: float, reductions: int) -> float:
    """The factor of the step that leads from ``done`` to ``after`` epochs.

    A warm-up rises linearly to 1 over its epochs, beside the schedule (Goyal et al. 2017).
    """
    rising = min(1.0, after / pace.warmup) if pace.warmup > 0 else 1.0
    return rising * SCHEDULES[schedule](pace, done, reductions)


@dataclass(frozen=True)
class Standing:
    """How the loss of an epoch compares with those before.

    ``loss`` is the lowest so far, reached in ``epoch``; ``waited`` epochs have gone by since it
    last fell by enough; ``stalled`` since then or since the last of ``reductions``.
    """

    loss: float = math.inf
    epoch: int = 0
    waited: int = 0
    stalled: int = 0
    reductions: int = 0

    def after(self, loss: float, epoch: int, least: float) -> Standing:
        """With the loss of ``epoch``; it must be lower by more than ``least`` to count as progress."""
        if loss < self.loss - (least if self.epoch else 0.0):
            return replace(self, loss=loss, epoch=epoch, waited=0, stalled=0)
        return replace(self, waited=self.waited + 1, stalled=self.stalled + 1)

    def reduced(self) -> Standing:
        """With the learning rate reduced once more."""
        return replace(self, reductions=self.reductions + 1, stalled=0)
