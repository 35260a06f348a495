"""A dock with the program's own header: title, one line of context, and at most three small buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from nnstudio.app import icons

HEADER_HEIGHT = 28


class ElidedLabel(QLabel):
    """A muted line that is cut with an ellipsis instead of pushing its neighbours away."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._full = ""
        self.setText(text)

    def setText(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(0, self.width() - 2)
        )
        super().setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class DockHeader(QFrame):
    """28 px: title left, context beside it, buttons right; a double click maximises."""

    maximise_requested = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setFixedHeight(HEADER_HEIGHT)
        self.setProperty("role", "header")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(8)
        self.title = QLabel(title)
        self.title.setProperty("role", "strong")
        self.context = ElidedLabel()
        row.addWidget(self.title)
        row.addWidget(self.context, 1)
        self._row = row
        self.maximise = self._button("expand", self.tr("Maximise (double-click, Esc returns)"))
        self.maximise.clicked.connect(self.maximise_requested)
        row.addWidget(self.maximise)

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "header")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        icons.keep(button, icon, "muted")
        return button

    def add(self, widget: QWidget) -> None:
        """Put a control before the buttons."""
        self._row.insertWidget(self._row.count() - 1, widget)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.maximise_requested.emit()
        event.accept()


class Dock(QDockWidget):
    """A dock that can be dragged by its header, maximised and floated."""

    maximise_requested = Signal()

    def __init__(self, name: str, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.header = DockHeader(title)
        self.header.maximise_requested.connect(self.maximise_requested)
        self.setTitleBarWidget(self.header)
        self.setWidget(body)
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)

    def set_context(self, text: str) -> None:
        """The line beside the title."""
        self.header.context.setText(text)
