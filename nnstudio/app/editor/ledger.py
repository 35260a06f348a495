"""Draws the table beside the blocks: what each costs while building, how well it learns in training."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnstudio.app import theme
from nnstudio.app.editor.layout import BLOCK_HEIGHT, PITCH
from nnstudio.app.editor.presentation import WAITING, BlockView, grouped, rounded

BUILD, TRAIN = "build", "train"
HEADER = 24.0
_GAP = 10.0
_BUILD_WIDTH, _TRAIN_WIDTH = 386.0, 74.0
_VALUES, _PARAMETERS, _SHARE, _MULTIPLY = 90.0, 206.0, 226.0, 380.0
_SHARE_WIDTH = 66.0
_RATIO_SIGNS = 7
_RATIO_LEFT, _RATIO_RIGHT = 17.0, 70.0
_RATIOS = (1e-5, 1e-4, 1e-2, 1e-1)


def health(ratio: float) -> tuple[str, str]:
    """(colour token, sign) of an update ratio rms(change in a step)/rms(weight).

    Signs: "down" a hollow triangle, "dot", "up" hollow, "alarm" a filled triangle.
    """
    vanishing, slow, large, exploding = _RATIOS
    if not math.isfinite(ratio) or ratio > exploding:
        return "danger", "alarm"
    if ratio > large:
        return "warning", "up"
    if ratio >= slow:
        return "success", "dot"
    return ("muted" if ratio >= vanishing else "warning"), "down"


def ratio_text(ratio: float) -> str:
    """1.2e-4, in no more than seven signs, so that it fits its column."""
    if not math.isfinite(ratio):
        return "NaN"
    if not ratio:
        return "0"
    texts = []
    for places in (1, 0):
        mantissa, exponent = f"{ratio:.{places}e}".split("e")
        texts.append(f"{mantissa}e{int(exponent)}")
    return texts[0] if len(texts[0]) <= _RATIO_SIGNS else texts[1]


def draw_sign(painter: QPainter, sign: str, middle: QPointF, colour_token: str) -> None:
    """One of the signs of :func:`health`, 8 px wide."""
    colour = theme.current().colour(colour_token)
    filled = sign in ("dot", "alarm")
    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(colour, 1.3))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    if sign == "dot":
        painter.drawEllipse(middle, 4, 4)
        return
    tip = 3.5 if sign == "down" else -3.5
    x, y = middle.x(), middle.y()
    painter.drawPolygon(
        QPolygonF([QPointF(x - 4, y - tip), QPointF(x + 4, y - tip), QPointF(x, y + tip)])
    )


def ratio_cell(row: QRectF) -> QRectF:
    """Where the number stands in a row of the "train" ledger."""
    return QRectF(row.left() + _RATIO_LEFT, row.top(), _RATIO_RIGHT - _RATIO_LEFT, row.height())


class LedgerItem(QGraphicsItem):
    """One line per block, at the height of the block; a header above the first."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: tuple[BlockView, ...] = ()
        self._rows: dict[str, float] = {}
        self._left = 0.0
        self._chosen: frozenset[str] = frozenset()
        self._ratios: dict[str, float] = {}
        self.mode = BUILD
        self.setZValue(-1)

    def show_rows(
        self, blocks: tuple[BlockView, ...], places: Mapping[str, tuple[float, float]], left: float
    ) -> None:
        """Show a line for each block; ``places`` are the blocks' corners, ``left`` where it begins."""
        self.prepareGeometryChange()
        self._blocks = blocks
        self._left = left + _GAP
        self._rows = {}
        last = -PITCH
        for view in sorted(blocks, key=lambda b: places[b.id][1]):
            row = max(places[view.id][1], last + 20)
            self._rows[view.id] = last = row
        self.update()

    def show_chosen(self, ids: frozenset[str]) -> None:
        """Tint the lines of the selected blocks."""
        if ids != self._chosen:
            self._chosen = ids
            self.update()

    def show_ratios(self, ratios: Mapping[str, float]) -> None:
        """Show how fast each block's weights change."""
        self._ratios = dict(ratios)
        self.update()

    def set_mode(self, mode: str) -> None:
        """Show the columns of "build" or of "train"."""
        self.prepareGeometryChange()
        self.mode = mode
        self.update()

    @property
    def width(self) -> float:
        """From the blocks' right edge to the end of the last column."""
        return _GAP + (_BUILD_WIDTH if self.mode == BUILD else _TRAIN_WIDTH)

    def boundingRect(self) -> QRectF:
        if not self._rows:
            return QRectF()
        top = min(self._rows.values()) - HEADER
        bottom = max(self._rows.values()) + BLOCK_HEIGHT + 8
        return QRectF(self._left, top, self.width - _GAP, bottom - top)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        if not self._rows:
            return
        self._paint_header(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        biggest = max((block.parameters or 0 for block in self._blocks), default=0)
        for block in self._blocks:
            area = QRectF(self._left, self._rows[block.id], self.width - _GAP, BLOCK_HEIGHT)
            if block.id in self._chosen:
                self._paint_chosen(painter, area)
            if self.mode == BUILD:
                self._paint_costs(painter, block, area, biggest)
            elif block.id in self._ratios:
                self._paint_ratio(painter, self._ratios[block.id], area)

    def _paint_header(self, painter: QPainter) -> None:
        top = min(self._rows.values()) - HEADER
        painter.setFont(theme.font("small"))
        painter.setPen(theme.current().colour("muted"))
        for text, where, right in self._columns():
            width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2
            x = self._left + where - (width if right else 0)
            painter.drawText(QRectF(x, top, width, 18), Qt.AlignmentFlag.AlignVCenter, text)

    def _columns(self) -> tuple[tuple[str, float, bool], ...]:
        """Each column: title, place, whether that place is its right edge."""
        translate = QCoreApplication.translate
        if self.mode == TRAIN:
            return ((translate("editor", "Update ratio"), _RATIO_RIGHT, True),)
        return (
            (translate("editor", "Values out"), _VALUES, True),
            (translate("editor", "Parameters"), _PARAMETERS, True),
            (translate("editor", "Share"), _SHARE, False),
            (translate("editor", "Multiply-adds"), _MULTIPLY, True),
        )

    def _paint_chosen(self, painter: QPainter, area: QRectF) -> None:
        path = QPainterPath()
        path.addRoundedRect(area, 4, 4)
        painter.fillPath(path, theme.current().colour("accentSoft"))

    def _paint_costs(self, painter: QPainter, block: BlockView, area: QRectF, biggest: int) -> None:
        of = theme.current()
        painter.setPen(QPen(of.colour("grid"), 1))
        line = area.bottom() + (PITCH - BLOCK_HEIGHT) / 2
        if block is not self._blocks[-1]:
            painter.drawLine(QPointF(area.left(), line), QPointF(area.right(), line))
        painter.setFont(theme.font("mono"))
        waiting = block.state == WAITING or block.values is None
        faint = 0.6 if waiting else 1.0
        for number, where, spell, quiet in (
            (block.values, _VALUES, grouped, False),
            (block.parameters, _PARAMETERS, grouped, False),
            (block.multiply_adds, _MULTIPLY, rounded, True),
        ):
            text = "?" if number is None else spell(number)
            painter.setPen(of.colour("muted" if quiet or waiting or not number else "text", faint))
            cell = QRectF(area.left() + where - 112, area.top(), 112, area.height())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(cell, flags, text)
        if biggest and block.parameters:
            share = max(2.0, _SHARE_WIDTH * block.parameters / biggest)
            bar = QRectF(area.left() + _SHARE, area.center().y() - 2.5, share, 5)
            path = QPainterPath()
            path.addRoundedRect(bar, min(2.0, share / 2), 2)
            painter.fillPath(path, of.colour(block.category))

    def _paint_ratio(self, painter: QPainter, ratio: float, area: QRectF) -> None:
        token, sign = health(ratio)
        draw_sign(painter, sign, QPointF(area.left() + 10, area.center().y()), token)
        painter.setFont(theme.font("mono"))
        painter.setPen(theme.current().colour("text"))
        cell = ratio_cell(area)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(cell, flags, ratio_text(ratio))
