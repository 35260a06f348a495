"""Everything that keeps the network from training, each with the buttons that mend it."""

from __future__ import annotations

from math import prod

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.app import icons, theme
from nnstudio.app.editor.card import mend_buttons, plain_label
from nnstudio.app.editor.presentation import grouped, names_of
from nnstudio.app.figures import size
from nnstudio.app.flow import FlowLayout
from nnstudio.app.translate import say
from nnstudio.network import NetworkSpec, Problem, infer

_BYTES = 4


class _Row(QFrame):
    """One problem: who, what, why, and its buttons. Enter or a click selects its block."""

    chosen = Signal(str)

    def __init__(self, problem: Problem, name: str, mend_requested: Signal) -> None:
        super().__init__()
        self._problem = problem
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "panel")
        subject = f"{name}: " if name else ""
        self._icon = plain_label(wrap=False)
        what = plain_label(f"{subject}{say(problem.what)}", "strong")
        why = plain_label(say(problem.why), "muted")
        self.setAccessibleName(f"{what.text()} {why.text()}")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(what)
        words.addWidget(why)
        if problem.mends:
            box = QWidget()
            flow = FlowLayout(box, spacing=8)
            for button in mend_buttons(problem, mend_requested, primary=False):
                flow.addWidget(button)
            words.addSpacing(4)
            words.addWidget(box)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        self._icon.setPixmap(icons.pixmap("warning", "danger", 16, self.devicePixelRatioF()))

    def mouseReleaseEvent(self, event: QEvent) -> None:
        super().mouseReleaseEvent(event)
        self.chosen.emit(self._problem.node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._problem.node)
        else:
            super().keyPressEvent(event)


class ProblemsPanel(QScrollArea):
    """``mend_requested(problem, mend)``; ``problem_selected(node id)``."""

    mend_requested = Signal(object, object)
    problem_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Problems"))
        self.rows: list[_Row] = []
        self._shown: tuple[object, ...] | None = None
        self._body = QFrame()
        self._body.setProperty("role", "panel")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._fine = QWidget()
        fine = QHBoxLayout(self._fine)
        fine.setContentsMargins(12, 10, 12, 10)
        fine.setSpacing(8)
        self._fine_icon = plain_label(wrap=False)
        self.fine_text = plain_label()
        fine.addWidget(self._fine_icon, 0, Qt.AlignmentFlag.AlignTop)
        fine.addWidget(self.fine_text, 1)
        self._column.addWidget(self._fine)
        self._column.addStretch(1)
        self.setWidget(self._body)
        theme.signals.changed.connect(self._restyle)
        self._restyle()

    def show_problems(self, problems: tuple[Problem, ...], spec: NetworkSpec) -> None:
        """List these problems; without any, say how large the network is."""
        names = names_of(spec)
        told = tuple((p, names.get(p.node, "")) for p in problems)
        self._fine.setVisible(not problems)
        if not problems:
            self.fine_text.setText(self._size(spec))
        if told == self._shown:
            return
        self._shown = told
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, (problem, name) in enumerate(told):
            row = _Row(problem, name, self.mend_requested)
            row.chosen.connect(self.problem_selected)
            self.rows.append(row)
            self._column.insertWidget(place, row)

    def _size(self, spec: NetworkSpec) -> str:
        inference = infer(spec)
        learned = [inference.learned(spec, n) or () for n in spec if n.layer.reads]
        count = sum(prod(p.shape) for some in learned for p in some)
        return self.tr("No problems. {count} parameters fit in {size}.").format(
            count=grouped(count), size=size(count * _BYTES)
        )

    def _restyle(self) -> None:
        density = self.devicePixelRatioF()
        self._fine_icon.setPixmap(icons.pixmap("success", "success", 16, density))
        for row in self.rows:
            row.restyle()
