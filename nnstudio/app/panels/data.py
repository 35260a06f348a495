"""What is loaded: how many images of each class, some of them to look at, and what was skipped."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app import theme
from nnstudio.app.figures import grouped
from nnstudio.app.panels.tiles import Pictures
from nnstudio.app.translate import say
from nnstudio.data.recipe import Prepared
from nnstudio.network.heads import MOST_CLASSES, values_of
from nnstudio.text import Text

ROW = 15
NAME_WIDTH = 84
SAMPLES = 40


MOST_LINES, PARTS = MOST_CLASSES, 20


class ClassBars(QWidget):
    """One line a class: its name, a bar, and how many images it has."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, int]] = []
        theme.signals.changed.connect(self.update)

    def show_counts(self, classes: tuple[str, ...], counts: tuple[int, ...]) -> None:
        self._rows = list(zip(classes, counts, strict=True))
        self.setAccessibleName(", ".join(f"{name}: {count}" for name, count in self._rows))
        self.setToolTip("")
        self.setMinimumHeight(ROW * len(self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        of = theme.current()
        small = theme.font("small")
        painter.setFont(small)
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name, _ in self._rows), default=0)
        name_width = min(NAME_WIDTH, widest) + 12
        right = self.contentsRect().right() + 1
        room = right - name_width - 48
        most = max((count for _, count in self._rows), default=1) or 1
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, (name, count) in enumerate(self._rows):
            top = place * ROW
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_width - 8)
            painter.setPen(of.colour("text"))
            painter.drawText(QRectF(0, top, name_width, ROW), middle, shown)
            bar = QRectF(name_width, top + 4, max(1.0, room * count / most), ROW - 8)
            painter.fillRect(bar, of.colour("strong"))
            painter.setPen(of.colour("muted"))
            end = QRectF(right - 44, top, 44, ROW)
            painter.drawText(end, middle | Qt.AlignmentFlag.AlignRight, grouped(count))


def summed(
    classes: tuple[str, ...], counts: tuple[int, ...]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """As many lines as can be read: of many numbers how many lie in each of some equal parts."""
    if len(classes) <= MOST_LINES:
        return classes, counts
    values = values_of(classes)
    if values is None:
        rest = Text("{count} more classes", count=len(classes) - MOST_LINES + 1)
        shown = MOST_LINES - 1
        return (*classes[:shown], say(rest)), (*counts[:shown], sum(counts[shown:]))
    held, edges = np.histogram(values, PARTS, weights=counts)
    names = tuple(f"{a:.4g} – {b:.4g}" for a, b in pairwise(edges.tolist()))
    return names, tuple(int(count) for count in held)


def spread(count: int, wanted: int) -> np.ndarray:
    """Up to ``wanted`` positions from all over ``count`` images, mixed: files come sorted by class."""
    rows = np.linspace(0, count - 1, min(wanted, count)).astype(np.int64)
    return np.random.default_rng(0).permutation(rows)


def source_name(source: str) -> str:
    """What a data set is called on a chip: "Drawn digits", or the folder's own name."""
    if source == "digits":
        return say(Text("Drawn digits"))
    return source.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1]


class DataPanel(QWidget):
    """Samples on top, then the classes, then the files that could not be read."""

    load_requested = Signal()
    context_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = QWidget()
        sentence = QLabel(self.tr("Drop a folder with one sub-folder per class."))
        sentence.setProperty("role", "muted")
        sentence.setWordWrap(True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        button = QPushButton(self.tr("Choose folder"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self.load_requested)
        inner = QVBoxLayout(self._empty)
        inner.addStretch()
        inner.addWidget(sentence)
        inner.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch()
        self._parts = QLabel()
        self._parts.setTextFormat(Qt.TextFormat.PlainText)
        self._parts.setWordWrap(True)
        self._parts.setProperty("role", "muted")
        self._samples = Pictures(36, rows=1)
        self._bars = ClassBars()
        self._skipped_title = QLabel()
        self._skipped_title.setProperty("role", "strong")
        self._skipped = QListWidget()
        self._skipped.setAccessibleName(self.tr("Skipped files"))
        self._skipped.setMinimumHeight(90)
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        for widget in (
            self._parts,
            self._samples,
            self._bars,
            self._skipped_title,
            self._skipped,
        ):
            column.addWidget(widget)
        column.addStretch()
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "panel")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._body)
        self._body.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        outer.addWidget(self._empty)
        self.show_data(None)

    def show_data(self, prepared: Prepared | None) -> None:
        """Show these images, or how to get some."""
        self._scroll.setVisible(prepared is not None)
        self._empty.setVisible(prepared is None)
        if prepared is None:
            self.context_changed.emit("")
            return
        data, split = prepared.dataset, prepared.split
        height, width, channels = data.shape
        self.context_changed.emit(f"{source_name(data.source)} · {height}×{width}×{channels}")
        self._parts.setText(
            self.tr("{train} to train, {validation} to validate, {test} to test").format(
                train=grouped(len(split.train)),
                validation=grouped(len(split.validation)),
                test=grouped(len(split.test)),
            )
        )
        rows = spread(len(data), SAMPLES)
        labels = [data.classes[label] for label in data.labels[rows]]
        self._samples.show_images(data.images[rows], labels, set())
        self._bars.show_counts(*summed(data.classes, data.counts))
        self._show_skipped(prepared)

    def _show_skipped(self, prepared: Prepared) -> None:
        skipped = prepared.dataset.skipped
        self._skipped_title.setVisible(bool(skipped))
        self._skipped.setVisible(bool(skipped))
        self._skipped_title.setText(
            self.tr("Skipped files: {count}").format(count=grouped(len(skipped)))
        )
        self._skipped.clear()
        for one in skipped[:1000]:
            self._skipped.addItem(f"{one.file}: {say(one.reason)}")
