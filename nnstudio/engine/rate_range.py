"""Which learning rates make a network learn: tried out from tiny to enormous (Smith 2017)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nnstudio.engine.plan import Plan

KEPT = 0.9
"""The share of the past in the smoothed loss."""
EXPLODED = 4.0
"""So many times the lowest smoothed loss ends the test."""
FIRST = 10
"""Steps from which on the smoothed loss means something."""


@dataclass(frozen=True)
class RatePoint:
    """After one step: the learning ``rate`` that it used, the ``loss`` before it, and that ``smoothed``."""

    step: int
    rate: float
    loss: float
    smoothed: float


def range_test(
    plan: Plan, *, lowest: float = 1e-5, highest: float = 10.0, steps: int = 100
) -> Iterator[RatePoint]:
    """Train ``plan`` for so many steps while the rate grows from ``lowest`` to ``highest`` by a fixed factor.

    Ends early when the loss explodes. The plan is used up: its network is of no use afterwards, so
    give one made for this. Everything but the learning rate is as the plan's settings say.
    """
    running = weight = 0.0
    best = math.inf
    order, size = plan.order(), plan.batch_size
    for step in range(steps):
        rate = lowest * (highest / lowest) ** (step / max(1, steps - 1))
        batch = order.take(np.arange(step * size, (step + 1) * size), mode="wrap")
        outcome = plan.network.compute(plan.feed.at(batch), len(batch), dropping=True, step=step)
        if not outcome.finite:
            return
        running = KEPT * running + (1 - KEPT) * outcome.loss
        weight = KEPT * weight + (1 - KEPT)
        smoothed = running / weight
        yield RatePoint(step + 1, rate, outcome.loss, smoothed)
        best = min(best, smoothed)
        if step >= FIRST and smoothed > EXPLODED * best:
            return
        if not plan.network.update(replace(plan.update(rate), number=step + 1)):
            return


def suggested(points: Sequence[RatePoint]) -> float | None:
    """A tenth of the rate with the lowest smoothed loss, which is safely below where it explodes.

    None if the loss never fell.
    """
    if not points:
        return None
    best = min(points, key=lambda point: point.smoothed)
    return best.rate / 10 if best.step > points[0].step else None
