"""The card beside a block that cannot work: what is wrong, why, and buttons that mend it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.app import icons
from nnstudio.app.flow import FlowLayout
from nnstudio.app.translate import say
from nnstudio.network import Problem

WIDTH = 380


def plain_label(text: str = "", role: str = "", *, wrap: bool = True) -> QLabel:
    """A label that shows its text as it is, never as HTML."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


class WordyButton(QPushButton):
    """A push button that shortens its text with an ellipsis where there is too little room."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._words = text
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        shown = self.fontMetrics().horizontalAdvance(self.text())
        whole = self.fontMetrics().horizontalAdvance(self._words)
        return super().sizeHint() + QSize(whole - shown, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        missing = self.sizeHint().width() - self.width()
        room = metrics.horizontalAdvance(self._words) - missing
        cut = Qt.TextElideMode.ElideRight
        fitted = metrics.elidedText(self._words, cut, room) if missing > 0 else self._words
        if fitted != self.text():
            self.setText(fitted)


def mend_buttons(problem: Problem, chosen: Signal, *, primary: bool) -> list[QPushButton]:
    """A button for each mend; the first may be the filled one. ``chosen`` gets (problem, mend)."""
    buttons = []
    for place, mend in enumerate(problem.mends):
        button = WordyButton(say(mend.label))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleDescription(say(problem.what))
        button.setToolTip(f"{say(mend.label)}\n{say(problem.what)}")
        if primary and place == 0:
            button.setProperty("role", "primary")
            icons.keep(button, "mend", "accentText")
        button.clicked.connect(partial(_emit, chosen, problem, mend))
        buttons.append(button)
    return buttons


def _emit(signal: Signal, problem: Problem, mend: object, _checked: bool = False) -> None:
    signal.emit(problem, mend)


class ProblemCard(QFrame):
    """Shows one problem, best mend first. ``mend_requested(problem, mend)``."""

    mend_requested = Signal(object, object)

    def __init__(self, parent: QWidget | None = None, *, primary: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self._primary = primary  # a window has one filled button
        self.problem: Problem | None = None
        self._what = plain_label("", "strong")
        self._keys = plain_label(self.tr("Ctrl+Enter"), "muted", wrap=False)
        self._why = plain_label("")
        top = QHBoxLayout()
        top.addWidget(self._what, 1)
        top.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignTop)
        self._buttons = QWidget()
        self._flow = FlowLayout(self._buttons, spacing=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._why)
        column.addSpacing(4)
        column.addWidget(self._buttons)
        self.hide()

    def show_problem(self, problem: Problem | None) -> None:
        """Show this problem, or nothing."""
        if problem is not None and problem != self.problem:
            self._what.setText(say(problem.what))
            self._why.setText(say(problem.why))
            self.setAccessibleName(f"{say(problem.what)} {say(problem.why)}")
            self._flow.clear()
            for button in mend_buttons(problem, self.mend_requested, primary=self._primary):
                self._flow.addWidget(button)
                button.show()
            self._keys.setVisible(self._primary and bool(problem.mends))
            self._buttons.setVisible(bool(problem.mends))
        self.problem = problem
        self.setVisible(problem is not None)

    def mend_first(self) -> None:
        """Apply the best mend, as Ctrl+Enter does."""
        if self.problem is not None and self.problem.mends:
            self.mend_requested.emit(self.problem, self.problem.mends[0])

    def fit_width(self, width: int) -> None:
        """Take this width and the height that the words need at it."""
        self.setFixedWidth(width)
        self.setFixedHeight(max(self.heightForWidth(width), self.minimumSizeHint().height()))
