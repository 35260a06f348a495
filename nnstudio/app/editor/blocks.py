"""Draws one layer: category bar, icon, name, settings, and a live thumbnail."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.app import icons, theme
from nnstudio.app.editor.layout import BLOCK_HEIGHT, BLOCK_WIDTH
from nnstudio.app.editor.presentation import ERROR, WAITING, BlockView

RADIUS = 6.0
THUMBNAIL = 30
PORT = 8.0
REACH = 7.0
"""How far from a port's middle a press still takes hold of it."""
_MARGIN = 8.0
_FAINT = 0.45
_FAR = 0.6
"""Below this zoom only bar and name are drawn."""


class BlockItem(QGraphicsItem):
    """One block. It shows a :class:`BlockView`; who looks after the mouse is the scene."""

    def __init__(self, view: BlockView) -> None:
        super().__init__()
        self.view = view
        self.chosen = False
        self.focused = False
        self.hovered = False
        self.dragged = False
        self.dimmed = False
        self._thumbnail: QImage | None = None
        self.setAcceptHoverEvents(True)
        self.setZValue(1)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._tell()

    def show_view(self, view: BlockView) -> None:
        """Show another state of the same block; nothing is drawn when it is equal."""
        if view != self.view:
            self.view = view
            self._tell()
            self.update()

    def _tell(self) -> None:
        lines = [self.view.name, self.view.summary]
        self.setToolTip("\n".join(line for line in lines if line))

    def set_thumbnail(self, image: QImage | None) -> None:
        """Show a square picture at the right end, or none."""
        if image is not self._thumbnail:
            self._thumbnail = image
            self.update()

    def mark(self, **states: bool) -> None:
        """Set any of chosen, focused, hovered, dragged, dimmed."""
        if any(getattr(self, name) != on for name, on in states.items()):
            for name, on in states.items():
                setattr(self, name, on)
            self.setOpacity(0.35 if self.dimmed else 0.9 if self.dragged else 1.0)
            self.setZValue(3 if self.dragged else 1)
            self.update()

    def boundingRect(self) -> QRectF:
        return self.body().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.body())
        return path

    def body(self) -> QRectF:
        """The block itself, without focus ring and ports."""
        return QRectF(0, 0, BLOCK_WIDTH, BLOCK_HEIGHT)

    def input_port(self) -> QPointF:
        """Where wires arrive, in scene coordinates."""
        return self.mapToScene(BLOCK_WIDTH / 2, 0)

    def output_port(self) -> QPointF:
        """Where wires leave, in scene coordinates."""
        return self.mapToScene(BLOCK_WIDTH / 2, BLOCK_HEIGHT)

    def port_at(self, scene_place: QPointF) -> str:
        """What a press at this place would take hold of: "input", "output" or ""."""
        ends = []
        if self.view.reads:
            ends.append(("input", self.input_port()))
        if not self.view.is_output:
            ends.append(("output", self.output_port()))
        for name, middle in ends:
            away = scene_place - middle
            if abs(away.x()) <= REACH and abs(away.y()) <= REACH:
                return name
        return ""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        of = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        waiting = self.view.state == WAITING
        if self.dragged:
            self._paint_shadow(painter)
        self._paint_body(painter, of)
        full = painter.opacity()
        painter.setOpacity(full * (_FAINT if waiting else 1.0))
        if zoom >= _FAR:
            icons.draw(painter, self.view.category, QRectF(12, 9, 20, 20), self._ink(of))
            right = self._paint_end(painter, of)
        else:
            right = BLOCK_WIDTH - 8
        self._paint_text(painter, of, right, near=zoom >= _FAR)
        painter.setOpacity(full)
        if self.focused:
            painter.setPen(QPen(of.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.body().adjusted(-4, -4, 4, 4), RADIUS + 4, RADIUS + 4)
        if self.hovered and zoom >= _FAR:
            self._paint_ports(painter, of)

    def _ink(self, of: theme.Tokens) -> QColor:
        return of.colour(self.view.category)

    def _paint_shadow(self, painter: QPainter) -> None:
        shadow = QColor(0, 0, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        for grow in range(4):
            shadow.setAlphaF(0.055)
            painter.setBrush(shadow)
            painter.drawRoundedRect(self.body().adjusted(-grow, 2 - grow, grow, 4 + grow), 8, 8)

    def _paint_body(self, painter: QPainter, of: theme.Tokens) -> None:
        error, waiting = self.view.state == ERROR, self.view.state == WAITING
        wide = self.chosen or error
        name = "danger" if error else "accent" if self.chosen else "border"
        if not wide and self.hovered:
            name = "strong"
        pen = QPen(of.colour(name), 2.0 if wide else 1.0)
        if waiting and not wide:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([3, 3])
            pen.setColor(of.colour("strong", 0.6))
        inset = pen.widthF() / 2
        outline = self.body().adjusted(inset, inset, -inset, -inset)
        fill = QPainterPath()
        fill.addRoundedRect(self.body(), RADIUS, RADIUS)
        painter.fillPath(fill, of.colour("canvas" if waiting else "raised"))
        painter.save()
        painter.setClipPath(fill)
        painter.fillRect(
            QRectF(0, 0, 4, BLOCK_HEIGHT),
            of.colour(self.view.category, _FAINT if waiting else 1.0),
        )
        painter.restore()
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(outline, RADIUS - inset, RADIUS - inset)
        if error and self.chosen:
            painter.setPen(QPen(of.colour("accent"), 1))
            painter.drawRoundedRect(self.body().adjusted(3, 3, -3, -3), RADIUS - 2, RADIUS - 2)

    def _paint_end(self, painter: QPainter, of: theme.Tokens) -> float:
        """The thumbnail or the warning sign; returns where the text must end."""
        area = QRectF(BLOCK_WIDTH - 4 - THUMBNAIL, 4, THUMBNAIL, THUMBNAIL)
        if self.view.state == ERROR:
            icons.draw(painter, "warning", QRectF(area.x() + 6, 11, 16, 16), of.colour("danger"))
            return area.x() - 4
        if self._thumbnail is None:
            return BLOCK_WIDTH - 10
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(area, 3, 3)
        painter.setClipPath(clip)
        painter.drawImage(area, self._thumbnail)
        painter.restore()
        return area.x() - 6

    def _paint_text(self, painter: QPainter, of: theme.Tokens, right: float, *, near: bool) -> None:
        left = 38.0
        strong, small = theme.font("strong"), theme.font("small")
        two_lines = bool(self.view.summary) and near
        line = QRectF(left, 3, right - left, 18) if two_lines else QRectF(left, 0, right - left, 38)
        metrics = QFontMetricsF(strong)
        chip = self.view.chip if near else ""
        chip_width = QFontMetricsF(small).horizontalAdvance(chip) + 10 if chip else 0.0
        room = line.width() - (chip_width + 8 if chip else 0)
        name = metrics.elidedText(self.view.name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(strong)
        painter.setPen(of.colour("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, flags, name)
        if chip:
            at = left + metrics.horizontalAdvance(name) + 8
            self._paint_chip(painter, of, QRectF(at, line.center().y() - 7.5, chip_width, 15), chip)
        if two_lines:
            below = QRectF(left, 20, right - left, 15)
            painter.setFont(small)
            painter.setPen(of.colour("muted"))
            fitted = QFontMetricsF(small).elidedText(
                self.view.summary, Qt.TextElideMode.ElideRight, below.width()
            )
            painter.drawText(below, flags, fitted)

    def _paint_chip(self, painter: QPainter, of: theme.Tokens, area: QRectF, label: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(of.colour("act", 0.16))
        painter.drawRoundedRect(area, 3, 3)
        painter.setFont(theme.font("small"))
        painter.setPen(of.colour("act"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, label)

    def _paint_ports(self, painter: QPainter, of: theme.Tokens) -> None:
        painter.setPen(QPen(of.colour("strong"), 1.5))
        painter.setBrush(of.colour("panel"))
        half = PORT / 2
        if self.view.reads:
            painter.drawEllipse(QPointF(BLOCK_WIDTH / 2, 0), half, half)
        if not self.view.is_output:
            painter.drawEllipse(QPointF(BLOCK_WIDTH / 2, BLOCK_HEIGHT), half, half)

    def hoverEnterEvent(self, event: object) -> None:
        self.mark(hovered=True)

    def hoverLeaveEvent(self, event: object) -> None:
        self.mark(hovered=False)
