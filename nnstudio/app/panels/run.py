"""The run in figures: how good, how far, how long still; its settings, and the images of this batch."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app.figures import precise
from nnstudio.app.form import SettingsForm
from nnstudio.app.runner import IDLE
from nnstudio.app.trained import FIXED
from nnstudio.engine import Objective
from nnstudio.engine.training import EpochEnd, Event, History, StepEnd, TrainingSettings

REDRAW_MS = 100
NOTHING = "–"


class Figure(QWidget):
    """A small caption over a large number."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self._caption = QLabel(caption)
        self._caption.setProperty("role", "muted")
        self._number = QLabel(NOTHING)
        self._number.setProperty("role", "figure")
        self._number.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(self._number)

    def set(self, text: str, tip: str = "") -> None:
        self._number.setText(text)
        self._number.setAccessibleName(f"{self._caption.text()}: {text}")
        self.setToolTip(tip)


def duration(seconds: float) -> str:
    """0:05, 12:30, 1:02:03."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


class RunPanel(QWidget):
    """Headline figures, progress of the epoch, and the training settings as a form."""

    setting_changed = Signal(str, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = TrainingSettings()
        self._step: StepEnd | None = None
        self._epochs: list[EpochEnd] = []
        self._seconds_per_step = 0.0
        self._arrived: tuple[int, float] | None = None
        self._dirty = True
        self._measured = ""
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._redraw_if_needed)
        self._timer.start()

    def _build(self) -> None:
        self.accuracy = Figure(self.tr("Validation"))
        self.loss = Figure(self.tr("Validation loss"))
        self.remaining = Figure(self.tr("Remaining"))
        self.test = Figure(self.tr("Test"))
        figures = QHBoxLayout()
        figures.setSpacing(12)
        for figure in (self.accuracy, self.loss, self.remaining, self.test):
            figures.addWidget(figure)
        figures.addStretch()
        self.test.hide()
        self._epoch = QLabel()
        self._epoch.setTextFormat(Qt.TextFormat.PlainText)
        self._batch = QLabel()
        self._batch.setProperty("role", "muted")
        self._batch.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(self.tr("Progress of this epoch"))
        progress = QGridLayout()
        progress.setVerticalSpacing(4)
        progress.addWidget(self._epoch, 0, 0)
        progress.addWidget(self._batch, 0, 1, Qt.AlignmentFlag.AlignRight)
        progress.addWidget(self._bar, 1, 0, 1, 2)
        heading = QLabel(self.tr("Settings"))
        heading.setProperty("role", "strong")
        self.form = SettingsForm()
        self.form.show(self._settings)
        self.form.changed.connect(self.setting_changed)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(figures)
        column.addLayout(progress)
        column.addWidget(heading)
        column.addWidget(self.form)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setProperty("role", "panel")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def show_settings(self, settings: TrainingSettings) -> None:
        self._settings = settings
        self.form.show(settings)
        self._dirty = True

    def set_objective(self, objective: Objective | None) -> None:
        """Of what the large figure is the share: images that are right, or variance explained."""
        numbers = objective is not None and objective.of_numbers
        right = self.tr("Share of the validation images that are answered rightly")
        explained = self.tr("Share of the variance of the validation images' numbers explained")
        self._measured = explained if numbers else right
        self._dirty = True

    def show_state(self, state: str) -> None:
        """While a run is on, only what takes effect at once can be changed."""
        why = self.tr("Takes effect when training starts afresh: stop first.")
        self.form.set_enabled(FIXED, state == IDLE, why)
        self._arrived = None
        if state == IDLE:
            self._seconds_per_step = 0.0
        self._dirty = True

    def show_history(self, history: History) -> None:
        self._step = history.steps[-1] if history.steps else None
        self._epochs = list(history.epochs)
        self._seconds_per_step = 0.0
        self._dirty = True

    def show_test(self, accuracy: float | None, count: int) -> None:
        """The accuracy on images that training has never seen; None hides it."""
        self.test.setVisible(accuracy is not None)
        self.remaining.setVisible(accuracy is None)
        if accuracy is not None:
            tip = self.tr("On {count} test images, which training has never seen")
            self.test.set(f"{precise(100 * accuracy, 1)} %", tip.format(count=count))

    def add(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, StepEnd):
                self._step = event
                self._dirty = True
            elif isinstance(event, EpochEnd):
                self._epochs.append(event)
        if self._step is not None and any(isinstance(e, StepEnd) for e in events):
            self._measure(self._step.step)

    def _measure(self, step: int) -> None:
        """A slow average of the time a step takes, validation and all."""
        now = time.monotonic()
        if self._arrived is not None and step > self._arrived[0]:
            seconds = (now - self._arrived[1]) / (step - self._arrived[0])
            old = self._seconds_per_step or seconds
            self._seconds_per_step = 0.95 * old + 0.05 * seconds
        self._arrived = step, now

    def seconds_left(self) -> float | None:
        """Until the last epoch ends; None when it cannot be told."""
        step = self._step
        if step is None or not self._seconds_per_step:
            return None
        todo = (self._settings.epochs - step.epoch) * step.batches + step.batches - step.batch
        return max(0.0, todo * self._seconds_per_step)

    def _redraw_if_needed(self) -> None:
        if self._dirty and self.isVisible():
            self._dirty = False
            self._redraw()

    def _redraw(self) -> None:
        step = self._step
        judged = [e for e in self._epochs if e.validation_accuracy is not None]
        last = judged[-1] if judged else None
        share = NOTHING if last is None else f"{precise(100 * last.validation_accuracy, 1)} %"
        self.accuracy.set(share, self._measured)
        self.loss.set(NOTHING if last is None else precise(last.validation_loss, 3))
        left = self.seconds_left()
        self.remaining.set(NOTHING if left is None else duration(left))
        total = self._settings.epochs
        if step is None:
            self._epoch.setText(self.tr("Not trained yet"))
            self._batch.setText("")
            self._bar.setRange(0, 1)
            self._bar.setValue(0)
            return
        self._epoch.setText(
            self.tr("Epoch {epoch} of {total}").format(
                epoch=step.epoch, total=max(total, step.epoch)
            )
        )
        words = self.tr("batch {batch} of {batches}")
        # Room for the longest from the beginning: a label that grows is clipped until the next layout.
        longest = words.format(batch=step.batches, batches=step.batches)
        self._batch.setMinimumWidth(self._batch.fontMetrics().horizontalAdvance(longest) + 4)
        self._batch.setText(words.format(batch=step.batch, batches=step.batches))
        self._bar.setRange(0, step.batches)
        self._bar.setValue(step.batch)
