"""One training at a time: starts the thread, drains its events, and tells what the transport shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from nnstudio.app.worker import Began, Ended, Failed, TrainingThread, Waiting
from nnstudio.engine.training import History, Sampled, Stopped, TrainingSettings

IDLE, PREPARING, RUNNING, PAUSED = "idle", "preparing", "running", "paused"
DRAIN_MS = 33


class Runner(QObject):
    """Holds the running training (if any), its plan, and the curves of the latest run.

    ``state`` is IDLE, PREPARING (compiling), RUNNING or PAUSED. The plan stays after the end: its
    state is what is saved, and what a resumed training continues from.
    """

    state_changed = Signal()
    began = Signal()
    """A run was started: panels empty themselves."""
    trained = Signal(object)
    """A list of the events that came since the last time, in order."""
    ended = Signal(object)
    """The Stopped event, or None when the training was stopped by a person."""
    failed = Signal(object, str)

    def __init__(
        self,
        make_plan: Callable[..., Any],
        train: Callable[[Any], Iterator[Any]],
        sample: Callable[[Any], Any],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_plan = make_plan
        self._train = train
        self._sample = sample
        self.watched: Any = None
        self.latest: Sampled | None = None
        """The sample that panels show now."""
        self._ratios: dict[str, float] = {}
        self._thread: TrainingThread | None = None
        self._stopped: Stopped | None = None
        self._run_id = 0
        self.state = IDLE
        self.plan: Any = None
        self.history = History()
        self.started_at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_MS)
        self._timer.timeout.connect(self.drain)

    @property
    def busy(self) -> bool:
        return self.state != IDLE

    @property
    def steps_done(self) -> int:
        """Steps of the whole run so far."""
        return self.history.steps[-1].step if self.history.steps else 0

    def begin(
        self, spec: Any, settings: TrainingSettings, prepared: Any, state: Any, *, paused: bool
    ) -> None:
        """Start a run; with ``state`` the one that was stopped goes on, and its curves stay."""
        self.stop()
        self._run_id += 1
        run_id = self._run_id
        if state is None:
            self.history = History()
            self.started_at = time.time()
        self.plan = self.latest = None
        self._stopped = None

        def make_plan() -> Any:
            return self._make_plan(spec, settings, prepared, run_id=run_id, state=state)

        self._thread = TrainingThread(run_id, make_plan, self._train, paused=paused)
        self._set_state(PREPARING)
        self.began.emit()
        self._thread.start()
        if paused:
            self._thread.step()
        self._timer.start()

    def pause(self) -> None:
        if self._thread is not None:
            self._thread.pause()

    def resume(self) -> None:
        if self._thread is not None:
            self._thread.resume()
            self._set_state(RUNNING)

    def step(self) -> None:
        if self._thread is not None:
            self._thread.step()

    def stop(self) -> None:
        """End the run, keep its plan, and wait for the thread; nothing happens without a run."""
        thread = self._thread
        if thread is None:
            return
        thread.finish()
        self.drain()

    def change(self, settings: TrainingSettings) -> None:
        """Give a running training new values of its live settings."""
        if self.plan is not None:
            self.plan.settings = settings

    def watch(self, image: Any) -> None:
        """Have the activations for this image ((H, W, C) uint8, or None) sampled."""
        self.watched = image
        if self.plan is not None:
            self.plan.watched = image

    def show(self, sampled: Sampled) -> None:
        """Have panels show a sample that no step has given."""
        self.latest = sampled
        self.trained.emit([sampled])

    def between(self, function: Callable[[], Any]) -> Any:
        """``function()`` between two events; blocks for at most one, so ask from a job."""
        thread = self._thread
        return function() if thread is None else thread.between(function)

    def training_state(self) -> Any:
        """The state to save, or None before the first step; from a job, like :meth:`between`."""
        plan = self.plan
        return None if plan is None else self.between(plan.state)

    def forget(self) -> None:
        """Drop plan and curves: they belong to a network that is gone."""
        self.stop()
        self.plan = self.latest = None
        self.history = History()
        self.began.emit()

    def restore(self, history: History | None) -> None:
        """Show the curves that a project was saved with."""
        self.stop()
        self.plan = self.latest = None
        self.history = history or History()
        self.began.emit()

    def drain(self) -> None:
        """Take what the thread has told and pass it on, all of it at once."""
        thread = self._thread
        if thread is None:
            self._timer.stop()
            return
        events, waited, over = [], False, False
        failure: Failed | None = None
        while thread.events:
            event = thread.events.popleft()
            if event.run_id != self._run_id:
                continue
            waited = False
            if isinstance(event, Began):
                self.plan = event.plan
                self.plan.watched = self.watched
                self.history.threads = getattr(event.plan, "threads", 0)
                self._set_state(RUNNING)
            elif isinstance(event, Waiting):
                waited = True
            elif isinstance(event, Failed):
                failure = event
            elif isinstance(event, Ended):
                over = True
            else:
                if isinstance(event, Stopped):
                    self._stopped = event
                elif isinstance(event, Sampled):
                    self._ratios, self.latest = event.update_ratios, event
                self.history.add(event)
                events.append(event)
        if events:
            self.trained.emit(events)
        if waited:
            self._set_state(PAUSED)
            # Between two events the plan may be read from here: panels see the latest weights.
            self.show(self._look())
        if over:
            if self.plan is not None and failure is None:
                # A schedule ends at rate 0: the ratios of the last steps are what training was like.
                self.show(replace(self._look(), update_ratios=self._ratios))
            self._close(thread, failure)

    def _look(self) -> Sampled:
        with np.errstate(all="ignore"):  # weights that exploded are shown, and told as such
            return self._sample(self.plan)

    def _close(self, thread: TrainingThread, failure: Failed | None) -> None:
        thread.wait()
        self._timer.stop()
        self._thread = None
        self._set_state(IDLE)
        if failure is not None:
            self.failed.emit(failure.error, failure.details)
        else:
            self.ended.emit(self._stopped)

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit()
