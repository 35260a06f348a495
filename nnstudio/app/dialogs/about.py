"""What this program is, in which version, and what it is built on."""

from __future__ import annotations

import platform

import numpy
import pyqtgraph
import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

import nnstudio
from nnstudio.app import icons


class AboutDialog(QDialog):
    """Name, version, licence, and the versions of what is underneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About nnstudio"))
        logo = QLabel()
        logo.setPixmap(icons.pixmap("logo", "accent", 48, self.devicePixelRatio()))
        logo.setAlignment(Qt.AlignmentFlag.AlignTop)
        name = QLabel("nnstudio")
        name.setProperty("role", "display")
        versions = (
            f"Python {platform.python_version()}, Qt {PySide6.__version__}, "
            f"NumPy {numpy.__version__}, pyqtgraph {pyqtgraph.__version__}"
        )
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(name)
        for text, role in (
            (self.tr("Version {version}").format(version=nnstudio.__version__), None),
            (self.tr("Build a network, watch it learn from your images, take it with you."), None),
            (self.tr("Free software under the MIT licence."), None),
            (versions, "muted"),
        ):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setProperty("role", role)
            words.addWidget(label)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(logo)
        top.addLayout(words, 1)
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(440)
