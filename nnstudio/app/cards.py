"""What the start page is made of: a network drawn as bars, template cards, recent projects."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nnstudio.app import icons, theme
from nnstudio.app.figures import grouped
from nnstudio.app.recent import Recent
from nnstudio.network import NetworkSpec, infer

CARD = QSize(200, 156)
RECENT_HEIGHT = 52
SPARK = QSize(54, 20)
OUTLINED = 3.0
"""Bars that are narrower than this on the average, in pixels, are filled."""


def bars_of(spec: NetworkSpec) -> list[tuple[str, float, float]]:
    """(category, width, height) of each layer, in pixels: height tells size, width tells channels."""
    shapes = infer(spec).shapes
    found = []
    for node in spec.ordered():
        shape = shapes.get(node.id)
        if shape is None:
            continue
        if len(shape) == 3:
            height = 14 + 34 * math.sqrt(shape[0]) / math.sqrt(max(28, spec.input_shape[0]))
            width = 5 + 1.4 * math.log2(1 + shape[2])
        else:
            height = 10 + 3.6 * math.log2(1 + shape[0])
            width = 5.0
        if node.layer.category == "reg":
            width = 4.0
        found.append((node.layer.category, width, min(height, 52.0)))
    return found


def draw_bars(painter: QPainter, area: QRectF, bars: list[tuple[str, float, float]]) -> None:
    """A row of outlined bars on one line, centred in ``area``."""
    of = theme.current()
    gap = 8.0
    total = sum(width for _, width, _ in bars) + gap * (len(bars) - 1)
    if total > area.width():
        gap = max(2.0, gap - (total - area.width()) / max(1, len(bars) - 1))
        total = sum(width for _, width, _ in bars) + gap * (len(bars) - 1)
    if total > area.width():
        # Too many even side by side: all become narrower.
        share = area.width() / total
        bars = [(category, width * share, height) for category, width, height in bars]
        gap, total = gap * share, area.width()
    x, middle = area.center().x() - total / 2, area.center().y()
    # Two outlines of a narrow bar would leave nothing between them, and run into the next bar's.
    filled = sum(width for _, width, _ in bars) < OUTLINED * len(bars)
    painter.setPen(QPen(of.colour("strong"), 1))
    painter.drawLine(QLineF(x, middle, x + total, middle))
    for category, width, height in bars:
        bar = QRectF(x, middle - height / 2, width, height)
        if filled:
            painter.fillRect(bar, of.colour(category, 0.6))
            x += width + gap
            continue
        painter.setPen(QPen(of.colour(category), 1.2))
        painter.setBrush(of.colour("raised"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        painter.setBrush(of.colour(category, 0.35))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        x += width + gap


class _Tile(QAbstractButton):
    """A clickable surface with hover and focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, True)
        self._by_keyboard = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._by_keyboard = event.reason() in reasons
        super().focusInEvent(event)

    def _frame(self, painter: QPainter, radius: float) -> None:
        of = theme.current()
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.underMouse() or self.isDown()
        ring = self.hasFocus() and self._by_keyboard
        painter.setBrush(of.colour("hover" if hot else "raised"))
        painter.setPen(
            QPen(of.colour("focus" if ring else "accent" if hot else "border"), 2 if ring else 1)
        )
        painter.drawRoundedRect(area, radius, radius)


