"""The numbers behind the loss panel: smoothing, epochs as a time axis, the best epoch. No Qt."""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

from nnstudio.engine.training import EpochEnd, Event, History, StepEnd

Floats = npt.NDArray[np.float64]


class Average:
    """An exponential moving average that is only computed for new points.

    ``keep`` from 0 (no smoothing) to below 1 is the share of the past that stays at each step;
    the empty beginning is corrected for (Kingma and Ba 2015, section 3).
    """

    def __init__(self, keep: float) -> None:
        self.keep = keep
        self._running = self._weight = 0.0
        self._line = array("d")

    def line(self, values: Floats) -> Floats:
        """values: all points so far (n,), of which the earlier ones have not changed; gives (n,)."""
        keep, running, weight = self.keep, self._running, self._weight
        for value in values[len(self._line) :].tolist():
            running = keep * running + (1 - keep) * value
            weight = keep * weight + (1 - keep)
            self._line.append(running / weight)
        self._running, self._weight = running, weight
        return np.array(self._line)


class Curves:
    """Points of one run. Time is counted in epochs: after batch 5 of 10 in epoch 2 it is 1.5."""

    def __init__(self) -> None:
        self._columns = (array("d"), array("d"), array("d"))
        self._averages = (Average(0.0), Average(0.0))
        self.epochs: list[EpochEnd] = []
        self.rates: list[tuple[float, float]] = []  # (time, learning rate) of each change

    @classmethod
    def of(cls, history: History) -> Curves:
        made = cls()
        made.add([*history.steps, *history.epochs])
        return made

    def add(self, events: list[Event]) -> bool:
        """Take the points among ``events``; whether there were any."""
        found = False
        for event in events:
            if isinstance(event, StepEnd):
                time = event.epoch - 1 + event.batch / max(1, event.batches)
                for column, value in zip(
                    self._columns, (time, event.loss, event.accuracy), strict=True
                ):
                    column.append(value)
            elif isinstance(event, EpochEnd):
                self.epochs.append(event)
            else:
                continue
            found = True
        return found

    def change_rate(self, rate: float) -> None:
        """Note that the learning rate is ``rate`` from now on."""
        self.rates.append((self.now, rate))

    @property
    def now(self) -> float:
        """The time of the latest step, in epochs."""
        return self._columns[0][-1] if self._columns[0] else 0.0

    def steps(self) -> Floats:
        """(3, n): time, loss, accuracy of each batch."""
        return np.array(self._columns, dtype=float).reshape(3, -1)

    def smooth(self, keep: float) -> tuple[Floats, Floats]:
        """Loss and accuracy of each batch, averaged over the past: (n,) each."""
        if keep != self._averages[0].keep:
            self._averages = (Average(keep), Average(keep))
        _, loss, accuracy = self.steps()
        return self._averages[0].line(loss), self._averages[1].line(accuracy)

    def validation(self) -> Floats:
        """(3, n): time, loss, accuracy of each epoch that was validated."""
        found = [
            (e.epoch, e.validation_loss, e.validation_accuracy)
            for e in self.epochs
            if e.validation_loss is not None and e.validation_accuracy is not None
        ]
        return np.array(found, dtype=float).reshape(-1, 3).T

    def best(self) -> EpochEnd | None:
        """The epoch of the lowest validation loss."""
        judged = [e for e in self.epochs if e.validation_loss is not None]
        return min(judged, key=lambda e: e.validation_loss or 0.0) if judged else None


def nearest(times: Floats, time: float) -> int | None:
    """The position in the ascending ``times`` that lies closest to ``time``; None of none."""
    if not len(times):
        return None
    place = int(np.searchsorted(times, time))
    if place == 0:
        return 0
    if place == len(times) or time - times[place - 1] <= times[place] - time:
        return place - 1
    return place
