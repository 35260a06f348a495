"""Start, pause, step and stop: which of them can be done now, and why the others cannot."""

from __future__ import annotations

from PySide6.QtCore import QObject

from nnstudio.app.actions import Actions
from nnstudio.app.panels.loss import LossPanel
from nnstudio.app.runner import IDLE, PAUSED, PREPARING, RUNNING
from nnstudio.app.session import Session
from nnstudio.app.toolbar import ToolBar
from nnstudio.app.translate import say
from nnstudio.engine.training import Event, StepEnd


class Transport(QObject):
    """Keeps actions and buttons in step with the session."""

    def __init__(
        self, session: Session, actions: Actions, toolbar: ToolBar, loss: LossPanel
    ) -> None:
        super().__init__(toolbar)
        self._session, self._actions, self._toolbar, self._loss = session, actions, toolbar, loss
        for name, slot in {
            "start": session.start,
            "pause": session.pause,
            "step": session.step,
            "stop": session.stop,
            "afresh": lambda: session.start(afresh=True),
        }.items():
            actions.connect(name, slot)
        session.training_changed.connect(self.refresh)
        session.file_changed.connect(self.refresh)
        session.data_changed.connect(self.refresh)
        session.jobs.progressed.connect(self.refresh)
        session.runner.trained.connect(self._on_trained)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Allow what can be done now."""
        session, allow = self._session, self._actions.allow
        state = session.runner.state
        why_not = self._why_not()
        ready = not why_not
        running = self.tr("Training is running.")
        idle = self.tr("No training is running.")
        allow("start", state == PAUSED or (state == IDLE and ready), why_not or running)
        allow(
            "pause",
            state in (RUNNING, PREPARING),
            self.tr("Training is paused.") if state == PAUSED else idle,
        )
        allow("step", state == PAUSED or (state == IDLE and ready), why_not or running)
        allow("stop", state != IDLE, idle)
        allow("afresh", ready, why_not)
        allow("export", session.has_weights, self.tr("Train the network first."))
        allow("save", session.is_open, self.tr("Nothing is open."))
        allow("save_as", session.is_open, self.tr("Nothing is open."))
        self._allow_edits()
        primary = "pause" if state in (RUNNING, PREPARING) else "start"
        resumes = state == PAUSED or (state == IDLE and session.can_resume)
        usable = self._actions[primary].isEnabled()
        self._toolbar.show_transport(primary if usable else "", resumes)
        self._loss.start_button.setEnabled(self._actions["start"].isEnabled())
        self._loss.start_button.setToolTip(why_not)
        self._show_summary()

    def _allow_edits(self) -> None:
        session, allow = self._session, self._actions.allow
        document = session.document
        for name, possible, label, none in (
            ("undo", document.can_undo, document.undo_label, self.tr("Nothing to undo.")),
            ("redo", document.can_redo, document.redo_label, self.tr("Nothing to redo.")),
        ):
            allow(name, possible and session.is_open, none)
            if possible and label is not None:
                words = self.tr("Undo: {what}") if name == "undo" else self.tr("Redo: {what}")
                keys = self._actions[name].shortcut().toString()
                self._actions[name].setToolTip(f"{words.format(what=say(label))} ({keys})")
        for name in ("duplicate", "delete", "select_all", "fit", "zoom_in", "zoom_out", "tidy"):
            allow(name, session.is_open, self.tr("Nothing is open."))
        for name in ("build", "train_space", "add_layer", "reset_workspace"):
            allow(name, session.is_open, self.tr("Nothing is open."))
        allow("mend", bool(session.problems), self.tr("There is no problem."))

    def _why_not(self) -> str:
        """Why a training cannot start; empty when it can."""
        session = self._session
        if not session.is_open:
            return self.tr("Nothing is open.")
        if session.problems:
            return say(session.problems[0].what)
        if session.prepared is None:
            if session.jobs.busy:
                return self.tr("The images are being loaded.")
            return self.tr("Load a dataset first.")
        return ""

    def _on_trained(self, events: list[Event]) -> None:
        if any(isinstance(event, StepEnd) for event in events):
            self._show_summary()

    def _show_summary(self) -> None:
        steps = self._session.runner.history.steps
        state = self._session.runner.state
        if state == PREPARING:
            self._toolbar.summary.setText(self.tr("Preparing…"))
        elif steps and (state != IDLE or self._session.can_resume):
            last = steps[-1]
            total = max(self._session.settings.epochs, last.epoch)
            share = 100 * last.batch // max(1, last.batches)
            text = self.tr("Epoch {epoch} of {total} · {share} %")
            self._toolbar.summary.setText(text.format(epoch=last.epoch, total=total, share=share))
        elif steps:
            count = len(self._session.runner.history.epochs)
            one, more = self.tr("1 epoch done"), self.tr("{count} epochs done")
            self._toolbar.summary.setText(one if count == 1 else more.format(count=count))
        else:
            self._toolbar.summary.setText("")
