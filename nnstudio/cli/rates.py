"""The command that tries learning rates out."""

from __future__ import annotations

import argparse
import math
import sys

from nnstudio.cli.interruption import Interruption
from nnstudio.cli.say import complain, emit
from nnstudio.cli.task import task_of
from nnstudio.data.progress import Cancelled
from nnstudio.engine import make_plan
from nnstudio.engine.rate_range import RatePoint, range_test, suggested

LINES, BAR = 25, 40


def lr_range(given: argparse.Namespace) -> int:
    """Print the loss at each learning rate, and a rate that trains well below the one where it explodes."""
    with Interruption() as interruption:
        try:
            # From fresh weights: what suits trained ones does not suit the beginning.
            task = task_of(given, interruption, afresh=True)
        except Cancelled:
            complain("Stopped while the images were read.")
            return interruption.exit_status
        plan = make_plan(task.snapshot.spec, task.snapshot.training, task.prepared)
        points = []
        for point in range_test(plan, steps=given.steps):
            points.append(point)
            if given.json:
                emit({"event": "rate", **vars(point)})
            elif sys.stderr.isatty():
                sys.stderr.write(f"\r\x1b[K{point.step} of {given.steps} steps")
                sys.stderr.flush()
            if not interruption.may_go_on():
                return interruption.exit_status
    if not given.json and sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    found = suggested(points)
    if given.json:
        emit({"event": "suggestion", "learning_rate": found, "steps": len(points)})
        return 0
    _print(points)
    if found is None:
        print("the loss fell at none of these rates")
    else:
        print(
            f"the loss is lowest at {10 * found:.1g}; a tenth of that is a safe choice:"
            f" --learning-rate {found:.1g}"
        )
    return 0


def _print(points: list[RatePoint]) -> None:
    """Some of the points, each with its smoothed loss as a bar."""
    highest = max((point.smoothed for point in points), default=1.0)
    stride = math.ceil(len(points) / LINES) or 1
    print("learning rate      loss")
    for point in points[::stride]:
        bar = "#" * round(BAR * min(1.0, point.smoothed / highest))
        print(f"{point.rate:13.2e}  {point.smoothed:8.4f}  {bar}")
