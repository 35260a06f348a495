"""The window onto the canvas: zoom, keyboard, and layers dropped from the palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from nnstudio.app.editor.canvas import NetworkScene
from nnstudio.app.editor.gestures import Gestures
from nnstudio.app.editor.palette import MIME

SMALLEST, LARGEST = 0.3, 3.0
_FIT_SMALLEST = 0.7
_FIT_LARGEST = 1.0


class CanvasView(QGraphicsView):
    """Turns mouse, wheel, keys and drops into selection, zoom and requests."""

    dropped_on_wire = Signal(str, str, str)
    dropped = Signal(str, str, QPointF)
    remove_asked = Signal()
    quick_add_asked = Signal()
    edit_asked = Signal()
    step_asked = Signal(int, bool)
    shift_asked = Signal(int)
    branch_asked = Signal(int)
    zoomed = Signal(float)
    shifted = Signal()
    focus_changed = Signal(bool)

    def __init__(
        self,
        scene: NetworkScene,
        may_connect: Callable[[str, str], bool],
        may_reorder: Callable[[str], bool],
        parent: QWidget,
    ) -> None:
        super().__init__(scene, parent)
        self.gestures = Gestures(scene, may_connect, may_reorder, self)
        self._network = scene
        self._fitted = True
        self._panned_from: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rubberBandChanged.connect(self._on_rubber_band)
        self._before_band: list[str] = []

    # -- zoom ---------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """1.0 is 100 %."""
        return self.transform().m11()

    def fit(self) -> None:
        """Show the whole network if it stays readable, else its top."""
        self._fitted = True
        area = self._network.content()
        room = self.viewport().size()
        if area.isEmpty() or room.isEmpty():
            return
        whole = min(room.width() / area.width(), room.height() / area.height())
        self._set_zoom(min(_FIT_LARGEST, max(_FIT_SMALLEST, whole)))
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().minimum())

    def refit(self) -> None:
        """Fit again unless someone has chosen a zoom."""
        if self._fitted:
            self.fit()

    def zoom_by(self, factor: float) -> None:
        """Enlarge or shrink; from now on the zoom stays as chosen."""
        self._fitted = False
        self._set_zoom(min(LARGEST, max(SMALLEST, self.zoom * factor)))

    def _set_zoom(self, zoom: float) -> None:
        if abs(zoom - self.zoom) > 1e-6:
            self.resetTransform()
            self.scale(zoom, zoom)
        self.zoomed.emit(zoom)
        self.shifted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()
        self.shifted.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.shifted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1.0015 ** event.angleDelta().y())
            event.accept()
        else:
            super().wheelEvent(event)

    # -- mouse ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.mapToScene(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            if self.gestures.press(place, event.modifiers()):
                event.accept()
                return
            keeps = event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            )
            self._before_band = self._network.selected if keeps else []
            self._network.select_wire(None)
            self._network.select(self._before_band)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        super().mousePressEvent(event)

    def _pan(self, to: QPoint) -> None:
        away = to - self._panned_from
        self._panned_from = to
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - away.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - away.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned_from is not None:
            self._pan(event.position().toPoint())
        elif self.gestures.busy:
            self.gestures.move(self.mapToScene(event.position().toPoint()))
            event.accept()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = None
            self.viewport().unsetCursor()
        elif self.gestures.busy and event.button() == Qt.MouseButton.LeftButton:
            self.gestures.release(self.mapToScene(event.position().toPoint()))
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._network.block_under(self.mapToScene(event.position().toPoint())):
            self.edit_asked.emit()

    def _on_rubber_band(self, band: object, _from: QPointF, _to: QPointF) -> None:
        if band.isNull():
            return
        area = self.mapToScene(band).boundingRect()
        caught = [
            view.id
            for view in self._network.picture.blocks
            if self._network.blocks[view.id].sceneBoundingRect().intersects(area)
        ]
        self._network.select([*self._before_band, *caught])

    # -- keyboard ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.quick_add_asked.emit()  # Shift+Tab and Ctrl+Tab leave the canvas
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), event.modifiers()
        control = bool(keys & Qt.KeyboardModifier.ControlModifier)
        shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        if control:
            actions = {
                Qt.Key.Key_0: self.fit,
                Qt.Key.Key_Plus: lambda: self.zoom_by(1.25),
                Qt.Key.Key_Equal: lambda: self.zoom_by(1.25),
                Qt.Key.Key_Minus: lambda: self.zoom_by(0.8),
                Qt.Key.Key_A: lambda: self._network.select(
                    [view.id for view in self._network.picture.blocks]
                ),
            }
        elif keys & Qt.KeyboardModifier.AltModifier:
            actions = {
                Qt.Key.Key_Up: lambda: self.shift_asked.emit(-1),
                Qt.Key.Key_Down: lambda: self.shift_asked.emit(1),
            }
        else:
            actions = {
                Qt.Key.Key_Left: lambda: self.branch_asked.emit(-1),
                Qt.Key.Key_Right: lambda: self.branch_asked.emit(1),
                Qt.Key.Key_Up: lambda: self.step_asked.emit(-1, shift),
                Qt.Key.Key_Down: lambda: self.step_asked.emit(1, shift),
                Qt.Key.Key_Delete: self.remove_asked.emit,
                Qt.Key.Key_Backspace: self.remove_asked.emit,
                Qt.Key.Key_A: self.quick_add_asked.emit,
                Qt.Key.Key_Return: self.edit_asked.emit,
                Qt.Key.Key_Enter: self.edit_asked.emit,
                Qt.Key.Key_Escape: self._escape,
            }
        action = actions.get(Qt.Key(key))
        if action is None:
            super().keyPressEvent(event)
            return
        action()
        event.accept()

    def _escape(self) -> None:
        if self.gestures.busy:
            self.gestures.cancel()
        else:
            self._network.select_wire(None)
            self._network.select([])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_keyboard = (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        self.focus_changed.emit(event.reason() in by_keyboard)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def reveal(self, node_id: str) -> None:
        """Scroll until the block is in sight."""
        item = self._network.blocks.get(node_id)
        if item is not None:
            area = QRectF(item.pos(), item.body().size())
            self.ensureVisible(area, 8, 24)

    # -- drops ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._answer(event, event.mimeData().hasFormat(MIME))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        welcome = event.mimeData().hasFormat(MIME)
        self._answer(event, welcome)
        if welcome:
            place = self.mapToScene(event.position().toPoint())
            self._network.open_gap(self._network.wire_under(place))

    def _answer(self, event: QDragMoveEvent, welcome: bool) -> None:
        if welcome:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._network.open_gap(None)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        layer_name = bytes(event.mimeData().data(MIME).data()).decode()
        place = self.mapToScene(event.position().toPoint())
        wire = self._network.wire_under(place)
        below = "" if wire else self._network.block_under(place)
        self._network.open_gap(None)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if wire is not None:
            self.dropped_on_wire.emit(layer_name, *wire)
        else:
            self.dropped.emit(layer_name, below, place)
