"""Asks in which format the trained model is to leave, and says what each is for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app.formats import ONNX, SAFETENSORS


class ExportDialog(QDialog):
    """After ``accept``, ``kind`` is ONNX or SAFETENSORS; the file is asked for next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export model"))
        self.setMinimumWidth(440)
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(4)
        title = QLabel(self.tr("Export model"))
        title.setProperty("role", "title")
        column.addWidget(title)
        column.addSpacing(8)
        onnx = self.tr(
            "Network and weights in one file that onnxruntime and many other programs run. "
            "Give it pixels from 0 to 255; it gives a probability per class."
        )
        weights = self.tr(
            "The weights alone, under their names, for programs that know the network. "
            "The file cannot run code."
        )
        self._kinds = (ONNX, SAFETENSORS)
        for place, (name, text) in enumerate((("ONNX", onnx), ("safetensors", weights))):
            radio = QRadioButton(name)
            radio.setChecked(place == 0)
            radio.setAccessibleDescription(text)
            self._group.addButton(radio, place)
            column.addWidget(radio)
            help = QLabel(text)
            help.setTextFormat(Qt.TextFormat.PlainText)
            help.setWordWrap(True)
            help.setProperty("role", "muted")
            help.setContentsMargins(24, 0, 0, 8)
            column.addWidget(help)
        go = QPushButton(self.tr("Choose a file…"))
        go.setProperty("role", "primary")
        go.setDefault(True)
        go.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QDialogButtonBox()
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
        column.addStretch()
        column.addWidget(buttons)

    @property
    def kind(self) -> str:
        return self._kinds[self._group.checkedId()]
