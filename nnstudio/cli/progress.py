"""How far a training is, with the time left: a bar on a terminal, a line an epoch elsewhere."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from nnstudio.cli.say import percent
from nnstudio.engine.training import EpochEnd, StepEnd

REDRAW_SECONDS = 0.1
_BAR = 20


class Progress:
    """Fed with a training's events. ``done`` is the share that was trained before it began.

    ``measure``: what the accuracy is called.
    """

    def __init__(
        self, stream: TextIO, epochs: int, done: float = 0.0, measure: str = "accuracy"
    ) -> None:
        self._stream = stream
        self._epochs = epochs
        self._measure = measure
        self._first = done
        self._began = time.monotonic()
        self._drawn = 0.0
        self._bar = stream.isatty()

    def step(self, event: StepEnd) -> None:
        now = time.monotonic()
        if not self._bar or now - self._drawn < REDRAW_SECONDS:
            return
        self._drawn = now
        share = (event.epoch - 1 + event.batch / event.batches) / self._epochs
        filled = round(_BAR * share)
        line = (
            f"epoch {event.epoch}/{self._epochs} [{'#' * filled}{'-' * (_BAR - filled)}] "
            f"{share:4.0%}  {self._left(share)} left  loss {event.loss:.4f}"
        )
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[K{line[:width]}")
        self._stream.flush()

    def epoch(self, event: EpochEnd) -> None:
        self.clear()
        self._stream.write(
            f"epoch {event.epoch}/{self._epochs}: loss {event.loss:.4f}, "
            f"{self._measure} {percent(event.accuracy)}, validation {percent(event.validation_accuracy)}, "
            f"{event.images_per_second:,.0f} images/s, {self._left(event.epoch / self._epochs)} left\n"
        )
        self._stream.flush()

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        if self._bar:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _left(self, share: float) -> str:
        """Minutes and seconds at the pace so far: "1:05"."""
        trained = share - self._first
        if trained <= 0:
            return "–:––"
        seconds = (time.monotonic() - self._began) * (1 - share) / trained
        minutes, rest = divmod(round(max(seconds, 0)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
