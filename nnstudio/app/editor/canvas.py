"""Holds the drawn blocks and wires, and touches only what differs between two pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import (
    QEasingCurve,
    QObject,
    QPointF,
    QRectF,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QGraphicsLineItem, QGraphicsPathItem, QGraphicsScene

from nnstudio.app import theme
from nnstudio.app.editor.blocks import BlockItem
from nnstudio.app.editor.layout import BLOCK_HEIGHT, BLOCK_WIDTH, Place
from nnstudio.app.editor.ledger import BUILD, HEADER, LedgerItem
from nnstudio.app.editor.places import Wire, bows, wire_at
from nnstudio.app.editor.presentation import OK, Picture
from nnstudio.app.editor.wires import WireItem

GLIDE_MS = 220
FRESH_MS = 1500
_OPENING = 30.0
_DOTS = 24


class NetworkScene(QGraphicsScene):
    """Blocks, wires and ledger of one network. It holds the selection and nothing else of its own."""

    selection_changed = Signal(list)
    laid_out = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.blocks: dict[str, BlockItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.ledger = LedgerItem()
        self.addItem(self.ledger)
        self.picture = Picture()
        self.places: dict[str, Place] = {}
        self.mode = BUILD
        self.animated = True
        self._dotted = False
        self._selected: list[str] = []
        self._wire: Wire | None = None
        self._gap: Wire | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.valueChanged.connect(self._on_glided)
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self._place_line = QGraphicsLineItem()
        self._place_line.setZValue(4)
        self._place_line.hide()
        self.addItem(self._place_line)
        self._loose_wire = QGraphicsPathItem()
        self._loose_wire.setZValue(4)
        self._loose_wire.hide()
        self.addItem(self._loose_wire)

    # -- what is shown ------------------------------------------------------------------------

    def show_picture(self, picture: Picture, places: Mapping[str, Place]) -> None:
        """Show another picture: items that stay keep their identity, moved ones glide."""
        known = {view.id for view in picture.blocks}
        arriving = [view for view in picture.blocks if view.id not in self.blocks]
        for gone in [i for i in self.blocks if i not in known]:
            self.removeItem(self.blocks.pop(gone))
        for view in picture.blocks:
            if view.id in self.blocks:
                self.blocks[view.id].show_view(view)
            else:
                self.blocks[view.id] = BlockItem(view)
                self.blocks[view.id].setPos(*places[view.id])
                self.addItem(self.blocks[view.id])
        self._show_wires(picture, had_some=bool(self.picture.wires))
        self.picture = picture
        self.places = dict(places)
        self._gap = None
        self._place_line.hide()
        for wire in self.wires.values():
            wire.mark(parted=False)
        self._move_to({i: QPointF(*place) for i, place in places.items()}, skip=arriving)
        self._lay_ledger()
        self.select([i for i in self._selected if i in known])
        if self._wire not in self.wires:
            self._wire = None

    def _show_wires(self, picture: Picture, *, had_some: bool) -> None:
        keys = {(view.source, view.target) for view in picture.wires}
        for gone in [key for key in self.wires if key not in keys]:
            self.removeItem(self.wires.pop(gone))
        fresh = []
        for view in picture.wires:
            key = (view.source, view.target)
            if key in self.wires:
                changed = self.wires[key].view.label != view.label and view.state == OK
                self.wires[key].show_view(view)
            else:
                changed = had_some
                self.wires[key] = WireItem(view)
                self.addItem(self.wires[key])
            if changed:
                fresh.append(key)
        for key in fresh:
            self.wires[key].mark(fresh=True)
        if fresh:
            QTimer.singleShot(FRESH_MS, self, lambda: self._settle(fresh))

    def _settle(self, keys: Iterable[Wire]) -> None:
        for key in keys:
            if key in self.wires:
                self.wires[key].mark(fresh=False)

    def set_mode(self, mode: str) -> None:
        """Show the ledger of "build" or of "train"."""
        self.mode = mode
        self.ledger.set_mode(mode)
        self._lay_ledger()

    def _lay_ledger(self) -> None:
        self.ledger.show_rows(self.picture.blocks, self.places, self._ledger_left())
        self.setSceneRect(self.content())
        self.laid_out.emit()

    def _ledger_left(self) -> float:
        return max((x for x, _ in self.places.values()), default=0.0) + BLOCK_WIDTH

    def content(self) -> QRectF:
        """Everything including ledger and margins."""
        if not self.places:
            return QRectF(0, 0, BLOCK_WIDTH, BLOCK_HEIGHT)
        area = QRectF()
        for x, y in self.places.values():
            area = area.united(QRectF(x, y, BLOCK_WIDTH, BLOCK_HEIGHT))
        area = area.united(self.ledger.boundingRect())
        side = 28.0 if self.mode == BUILD else 14.0
        if any(bows(self.places, view.source, view.target) for view in self.picture.wires):
            side = max(side, 40.0)
        top = min(y for _, y in self.places.values()) - HEADER
        end = 11.0 if self.mode == BUILD else 1.0
        return QRectF(area.left() - side, top, area.width() + side + end, area.bottom() - top + 6)

    def restyle(self) -> None:
        """Draw everything again in the colours and fonts of the theme."""
        self.setBackgroundBrush(theme.current().colour("canvas"))
        self._place_line.setPen(QPen(theme.current().colour("accent"), 2))
        self._loose_wire.setPen(QPen(theme.current().colour("accent"), 2))
        for item in (*self.blocks.values(), *self.wires.values(), self.ledger):
            item.update()

    def show_thumbnails(self, images: Mapping[str, QImage]) -> None:
        """Put a live picture on each block that has one."""
        for node_id, item in self.blocks.items():
            item.set_thumbnail(images.get(node_id))

    def show_grid(self, on: bool) -> None:
        """Show dots to align by, while blocks are being moved."""
        if on != self._dotted:
            self._dotted = on
            self.invalidate(QRectF(), QGraphicsScene.SceneLayer.BackgroundLayer)

    def drawBackground(self, painter: QPainter, area: QRectF) -> None:
        super().drawBackground(painter, area)
        if not self._dotted:
            return
        pen = QPen(theme.current().colour("border"), 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        left, top = math.floor(area.left() / _DOTS), math.floor(area.top() / _DOTS)
        columns = range(left, math.ceil(area.right() / _DOTS) + 1)
        rows = range(top, math.ceil(area.bottom() / _DOTS) + 1)
        painter.drawPoints([QPointF(x * _DOTS, y * _DOTS) for x in columns for y in rows])

    # -- motion ---------------------------------------------------------------------------------

    def _move_to(self, targets: Mapping[str, QPointF], skip: Iterable[object] = ()) -> None:
        self._glide.stop()
        self._ways = {
            i: (self.blocks[i].pos(), end)
            for i, end in targets.items()
            if i in self.blocks and self.blocks[i].pos() != end
        }
        watched = any(view.isVisible() for view in self.views())
        still = QApplication.instance().property("reducedMotion")
        if self._ways and self.animated and watched and not still:
            self._glide.start()
        else:
            self._on_glided(1.0)
        self.stretch_wires()

    def finish_motion(self) -> None:
        """Put every gliding block where it is going."""
        self._glide.stop()
        self._on_glided(1.0)

    def _on_glided(self, share: float) -> None:
        for node_id, (start, end) in self._ways.items():
            if node_id in self.blocks:
                self.blocks[node_id].setPos(start + (end - start) * share)
        self.stretch_wires(set(self._ways))
        if self._gap is not None:
            self._show_place_line(self._gap)

    def stretch_wires(self, only: set[str] | None = None) -> None:
        """Let the wires follow their blocks."""
        around = {key for key in self.wires if bows(self.places, *key)}
        told = {source for source, target in self.wires if (source, target) not in around}
        for (source, target), wire in self.wires.items():
            if only is None or source in only or target in only:
                start = self.blocks[source].output_port()
                end = self.blocks[target].input_port()
                way = (source, target) in around
                # What goes around is the same as what goes straight on, where it is written already.
                wire.stretch(start, end, bows=way, quiet=way and source in told)

    # -- the place of a drop ----------------------------------------------------------------------

    def wire_under(self, place: QPointF) -> Wire | None:
        """The wire that something dropped here belongs on, as the network stands without a gap."""
        return wire_at(place, self.places, self.wires)

    def block_under(self, place: QPointF) -> str:
        """The id of the block here, or ""."""
        for node_id, item in self.blocks.items():
            if item.body().adjusted(-4, -4, 4, 4).contains(item.mapFromScene(place)):
                return node_id
        return ""

    def open_gap(self, wire: Wire | None, held: str = "") -> None:
        """Show where a dropped layer would go: the blocks behind move down, a line marks the place.

        ``held``: the block that a hand holds; it stays in the hand.
        """
        if wire == self._gap:
            return
        self._gap = wire
        targets = {i: QPointF(*place) for i, place in self.places.items()}
        if wire is not None and wire in self.wires:
            edge = self.places[wire[1]][1]
            for node_id, place in targets.items():
                if place.y() >= edge:
                    targets[node_id] = place + QPointF(0, _OPENING)
        for key, item in self.wires.items():
            item.mark(parted=key == wire)
        self._place_line.setVisible(wire is not None)
        rows = {node_id: (place.x(), place.y()) for node_id, place in targets.items()}
        self.ledger.show_rows(self.picture.blocks, rows, self._ledger_left())
        targets.pop(held, None)
        self._move_to(targets)
        if wire is not None:
            self._show_place_line(wire)

    def _show_place_line(self, wire: Wire) -> None:
        if wire not in self.wires:
            self._place_line.hide()
            return
        start = self.blocks[wire[0]].output_port()
        end = self.blocks[wire[1]].input_port()
        middle = (start + end) / 2
        half = BLOCK_WIDTH / 2
        self._place_line.setLine(middle.x() - half, middle.y(), middle.x() + half, middle.y())

    @property
    def gap(self) -> Wire | None:
        """The wire that is held open for a drop."""
        return self._gap

    def gap_middle(self) -> QPointF | None:
        """Where the accent line is, None while there is none."""
        if self._gap is None or not self._place_line.isVisible():
            return None
        return self._place_line.line().center()

    # -- a wire being drawn -----------------------------------------------------------------------

    def draw_loose_wire(self, start: QPointF, end: QPointF) -> None:
        """Show a wire whose other end follows the mouse."""
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(0, 24), end - QPointF(0, 24), end)
        self._loose_wire.setPath(path)
        self._loose_wire.show()

    def dim(self, refused: Callable[[str], bool]) -> None:
        """Fade the blocks that a wire may not reach."""
        for node_id, item in self.blocks.items():
            item.mark(dimmed=refused(node_id))

    def drop_loose_wire(self) -> None:
        """No wire is being drawn any more."""
        self._loose_wire.hide()
        for item in self.blocks.values():
            item.mark(dimmed=False)

    # -- selection --------------------------------------------------------------------------------

    @property
    def selected(self) -> list[str]:
        """Ids of the selected blocks; the last one is where the keyboard is."""
        return list(self._selected)

    @property
    def selected_wire(self) -> Wire | None:
        """The selected wire."""
        return self._wire

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these blocks; tells when that is a change."""
        chosen = [i for i in dict.fromkeys(ids) if i in self.blocks]
        changed = chosen != self._selected
        self._selected = chosen
        if chosen and self._wire is not None:
            self.select_wire(None)
        for node_id, item in self.blocks.items():
            item.mark(chosen=node_id in chosen)
        self.ledger.show_chosen(frozenset(chosen))
        if changed:
            self.selection_changed.emit(list(chosen))

    def select_wire(self, wire: Wire | None) -> None:
        """Select a wire instead of blocks."""
        self._wire = wire
        for key, item in self.wires.items():
            item.mark(chosen=key == wire)
        if wire is not None:
            self.select([])

    def show_focus(self, on: bool) -> None:
        """Ring the block where the keyboard is, as long as the canvas has the keyboard."""
        last = self._selected[-1] if self._selected and on else ""
        for node_id, item in self.blocks.items():
            item.mark(focused=node_id == last)
