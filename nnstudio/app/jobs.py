"""One job at a time beside the window, with progress, time left and a way to cancel."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from nnstudio.app.worker import Done, Ended, Failed, JobThread, Progressed
from nnstudio.data.progress import Cancelled
from nnstudio.text import Text

DRAIN_MS = 33


@dataclass(frozen=True)
class Progress:
    """How far the job is. ``seconds_left`` is None until it can be told."""

    title: Text
    done: int
    total: int
    seconds_left: float | None


class Jobs(QObject):
    """Runs loading, saving and exporting in threads; a new job of a kind replaces nothing, it waits."""

    progressed = Signal(object)
    """A :class:`Progress`, or None when nothing runs."""
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[tuple[Text, Any, Any, Any]] = []
        self._thread: JobThread | None = None
        self._title = Text("")
        self._then: Callable[[Any], None] | None = None
        self._otherwise: Callable[[BaseException], None] | None = None
        self._run_id = 0
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def busy(self) -> bool:
        return self._thread is not None

    def start(
        self,
        title: Text,
        job: Callable[[Callable[[int, int], bool]], Any],
        then: Callable[[Any], None],
        otherwise: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run ``job(progress)`` in a thread, then ``then(result)`` here.

        A failure is told by ``failed``; ``otherwise(error)`` is called before that, also when the
        job was cancelled, which nobody is told.
        """
        self._waiting.append((title, job, then, otherwise))
        if self._thread is None:
            self._next()

    def cancel(self) -> None:
        """Ask the running job to end."""
        if self._thread is not None:
            self._thread.cancel()

    def finish(self) -> None:
        """End everything and wait: the window is going."""
        self._waiting.clear()
        self._timer.stop()
        if self._thread is not None:
            self._thread.finish()
            self._thread = None

    def _next(self) -> None:
        self._run_id += 1
        self._title, job, self._then, self._otherwise = self._waiting.pop(0)
        self._begun = time.monotonic()
        self._thread = JobThread(self._run_id, job)
        self._thread.start()
        self._timer.start()
        self.progressed.emit(Progress(self._title, 0, 0, None))

    def _drain(self) -> None:
        thread = self._thread
        if thread is None:
            return
        latest: Progressed | None = None
        outcome: Done | Failed | None = None
        over = False
        while thread.events:
            event = thread.events.popleft()
            if isinstance(event, Progressed):
                latest = event
            elif isinstance(event, Done | Failed):
                outcome = event
            elif isinstance(event, Ended):
                over = True
        if latest is not None and not over:
            self.progressed.emit(self._measured(latest))
        if over:
            thread.wait()
            self._finished(outcome)

    def _measured(self, latest: Progressed) -> Progress:
        seconds = time.monotonic() - self._begun
        left = None
        if latest.total and latest.done and seconds > 0.5:
            left = seconds * (latest.total - latest.done) / latest.done
        return Progress(self._title, latest.done, latest.total, left)

    def _finished(self, outcome: Done | Failed | None) -> None:
        then, otherwise = self._then, self._otherwise
        self._thread = None
        self._timer.stop()
        self.progressed.emit(None)
        if self._waiting:
            self._next()
        if isinstance(outcome, Done):
            if then is not None:
                then(outcome.result)
        elif isinstance(outcome, Failed):
            if otherwise is not None:
                otherwise(outcome.error)
            if not isinstance(outcome.error, Cancelled):
                self.failed.emit(outcome.error, outcome.details)
