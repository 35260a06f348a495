"""What the mouse does on the canvas: select, move blocks, draw wires. It requests; it changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication

from nnstudio.app.editor.canvas import NetworkScene
from nnstudio.app.editor.layout import Place
from nnstudio.app.editor.places import Wire

_SNAP = 10.0


class Gestures(QObject):
    """Follows one press of the left button from beginning to end.

    ``may_connect(source, target)`` is the model's word on a wire, ``may_reorder(id)`` on whether
    a block can go to another wire. ``reordered(id, source, target)``: it was dropped on that wire.
    """

    moved = Signal(dict)
    connected = Signal(str, str)
    reordered = Signal(str, str, str)

    def __init__(
        self,
        scene: NetworkScene,
        may_connect: Callable[[str, str], bool],
        may_reorder: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._may_connect = may_connect
        self._may_reorder = may_reorder
        self._start = QPointF()
        self._held: dict[str, QPointF] = {}
        self._moving = False
        self._from: tuple[str, str] | None = None
        self._unselect_others = ""

    @property
    def busy(self) -> bool:
        """Whether a press is being followed."""
        return bool(self._held) or self._from is not None

    def press(self, place: QPointF, keys: Qt.KeyboardModifier) -> bool:
        """A press at a place of the scene; False when nothing is there."""
        scene = self._scene
        scene.finish_motion()
        self._start = place
        for node_id, item in scene.blocks.items():
            port = item.port_at(place)
            if port:
                self._from = (node_id, port)
                scene.dim(lambda other: not self._fits(other))
                return True
        node_id = scene.block_under(place)
        if node_id:
            self._choose(node_id, keys)
            self._held = {i: scene.blocks[i].pos() for i in scene.selected}
            return True
        for key, wire in scene.wires.items():
            if wire.contains(wire.mapFromScene(place)):
                scene.select_wire(key)
                return True
        return False

    def _choose(self, node_id: str, keys: Qt.KeyboardModifier) -> None:
        scene = self._scene
        chosen = scene.selected
        self._unselect_others = ""
        if keys & Qt.KeyboardModifier.ControlModifier:
            left = [i for i in chosen if i != node_id]
            scene.select(left if node_id in chosen else [*chosen, node_id])
        elif keys & Qt.KeyboardModifier.ShiftModifier and chosen:
            order = [view.id for view in scene.picture.blocks]
            ends = sorted((order.index(chosen[0]), order.index(node_id)))
            between = order[ends[0] : ends[1] + 1]
            first = [chosen[0]]
            scene.select([*first, *(i for i in between if i not in (*first, node_id)), node_id])
        elif node_id in chosen:
            self._unselect_others = node_id  # only when the press turns out to be a click
        else:
            scene.select([node_id])

    def _fits(self, other: str) -> bool:
        if self._from is None:
            return False
        node_id, port = self._from
        if other == node_id:
            return True
        pair = (node_id, other) if port == "output" else (other, node_id)
        return self._may_connect(*pair)

    def move(self, place: QPointF) -> None:
        """The mouse moved with the button held."""
        scene = self._scene
        if self._from is not None:
            node_id, port = self._from
            item = scene.blocks[node_id]
            end = item.output_port() if port == "output" else item.input_port()
            scene.draw_loose_wire(*((end, place) if port == "output" else (place, end)))
            return
        if not self._held:
            return
        far = QLineF(self._start, place).length() >= QApplication.startDragDistance()
        if not self._moving and far:
            self._moving = True
            scene.show_grid(True)
            for node_id in self._held:
                scene.blocks[node_id].mark(dragged=True)
        if self._moving:
            for node_id, origin in self._held.items():
                scene.blocks[node_id].setPos(self._snapped(origin + place - self._start))
            for node_id in self._held:
                scene.open_gap(self._wire_for(place), held=node_id)
            scene.stretch_wires(set(self._held))

    def _wire_for(self, place: QPointF) -> Wire | None:
        """The wire that the one held block would go to."""
        wire = self._scene.wire_under(place)
        if wire is None or len(self._held) != 1:
            return None
        (node_id,) = self._held
        return wire if node_id not in wire and self._may_reorder(node_id) else None

    def _snapped(self, place: QPointF) -> QPointF:
        return QPointF(0.0 if abs(place.x()) < _SNAP else place.x(), place.y())

    def release(self, place: QPointF) -> None:
        """The button was let go."""
        if self._from is not None:
            self._finish_wire(place)
        elif self._moving:
            self._put_down(place)
        elif self._held and self._unselect_others:
            self._scene.select([self._unselect_others])
        self._reset()

    def _put_down(self, place: QPointF) -> None:
        scene, held, wire = self._scene, dict(self._held), self._wire_for(place)
        at = {node_id: scene.blocks[node_id].pos() for node_id in held}
        if wire is not None:
            self._reset()
            scene.open_gap(None)
            self.reordered.emit(*held, *wire)
        elif all(QLineF(at[node_id], origin).length() < _SNAP for node_id, origin in held.items()):
            self.cancel()  # brought back: whoever did that changed their mind
        else:
            places: dict[str, Place] = {i: (round(p.x()), round(p.y())) for i, p in at.items()}
            self._reset()
            self.moved.emit(places)

    def _finish_wire(self, place: QPointF) -> None:
        node_id, port = self._from or ("", "")
        other = self._scene.block_under(place)
        allowed = bool(other) and other != node_id and self._fits(other)
        self._reset()
        if allowed:
            self.connected.emit(*((node_id, other) if port == "output" else (other, node_id)))

    def cancel(self) -> None:
        """Put everything back as it was before the press."""
        if self._moving:
            self._scene.open_gap(None)
            self._scene.finish_motion()
            for node_id, origin in self._held.items():
                self._scene.blocks[node_id].setPos(origin)
            self._scene.stretch_wires(set(self._held))
        self._reset()

    def _reset(self) -> None:
        for node_id in self._held:
            if node_id in self._scene.blocks:
                self._scene.blocks[node_id].mark(dragged=False)
        self._scene.drop_loose_wire()
        self._scene.show_grid(False)
        self._held = {}
        self._moving = False
        self._from = None
        self._unselect_others = ""
