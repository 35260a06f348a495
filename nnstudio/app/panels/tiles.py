"""Small pictures side by side: how arrays become coloured, evenly spaced tiles of one image."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.app import theme
from nnstudio.app.figures import precise

SYMMETRIC = {False: "CET-D1", True: "CET-D4"}
"""Blue, white (light theme) or black (dark theme), red: for values around zero."""


def symmetric_colours(dark: bool) -> np.ndarray:
    """(256, 3) uint8 from the most negative to the most positive value."""
    table: np.ndarray = pg.colormap.get(SYMMETRIC[dark]).getLookupTable(nPts=256, mode="byte")
    return table[:, :3]


def coloured(values: np.ndarray, limit: float, dark: bool) -> np.ndarray:
    """values: any shape; the answer has (…, 3) uint8 more. ``limit`` is the value of full colour."""
    scaled = np.nan_to_num(values / (limit or 1.0), nan=0.0, posinf=1.0, neginf=-1.0)
    places = np.clip(np.rint((scaled + 1) * 127.5), 0, 255).astype(np.intp)
    return symmetric_colours(dark)[places]


def tiled(tiles: np.ndarray, columns: int, factor: int, gap: int, between: QColor) -> np.ndarray:
    """tiles: (n, h, w, 3) uint8 → (H, W, 4) uint8, each pixel ``factor`` wide, ``gap`` between tiles."""
    count, height, width, _ = tiles.shape
    rows = math.ceil(count / columns)
    high, wide = height * factor + gap, width * factor + gap
    sheet = np.empty((rows * high - gap, columns * wide - gap, 4), dtype=np.uint8)
    sheet[:] = between.getRgb()
    large = tiles.repeat(factor, axis=1).repeat(factor, axis=2)
    for place in range(count):
        top, left = place // columns * high, place % columns * wide
        sheet[top : top + high - gap, left : left + wide - gap, :3] = large[place]
        sheet[top : top + high - gap, left : left + wide - gap, 3] = 255
    return sheet


def image_of(sheet: np.ndarray) -> QImage:
    """(H, W, 4) uint8 as a QImage with memory of its own."""
    sheet = np.ascontiguousarray(sheet)
    height, width, _ = sheet.shape
    return QImage(sheet.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def grey_to_colour(images: np.ndarray) -> np.ndarray:
    """(n, H, W, 1 or 3) uint8 → (n, H, W, 3)."""
    return np.repeat(images, 3, axis=3) if images.shape[3] == 1 else images


class Pictures(QWidget):
    """Images of a data set as rows of thumbnails, as many as fit; wrong ones can be framed."""

    def __init__(self, side: int, rows: int = 2) -> None:
        super().__init__()
        self._side, self._rows = side, rows
        self._images: list[QImage] = []
        self._labels: list[str] = []
        self._marked: set[int] = set()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.signals.changed.connect(self.update)

    def show_images(self, images: np.ndarray, labels: list[str], marked: set[int]) -> None:
        """images: (n, H, W, C) uint8; ``labels`` are the tooltips' and the accessible names."""
        full = grey_to_colour(images)
        opaque = np.full((*full.shape[:3], 1), 255, dtype=np.uint8)
        self._images = [image_of(one) for one in np.concatenate([full, opaque], axis=3)]
        self._labels, self._marked = labels, marked
        self.setAccessibleName(", ".join(labels[:8]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(6 * (self._side + 6), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * (self._side + 6), self._height())

    def _height(self) -> int:
        return self._rows * (self._side + 6) - 6

    def _cell(self, place: int) -> QRect:
        columns = max(1, (self.width() + 6) // (self._side + 6))
        row, column = divmod(place, columns)
        return QRect(column * (self._side + 6), row * (self._side + 6), self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        of = theme.current()
        for place, image in enumerate(self._images):
            cell = self._cell(place)
            if cell.bottom() >= self._height():
                break
            painter.drawImage(cell, image)
            painter.setPen(of.colour("danger" if place in self._marked else "border"))
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
            if place in self._marked:
                painter.drawRect(cell.adjusted(1, 1, -2, -2))


class ColourBar(QWidget):
    """6 px of the colours with the two values at its ends."""

    def __init__(self) -> None:
        super().__init__()
        self._limit = 0.0
        self.setFixedHeight(16)
        theme.signals.changed.connect(self.update)

    def set_limit(self, limit: float) -> None:
        self._limit = limit
        self.setAccessibleName(f"−{limit:.2g} … +{limit:.2g}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        of = theme.current()
        painter.setFont(theme.font("shape"))
        painter.setPen(of.colour("muted"))
        limit = f"{self._limit:.2g}" if self._limit < 0.01 else precise(self._limit, 2)
        ends = f"−{limit}", f"+{limit}"
        width = painter.fontMetrics().horizontalAdvance(ends[1]) + 8
        area = self.rect()
        align = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, align | Qt.AlignmentFlag.AlignLeft, ends[0])
        painter.drawText(area, align | Qt.AlignmentFlag.AlignRight, ends[1])
        bar = QRectF(width, area.center().y() - 3, area.width() - 2 * width, 6)
        colours = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, colour in enumerate(symmetric_colours(of.dark)[::15].tolist()):
            colours.setColorAt(place / 17, QColor(*colour))
        painter.fillRect(bar, colours)
