"""Long work beside the window: a thread that asks a training for its events, and one for single jobs.

Nothing here touches a widget: results lie in a deque until a timer of the session takes them.
"""

from __future__ import annotations

import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QThread

from nnstudio.engine.training import StepEnd


@dataclass(frozen=True)
class Began:
    """The plan is compiled; the first step follows."""

    run_id: int
    plan: Any


@dataclass(frozen=True)
class Waiting:
    """No event is asked for until somebody resumes: the plan may be read from any thread."""

    run_id: int


@dataclass(frozen=True)
class Failed:
    """An exception of any type ended the work. ``details`` is its traceback."""

    run_id: int
    error: BaseException
    details: str


@dataclass(frozen=True)
class Ended:
    """The last thing a thread tells; it can be joined without waiting."""

    run_id: int


@dataclass(frozen=True)
class Done:
    """What a job returned."""

    run_id: int
    result: Any


@dataclass(frozen=True)
class Progressed:
    """How far a job is."""

    run_id: int
    done: int
    total: int


class _Question:
    """A function to be called between two events, and where its answer goes."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.answered = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def answer(self) -> None:
        try:
            self.result = self.function()
        except BaseException as error:
            self.error = error
        self.answered.set()


class TrainingThread(QThread):
    """Asks ``train(plan)`` for one event after the other, as long as it is told to.

    ``make_plan()`` is called in the thread, because compiling takes a while. Pausing is not asking
    for the next event, stepping is asking until one step has ended, stopping is closing the
    generator. :meth:`finish` must be called before the object goes: Qt aborts the program when a
    thread is destroyed while it runs.
    """

    def __init__(
        self,
        run_id: int,
        make_plan: Callable[[], Any],
        train: Callable[[Any], Iterator[Any]],
        *,
        paused: bool = False,
    ) -> None:
        super().__init__()
        self.run_id = run_id
        self.events: deque[Any] = deque()
        self._make_plan = make_plan
        self._train = train
        self._changed = threading.Condition()
        self._questions: deque[_Question] = deque()
        self._over = False
        self._running = not paused
        self._steps = 0
        self._closing = False

    def resume(self) -> None:
        with self._changed:
            self._running = True
            self._changed.notify_all()

    def pause(self) -> None:
        with self._changed:
            self._running = False

    def step(self) -> None:
        """Ask for exactly one step more, then wait."""
        with self._changed:
            self._running = False
            self._steps += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Ask for the end; returns at once."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def finish(self) -> None:
        """End the training and wait for the thread."""
        self.close()
        self.wait()

    def between(self, function: Callable[[], Any]) -> Any:
        """``function()`` while no event is being computed; waits for at most one event.

        A question handed over, not a lock: a lock is not fair, and a busy training would keep it.
        """
        question = _Question(function)
        with self._changed:
            over = self._over
            if not over:
                self._questions.append(question)
                self._changed.notify_all()
        if over:
            return function()
        question.answered.wait()
        if question.error is not None:
            raise question.error
        return question.result

    def run(self) -> None:
        try:
            plan = self._make_plan()
            self.events.append(Began(self.run_id, plan))
            with np.errstate(all="ignore"):  # an event tells of numbers that grow too large
                self._drive(self._train(plan))
        except BaseException as error:
            self.events.append(Failed(self.run_id, error, traceback.format_exc()))
        finally:
            with self._changed:
                self._over = True
                self._answer()
            self.events.append(Ended(self.run_id))

    def _answer(self) -> None:
        while self._questions:
            self._questions.popleft().answer()

    def _drive(self, events: Iterator[Any]) -> None:
        try:
            while self._may_ask():
                try:
                    event = next(events)
                except StopIteration:
                    return
                self.events.append(event)
                if isinstance(event, StepEnd):
                    with self._changed:
                        self._steps = max(0, self._steps - 1)
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()

    def _may_ask(self) -> bool:
        """Wait until an event is wanted; False when the training shall end."""
        with self._changed:
            self._answer()
            if not (self._running or self._steps or self._closing):
                self.events.append(Waiting(self.run_id))
            while not (self._running or self._steps or self._closing):
                self._changed.wait()
                self._answer()
            return not self._closing


class JobThread(QThread):
    """Runs ``job(progress)`` once. ``progress(done, total)`` answers False once it was cancelled.

    Loading, evaluating, saving and exporting are such jobs. Like every thread here it must be
    finished before it goes.
    """

    def __init__(self, run_id: int, job: Callable[[Callable[[int, int], bool]], Any]) -> None:
        super().__init__()
        self.run_id = run_id
        self.events: deque[Any] = deque()
        self._job = job
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def finish(self) -> None:
        """Cancel the job and wait for the thread."""
        self.cancel()
        self.wait()

    def run(self) -> None:
        try:
            with np.errstate(all="ignore"):
                result = self._job(self._progress)
            self.events.append(Done(self.run_id, result))
        except BaseException as error:
            self.events.append(Failed(self.run_id, error, traceback.format_exc()))
        finally:
            self.events.append(Ended(self.run_id))

    def _progress(self, done: int, total: int) -> bool:
        self.events.append(Progressed(self.run_id, done, total))
        return not self._cancelled.is_set()
