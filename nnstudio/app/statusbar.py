"""One sentence of state on the left, the figures of network and machine on the right."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QStatusBar, QWidget

from nnstudio.app import theme
from nnstudio.app.dock import ElidedLabel
from nnstudio.app.figures import grouped, size
from nnstudio.app.jobs import Progress
from nnstudio.app.panels.run import duration
from nnstudio.app.runner import IDLE, PAUSED, PREPARING
from nnstudio.app.session import Session
from nnstudio.app.toolbar import caption
from nnstudio.app.translate import say
from nnstudio.engine import available_threads
from nnstudio.engine.training import Event, StepEnd
from nnstudio.network import INPUT_ID
from nnstudio.text import Text

MESSAGE_MS = 6000
REDRAW_S = 0.25


class Lamp(QWidget):
    """A small disc: green while training, amber while paused, red with a problem, else nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._token = ""
        self.setFixedSize(12, 16)
        self.hide()
        theme.signals.changed.connect(self.update)

    def show_token(self, token: str) -> None:
        if token != self._token:
            self._token = token
            self.setVisible(bool(token))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._token:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.current().colour(self._token))
        painter.setBrush(theme.current().colour(self._token))
        painter.drawEllipse(3, 4, 7, 7)


class StatusBar(QStatusBar):
    """Messages stay six seconds, then the state of things is told again."""

    def __init__(self, session: Session, language: str) -> None:
        super().__init__()
        self._session = session
        self._speed = 0.0
        self._counted: tuple[float, int] | None = None
        self._drawn = 0.0
        self.setSizeGripEnabled(False)
        self.setContentsMargins(6, 0, 4, 0)
        self._lamp = Lamp()
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", None)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 6)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setProperty("role", "plain")
        self._cancel.setMaximumHeight(20)
        self._cancel.clicked.connect(session.jobs.cancel)
        self.addWidget(self._lamp)
        self.addWidget(self.sentence, 1)
        for widget in (self._bar, self._cancel):
            self.addPermanentWidget(widget)
            widget.hide()
        self._parameters, self._memory, self._images = caption(""), caption(""), caption("")
        threads = session.settings.threads or available_threads()
        self._device = caption(self.tr("CPU, {count} threads").format(count=threads))
        names = {"en": "English", "zh_CN": "简体中文"}
        for label in (
            self._parameters,
            self._memory,
            self._images,
            self._device,
            caption(names.get(language, language)),
        ):
            label.setContentsMargins(8, 0, 8, 0)
            self.addPermanentWidget(label)
        self._message = QTimer(self)
        self._message.setSingleShot(True)
        self._message.setInterval(MESSAGE_MS)
        self._message.timeout.connect(self.refresh)
        session.told.connect(self.tell)
        session.training_changed.connect(self._on_training)
        session.network_changed.connect(self._on_network)
        session.opened.connect(self.refresh)
        session.jobs.progressed.connect(self._on_progress)
        session.runner.trained.connect(self._on_trained)
        self._on_network()

    def tell(self, text: Text) -> None:
        """Say something for six seconds."""
        self.sentence.setText(say(text))
        self._message.start()
        self.refresh()

    def refresh(self) -> None:
        """Say how things stand; while a message is being shown, the lamp alone says it."""
        token, words = self._state()
        self._lamp.show_token(token)
        if not self._message.isActive():
            self.sentence.setText(words)

    def _state(self) -> tuple[str, str]:
        session = self._session
        state, steps = session.runner.state, session.runner.history.steps
        if not session.is_open:
            return "", self.tr("Ready.")
        if state == PREPARING:
            return "success", self.tr("Preparing the network…")
        if state != IDLE and steps:
            words = {
                PAUSED: self.tr("Paused, epoch {epoch} of {total}."),
            }.get(state, self.tr("Training, epoch {epoch} of {total}."))
            total = max(session.settings.epochs, steps[-1].epoch)
            token = "warning" if state == PAUSED else "success"
            return token, words.format(epoch=steps[-1].epoch, total=total)
        if session.problems:
            if len(session.problems) == 1:
                return "danger", self.tr("One problem keeps the network from training.")
            words = self.tr("{count} problems keep the network from training.")
            return "danger", words.format(count=len(session.problems))
        if session.prepared is None:
            return "", self.tr("Load a dataset to train this network.")
        if steps and session.can_resume:
            words = self.tr("Stopped in epoch {epoch} of {total}; Resume goes on from there.")
            return "", words.format(epoch=steps[-1].epoch, total=session.settings.epochs)
        if steps:
            count = len(session.runner.history.epochs)
            one, more = self.tr("Trained for one epoch."), self.tr("Trained for {count} epochs.")
            return "", one if count == 1 else more.format(count=count)
        return "", self.tr("Ready to train.")

    def _on_training(self) -> None:
        self._counted = None
        if self._session.runner.state == IDLE:
            self._images.setText("")
        self.refresh()

    def _on_network(self) -> None:
        session = self._session
        found = [session.inference.learned(session.spec, node) for node in session.spec]
        sizes = [math.prod(p.shape) for learned in found for p in learned or ()]
        shapes = [s for node, s in session.inference.shapes.items() if node != INPUT_ID]
        count = sum(sizes)
        known = bool(sizes) and None not in shapes and session.is_open
        self._parameters.setText(
            self.tr("{count} parameters").format(count=grouped(count)) if known else ""
        )
        # float32
        self._memory.setText(size(4 * count) if known else "")
        self.refresh()

    def _on_progress(self, progress: Progress | None) -> None:
        self._bar.setVisible(progress is not None)
        self._cancel.setVisible(progress is not None)
        if progress is None:
            self.refresh()
            return
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        text = say(progress.title)
        if progress.seconds_left is not None:
            text += self.tr(", {time} left").format(time=duration(progress.seconds_left))
        # Short work without a measure does not talk over a message that was just given.
        if progress.total:
            self._message.stop()
        if not self._message.isActive():
            self.sentence.setText(text)

    def _on_trained(self, events: list[Event]) -> None:
        """Count images a second over the last quarter of a second, slowly averaged."""
        steps = [event for event in events if isinstance(event, StepEnd)]
        now = time.monotonic()
        if not steps or now - self._drawn < REDRAW_S:
            return
        self._drawn = now
        last = steps[-1].step
        if self._counted is not None and last > self._counted[1]:
            images = (last - self._counted[1]) * self._session.settings.batch_size
            speed = images / (now - self._counted[0])
            self._speed = 0.8 * self._speed + 0.2 * speed if self._speed else speed
            self._images.setText(
                self.tr("{count} img/s").format(count=grouped(int(round(self._speed, -2))))
            )
        self._counted = now, last
        self.refresh()
