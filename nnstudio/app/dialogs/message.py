"""Says what went wrong, why, and what to do; the traceback lies under "Details"."""

from __future__ import annotations

import traceback

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app import icons, theme
from nnstudio.app.translate import say
from nnstudio.errors import NNStudioError

WIDTH = 460


class MessageDialog(QDialog):
    """One error: subject as title, reason, remedy, and details for whoever wants to report it."""

    def __init__(self, error: BaseException, details: str = "", parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(self.tr("That did not work"))
        self.setMinimumWidth(WIDTH)
        title, reason, remedy = self._words(error)
        icon = QLabel()
        icon.setPixmap(icons.pixmap("warning", "danger", 24, self.devicePixelRatio()))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        for text, role in ((title, "strong"), (reason, None), (remedy, None)):
            if text:
                words.addWidget(self._label(text, role))
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(icon)
        top.addLayout(words, 1)
        self.details = QPlainTextEdit(self._traceback(error, details))
        self.details.setReadOnly(True)
        self.details.setFont(theme.font("mono"))
        self.details.setMinimumHeight(180)
        self.details.setAccessibleName(self.tr("Details"))
        self.details.hide()
        self.more = QPushButton(self.tr("Details"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self._on_more)
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QDialogButtonBox()
        if self.details.toPlainText():
            buttons.addButton(self.more, QDialogButtonBox.ButtonRole.HelpRole)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(self.details)
        column.addWidget(buttons)

    def _words(self, error: BaseException) -> tuple[str, str, str]:
        if isinstance(error, NNStudioError):
            return error.subject, say(error.reason), say(error.remedy)
        if isinstance(error, MemoryError):
            return (
                self.tr("Not enough memory"),
                self.tr("The computer has no memory left for this."),
                self.tr("Use a smaller batch, smaller images or a smaller network."),
            )
        return (
            self.tr("Something unforeseen happened"),
            self.tr("{kind}: {text}").format(kind=type(error).__name__, text=str(error)),
            self.tr("What was open is as it was. Save your work; the details help to report this."),
        )

    def _label(self, text: str, role: str | None) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if role:
            label.setProperty("role", role)
        return label

    def _traceback(self, error: BaseException, details: str) -> str:
        """Nothing for a person's own mistake: reason and remedy say it all."""
        if isinstance(error, NNStudioError):
            return ""
        return details or "".join(traceback.format_exception(error))

    def _on_more(self, on: bool) -> None:
        self.details.setVisible(on)
        self.adjustSize()