class TemplateCard(_Tile):
    """A network as a picture, its name, its parameters, and a line about it."""

    def __init__(self, title: str, summary: str, spec: NetworkSpec | None) -> None:
        super().__init__()
        self.setFixedSize(CARD)
        self._title, self._summary, self._spec = title, summary, spec
        self._bars = bars_of(spec) if spec is not None else []
        self._count = ""
        if spec is not None:
            inference = infer(spec)
            learned = [p for node in spec for p in inference.learned(spec, node) or ()]
            total = sum(math.prod(p.shape) for p in learned)
            self._count = grouped(total)
        self.setAccessibleName(title)
        self.setAccessibleDescription(summary)
        self.setToolTip(summary)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        of = theme.current()
        self._frame(painter, 6)
        picture = QRectF(12, 12, self.width() - 24, 64)
        if self._spec is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(of.colour("strong"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(picture)
            centre = picture.center()
            icons.draw(
                painter, "plus", QRectF(centre.x() - 8, centre.y() - 8, 16, 16), of.colour("muted")
            )
        else:
            draw_bars(painter, picture, self._bars)
        painter.setFont(theme.font("shape"))
        painter.setPen(of.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(12, 86, self.width() - 24, 20), right, self._count)
        painter.setFont(theme.font("strong"))
        painter.setPen(of.colour("text"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(12, 86, self.width() - 24, 20), left, self._title)
        painter.setFont(theme.font("small"))
        painter.setPen(of.colour("muted"))
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(QRectF(12, 106, self.width() - 24, 46), wrap, self._summary)


class RecentRow(_Tile):
    """One recent project: its layers as stripes, name and day, its accuracy as line and number."""

    chosen = Signal(str)

    def __init__(self, recent: Recent, day: str) -> None:
        super().__init__()
        self._recent, self._day = recent, day
        self.setFixedHeight(RECENT_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{recent.name}, {day}")
        self.setToolTip(recent.path)
        self.clicked.connect(lambda: self.chosen.emit(recent.path))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        of = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(of.colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.hasFocus() and self._by_keyboard:
            painter.setPen(QPen(of.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        self._stripes(painter, QRectF(12, 8, 30, 36))
        painter.setFont(theme.font("strong"))
        painter.setPen(of.colour("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        room = self.width() - 54 - 140
        name = painter.fontMetrics().elidedText(
            self._recent.name, Qt.TextElideMode.ElideRight, int(room)
        )
        painter.drawText(QRectF(54, 8, room, 18), middle, name)
        if self._recent.accuracy is not None:
            text = f"{100 * self._recent.accuracy:.1f} %"
            end = QRectF(self.width() - 72, 0, 60, RECENT_HEIGHT)
            painter.drawText(end, middle | Qt.AlignmentFlag.AlignRight, text)
            self._spark(painter, QRectF(self.width() - 132, 16, SPARK.width(), SPARK.height()))
        painter.setFont(theme.font("small"))
        painter.setPen(of.colour("muted"))
        painter.drawText(QRectF(54, 27, room, 16), middle, self._day)

    def _stripes(self, painter: QPainter, area: QRectF) -> None:
        of = theme.current()
        painter.setPen(QPen(of.colour("border"), 1))
        painter.setBrush(of.colour("raised"))
        painter.drawRoundedRect(area, 4, 4)
        layers = self._recent.layers[:9]
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = (area.height() - 8) / max(1, len(layers))
        for place, category in enumerate(layers):
            painter.setBrush(of.colour(category) if hasattr(of, category) else of.colour("muted"))
            top = area.top() + 4 + place * pitch
            painter.drawRect(QRectF(area.left() + 6, top, area.width() - 12, max(1.5, pitch - 1.5)))

    def _spark(self, painter: QPainter, area: QRectF) -> None:
        curve = self._recent.curve
        if len(curve) < 2:
            return
        low, high = min(curve), max(curve)
        step = area.width() / (len(curve) - 1)
        painter.setPen(QPen(theme.current().colour("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        height = area.height() / ((high - low) or 1)
        points = [
            QPointF(area.left() + i * step, area.bottom() - (value - low) * height)
            for i, value in enumerate(curve)
        ]
        painter.drawPolyline(QPolygonF(points))


class DropTarget(_Tile):
    """A dashed field: drop a folder on it, or click to choose one."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title, self._hint = title, hint
        self.setFixedHeight(96)
        self.setAccessibleName(title)
        self.setToolTip(hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        of = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.underMouse() or (self.hasFocus() and self._by_keyboard)
        painter.setBrush(of.colour("accentSoft") if hot else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(of.colour("accent" if hot else "strong"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        icons.draw(painter, "layers", QRectF(22, 36, 24, 24), of.colour("accent"))
        painter.setPen(of.colour("text"))
        painter.setFont(theme.font("strong"))
        painter.drawText(QRectF(60, 18, self.width() - 70, 20), 0, self._title)
        painter.setPen(of.colour("muted"))
        painter.setFont(theme.font("small"))
        wrap = Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(60, 40, self.width() - 70, 44), wrap, self._hint)


def is_today(when: float) -> bool:
    """Whether a time stamp is of this day."""
    return time.localtime(when)[:3] == time.localtime()[:3]
