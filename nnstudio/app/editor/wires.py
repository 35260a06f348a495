"""Draws a wire between two blocks, with the shape that runs along it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.app import theme
from nnstudio.app.editor.layout import BLOCK_HEIGHT, BLOCK_WIDTH, PITCH
from nnstudio.app.editor.presentation import ERROR, WAITING, WireView

_HANDLE = 24.0
_BOW = 28.0
_HEAD = 5.0
_REACH = 12.0
_GAP = PITCH - BLOCK_HEIGHT


def wire_path(start: QPointF, end: QPointF, *, bows: bool = False) -> QPainterPath:
    """Straight down when aligned; between columns a curve and then, or first, straight down.

    ``bows``: other blocks stand between, so it goes around them on the left.
    """
    path = QPainterPath(start)
    down = end.y() - start.y()
    aside = end.x() - start.x()
    if abs(aside) < 1 and down > 0:
        if not bows:
            path.lineTo(end)
            return path
        side = start.x() - BLOCK_WIDTH / 2 - _BOW
        _cross(path, QPointF(side, start.y() + _GAP))
        path.lineTo(side, end.y() - _GAP)
        _cross(path, end)
        return path
    if down > 2 * _GAP and aside > 0:
        _cross(path, QPointF(end.x(), start.y() + _GAP))
        path.lineTo(end)
        return path
    if down > 2 * _GAP:
        path.lineTo(start.x(), end.y() - _GAP)
        _cross(path, end)
        return path
    path.cubicTo(start + QPointF(0, _HANDLE), end - QPointF(0, _HANDLE), end)
    return path


def _cross(path: QPainterPath, end: QPointF) -> None:
    """To another column within the gap between two rows, so that no block is crossed."""
    handle = QPointF(0, 0.75 * _GAP)
    path.cubicTo(path.currentPosition() + handle, end - handle, end)


def label_box(path: QPainterPath, label: str) -> QRectF:
    """Where the shape is written beside a wire."""
    middle = path.pointAtPercent(0.5)
    metrics = QFontMetricsF(theme.font("shape"))
    width = metrics.horizontalAdvance(label) + 4
    height = metrics.height()
    # A wire around blocks has them on its right.
    bows = (
        middle.x() < path.boundingRect().right() - 1 and path.pointAtPercent(1).x() > middle.x() + 1
    )
    aligned = abs(path.pointAtPercent(0).x() - path.pointAtPercent(1).x()) < 1
    if bows and aligned:
        return QRectF(middle.x() - 8 - width, middle.y() - height / 2, width, height)
    return QRectF(middle.x() + 8, middle.y() - height / 2, width, height)


def reach(path: QPainterPath, label: str) -> QPainterPath:
    """What counts as on the wire: a band along it, and its label."""
    stroker = QPainterPathStroker()
    stroker.setWidth(_REACH)
    around = stroker.createStroke(path)
    if label:
        around.addRect(label_box(path, label))
    return around


class WireItem(QGraphicsItem):
    """One wire; it is told where its ends are."""

    def __init__(self, view: WireView) -> None:
        super().__init__()
        self.view = view
        self.chosen = False
        self.fresh = False
        self.parted = False
        self.quiet = False
        self._path = QPainterPath()
        self._bounds = QRectF()
        self.setAcceptHoverEvents(True)

    @property
    def key(self) -> tuple[str, str]:
        """The two ids it joins."""
        return self.view.source, self.view.target

    def show_view(self, view: WireView) -> None:
        """Show another label or state."""
        if view != self.view:
            self.view = view
            self._measure()

    def stretch(
        self, start: QPointF, end: QPointF, *, bows: bool = False, quiet: bool = False
    ) -> None:
        """Run from ``start`` to ``end`` (scene coordinates); ``quiet``: without its shape."""
        self._path = wire_path(start, end, bows=bows)
        self.quiet = quiet
        # A straight wire's shape stands over the wires that cross to other columns.
        self.setZValue(0.5 if self._path.elementCount() == 2 else 0)
        self._measure()

    def mark(
        self,
        *,
        chosen: bool | None = None,
        fresh: bool | None = None,
        parted: bool | None = None,
    ) -> None:
        """Set whether it is selected, has a shape that just changed, is held open for a drop."""
        self.parted = self.parted if parted is None else parted
        self.chosen = self.chosen if chosen is None else chosen
        self.fresh = self.fresh if fresh is None else fresh
        self.update()

    def _measure(self) -> None:
        self.prepareGeometryChange()
        bounds = self._path.boundingRect().adjusted(-_REACH, -_REACH, _REACH, _REACH)
        if self.label:
            bounds = bounds.united(self.label_area())
        self._bounds = bounds
        self.update()

    @property
    def label(self) -> str:
        """What is written beside it."""
        return "" if self.quiet and self.view.state != ERROR else self.view.label

    def label_area(self) -> QRectF:
        """Where the shape is written."""
        return label_box(self._path, self.label)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        return reach(self._path, self.label)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        of = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        error = self.view.state == ERROR
        name = "accent" if self.chosen else "danger" if error else "strong"
        colour = of.colour(name)
        pen = QPen(colour, 2.5 if self.chosen else 1.5)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if error:
            pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        self._paint_head(painter, pen)
        if self.label and self.view.state != WAITING and not self.parted:
            painter.setFont(theme.font("shape"))
            ink = "danger" if error else "accent" if self.fresh or self.chosen else "muted"
            # This wire itself, or another, may pass behind what is written on it.
            painter.fillRect(self.label_area(), of.colour("canvas"))
            painter.setPen(of.colour(ink))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(self.label_area(), flags, self.label)

    def _paint_head(self, painter: QPainter, pen: QPen) -> None:
        end = self._path.currentPosition()
        back = end.y() - _HEAD
        half = _HEAD / 2 + 0.5
        head = QPolygonF([end, QPointF(end.x() - half, back), QPointF(end.x() + half, back)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.color())
        painter.drawPolygon(head)
