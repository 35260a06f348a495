"""The kernels of one convolution layer as they change: a column a filter, a row an input map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app import theme
from nnstudio.app.editor.presentation import names_of
from nnstudio.app.panels.tiles import ColourBar, coloured, image_of, tiled
from nnstudio.network import NetworkSpec

REDRAW_MS = 100
GAP = 3
LARGEST_TILE = 120
ROW_HEIGHT = 44


class KernelGrid(QWidget):
    """All kernels on one colour scale; a click or the arrow keys choose a filter."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._tiles = np.zeros((0, 1, 1, 3), dtype=np.uint8)
        self._columns = 1
        self._filters = 0
        self._selected = 0
        self._wraps = False
        self._image: QImage | None = None
        self._tile = QSize(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Kernels, one column a filter"))

    def show_tiles(self, tiles: np.ndarray, columns: int, filters: int, selected: int) -> None:
        """tiles: (n, kh, kw, 3) uint8, row after row.

        With one input map there is a tile a filter, wrapped into as many rows as show them largest.
        """
        self._tiles, self._columns = tiles, columns
        self._wraps = len(tiles) == filters and selected >= 0
        self._filters, self._selected = filters, selected
        self._render()

    def sizeHint(self) -> QSize:
        return QSize(240, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 40)

    def resizeEvent(self, event: QEvent) -> None:
        self._render()

    def _render(self) -> None:
        count, height, width, _ = self._tiles.shape
        self._image = None
        if count:
            if self._wraps:
                self._columns = max(range(1, count + 1), key=self._factor)
            factor = max(1, self._factor(self._columns))
            self._tile = QSize(width * factor + GAP, height * factor + GAP)
            between = theme.current().colour("panel")
            self._image = image_of(tiled(self._tiles, self._columns, factor, GAP, between))
        self.update()

    def _factor(self, columns: int) -> int:
        """Screen pixels per weight when the tiles stand in so many columns."""
        count, height, width, _ = self._tiles.shape
        rows = -(-count // columns)
        return min(
            ((self.width() + GAP) // columns - GAP) // width,
            ((self.height() + GAP) // rows - GAP) // height,
            max(1, LARGEST_TILE // max(width, height)),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        if self._selected >= 0:
            painter.setPen(QPen(theme.current().colour("accent"), 2))
            painter.drawRect(self._frame())

    def _frame(self) -> QRect:
        """Around the chosen filter: a column, or a single tile where rows are only wrapped."""
        wrapped = len(self._tiles) == self._filters
        row, column = divmod(self._selected, self._columns) if wrapped else (0, self._selected)
        high = self._tile.height() if wrapped else self._image.height() + 1
        left, top = column * self._tile.width() - 1, row * self._tile.height() - 1
        return QRect(left, top, self._tile.width() - 1, high).intersected(
            self.rect().adjusted(1, 1, -1, -1)
        )

    def _filter_at(self, place: QPoint) -> int | None:
        column, row = place.x() // self._tile.width(), place.y() // self._tile.height()
        if self._image is None or not self._image.rect().contains(place):
            return None
        found = row * self._columns + column if len(self._tiles) == self._filters else column
        return found if found < self._filters else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._filter_at(event.position().toPoint())
        if found is not None:
            self.chosen.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or not self._filters:
            super().keyPressEvent(event)
            return
        self.chosen.emit((self._selected + by) % self._filters)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._filter_at(event.pos())
            if found is not None:
                text = self.tr("Filter {number}").format(number=found + 1)
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)


class KernelsPanel(QWidget):
    """A choice of layer, all its kernels, and the chosen filter enlarged."""

    context_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: dict[str, np.ndarray] = {}
        self._filter = 0
        self._dirty = False
        self.layer = QComboBox(self)
        self.layer.setAccessibleName(self.tr("Layer whose kernels are shown"))
        self.layer.setToolTip(self.layer.accessibleName())
        self.layer.setFixedHeight(24)
        self.layer.setMinimumWidth(130)
        self.layer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.layer.currentIndexChanged.connect(self._on_layer)
        self._grid = KernelGrid()
        self._grid.chosen.connect(self._on_filter)
        self._one = KernelGrid()
        self._one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._one_title = QLabel()
        self._one_title.setProperty("role", "strong")
        self._bar = ColourBar()
        self._empty = QLabel()
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self._empty, 1)
        column.addWidget(self._grid, 1)
        one = QHBoxLayout()
        one.setSpacing(12)
        one.addWidget(self._one_title)
        one.addWidget(self._one, 1)
        self._one.setFixedHeight(ROW_HEIGHT)
        column.addLayout(one)
        column.addWidget(self._bar)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._redraw_if_needed)
        self._timer.start()
        theme.signals.changed.connect(self._redraw)
        self._redraw()

    def show_spec(self, spec: NetworkSpec) -> None:
        """Offer the convolution layers of ``spec``; the choice stays where it can."""
        found = [node for node in spec.ordered() if node.layer.category == "conv"]
        chosen = self.layer.currentData()
        self.layer.blockSignals(True)
        self.layer.clear()
        names = names_of(spec)
        for node in found:
            self.layer.addItem(names[node.id], node.id)
        self.layer.setCurrentIndex(max(0, self.layer.findData(chosen)) if found else -1)
        self.layer.blockSignals(False)
        self.layer.setEnabled(len(found) > 1)
        self.layer.setVisible(bool(found))
        self._redraw()

    def choose(self, node_id: str) -> None:
        """Show this layer, if it is a convolution."""
        place = self.layer.findData(node_id)
        if place >= 0:
            self.layer.setCurrentIndex(place)

    def show_weights(self, weights: dict[str, np.ndarray]) -> None:
        """weights: node id to (out, in, kh, kw) for convolutions; others are passed over."""
        self._weights = weights
        self._dirty = True

    def clear(self) -> None:
        """Forget the weights: no run has given any yet."""
        self._weights = {}
        self._redraw()

    def _on_layer(self, _index: int) -> None:
        self._filter = 0
        self._redraw()

    def _on_filter(self, number: int) -> None:
        self._filter = number
        self._redraw()

    def _redraw_if_needed(self) -> None:
        if self._dirty and self.isVisible():
            self._redraw()

    def _redraw(self) -> None:
        self._dirty = False
        weight = self._weights.get(self.layer.currentData() or "")
        shown = weight is not None and weight.ndim == 4
        for widget in (self._grid, self._one, self._one_title, self._bar):
            widget.setVisible(shown)
        self._empty.setVisible(not shown)
        if not shown:
            self._empty.setText(
                self.tr("Kernels appear when training starts.")
                if self.layer.count()
                else self.tr("This network has no convolution layer.")
            )
            self.context_changed.emit("")
            return
        self._show(weight)

    def _show(self, weight: np.ndarray) -> None:
        filters, maps, height, width = weight.shape
        self._filter = min(self._filter, filters - 1)
        finite = np.abs(weight[np.isfinite(weight)])
        limit = float(finite.max()) if finite.size else 0.0
        tiles = coloured(weight, limit, theme.current().dark)
        by_row = tiles.transpose(1, 0, 2, 3, 4).reshape(-1, height, width, 3)
        self._grid.show_tiles(by_row, filters, filters, self._filter)
        self._one.setVisible(maps > 1)
        self._one_title.setVisible(maps > 1)
        if maps > 1:
            self._one.show_tiles(tiles[self._filter], min(maps, 16), maps, -1)
        self._one_title.setText(
            self.tr("Filter {number}, a kernel per input map").format(number=self._filter + 1)
        )
        self._bar.set_limit(limit)
        self.context_changed.emit(
            self.tr("{count} filters, {height}×{width}").format(
                count=filters, height=height, width=width
            )
        )
