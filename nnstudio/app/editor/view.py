"""The network editor: header, canvas with ledger, error card, outline; it shows and requests, no more."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from nnstudio.app import icons, theme
from nnstudio.app.dock import ElidedLabel
from nnstudio.app.editor.canvas import NetworkScene
from nnstudio.app.editor.card import WIDTH as CARD_WIDTH
from nnstudio.app.editor.card import ProblemCard, plain_label
from nnstudio.app.editor.layout import BLOCK_HEIGHT, BLOCK_WIDTH, arrange
from nnstudio.app.editor.outline import Outline
from nnstudio.app.editor.places import branch_beside, may_change_place, place_along
from nnstudio.app.editor.presentation import grouped, picture_of
from nnstudio.app.editor.quickadd import QuickAdd
from nnstudio.app.editor.thumbnails import thumbnail
from nnstudio.app.editor.viewport import CanvasView
from nnstudio.engine.training import Sampled
from nnstudio.network import Inference, NetworkSpec, Problem
from nnstudio.network.shapes import can_connect

HEADER_HEIGHT = 28
_CARD_LEAST = 250


class ShownSnapshot(Protocol):
    """What the editor reads of a snapshot."""

    spec: NetworkSpec
    positions: tuple[tuple[str, float, float], ...]


class NetworkEditor(QWidget):
    """Shows a network and tells what a person wants done to it.

    ``insert_requested(layer, source, target)``: dropped on a wire. ``add_requested(layer, after,
    place)``: ``after`` is an id or "", ``place`` is null unless it was dropped beside the column.
    ``reorder_requested(id, source, target)``: a block is to go to that wire; ``target`` is "" behind
    the last block of all.
    """

    insert_requested = Signal(str, str, str)
    add_requested = Signal(str, str, QPointF)
    remove_requested = Signal(list)
    connect_requested = Signal(str, str)
    disconnect_requested = Signal(str, str)
    move_requested = Signal(dict)
    reorder_requested = Signal(str, str, str)
    selection_changed = Signal(list)
    mend_requested = Signal(object, object)
    edit_requested = Signal(str)
    templates_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = NetworkSpec((1,))
        self._title = ""
        self.scene = NetworkScene(self)
        self.view = CanvasView(self.scene, self._may_connect, self._may_reorder, self)
        self.view.setAccessibleName(self.tr("Network"))
        self.view.setAccessibleDescription(
            self.tr("Blocks joined by wires. The list of layers beside it tells the same in words.")
        )
        self.outline = Outline(self)
        self.card = ProblemCard(self.view.viewport())
        self._quick = QuickAdd(self)
        self._empty = self._make_empty()
        self._build()
        self._connect()
        self.restyle()
        self.show_snapshot(_Nothing(), Inference({}, ()), ())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = QFrame()
        self.header.setProperty("role", "header")
        self.header.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(self.header)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(plain_label(self.tr("Network"), "strong", wrap=False))
        row.addSpacing(4)
        self._context = ElidedLabel()
        row.addWidget(self._context, 1)
        self._zoom = plain_label("100 %", "muted", wrap=False)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._zoom)
        self.list_button = self._header_button("outline", self.tr("Show the layers as a list"))
        self.list_button.setCheckable(True)
        self.fit_button = self._header_button("fit", self.tr("Fit the network (Ctrl+0)"))
        row.addWidget(self.list_button)
        row.addWidget(self.fit_button)
        column.addWidget(self.header)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.outline)
        below.addWidget(self.view, 1)
        column.addLayout(below, 1)
        self.setFocusProxy(self.view)

    def _header_button(self, icon: str, hint: str) -> QToolButton:
        button = QToolButton()
        icons.keep(button, icon, "muted")
        button.setProperty("role", "header")
        button.setToolTip(hint)
        button.setAccessibleName(hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _make_empty(self) -> QFrame:
        frame = QFrame(self.view.viewport())
        column = QVBoxLayout(frame)
        column.setSpacing(12)
        self._empty_icon = plain_label()
        self._empty_icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = plain_label(self.tr("Drag a layer here, or begin with a template."))
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setMinimumWidth(300)
        self.templates_button = QPushButton(self.tr("Templates"))
        self.templates_button.setToolTip(self.tr("Begin with a network that is ready to train"))
        self.templates_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.templates_button.clicked.connect(self.templates_requested)
        column.addWidget(self._empty_icon)
        column.addWidget(words)
        column.addWidget(self.templates_button, 0, Qt.AlignmentFlag.AlignHCenter)
        return frame

    def _connect(self) -> None:
        view, scene = self.view, self.scene
        scene.selection_changed.connect(self._on_selection_changed)
        scene.laid_out.connect(view.refit)
        view.gestures.moved.connect(self.move_requested)
        view.gestures.connected.connect(self.connect_requested)
        view.gestures.reordered.connect(self.reorder_requested)
        view.dropped_on_wire.connect(self.insert_requested)
        view.dropped.connect(self._on_dropped)
        view.remove_asked.connect(self.remove_selected)
        view.quick_add_asked.connect(self.open_quick_add)
        view.edit_asked.connect(self._on_edit_asked)
        view.step_asked.connect(self._on_step_asked)
        view.shift_asked.connect(self.shift_selected)
        view.branch_asked.connect(self._on_branch_asked)
        view.zoomed.connect(lambda zoom: self._zoom.setText(f"{zoom:.0%}".replace("%", "\u00a0%")))
        view.shifted.connect(self._place_overlays)
        view.focus_changed.connect(scene.show_focus)
        self.outline.selection_requested.connect(scene.select)
        self.outline.edit_asked.connect(self._on_edit_asked)
        self.outline.remove_asked.connect(self.remove_selected)
        self.list_button.toggled.connect(self.outline.pin)
        self.fit_button.clicked.connect(self.fit)
        self.card.mend_requested.connect(self.mend_requested)
        self._quick.chosen.connect(self.add_layer)
        theme.signals.changed.connect(self.restyle)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            mend = QShortcut(QKeySequence(keys), self)
            mend.setContext(Qt.ShortcutContext.WindowShortcut)
            mend.activated.connect(self.card.mend_first)

    # -- what is shown ----------------------------------------------------------------------------

    def show_snapshot(
        self,
        snapshot: ShownSnapshot,
        inference: Inference,
        problems: tuple[Problem, ...] | None = None,
    ) -> None:
        """Show the network as it is now, touching only what changed.

        ``problems``: what to mark; None means the problems of the inference.
        """
        first = not self.scene.picture.blocks
        self._spec = snapshot.spec
        moved = {node_id: (x, y) for node_id, x, y in snapshot.positions}
        marked = inference.problems if problems is None else problems
        picture = picture_of(self._spec, inference, marked)
        self.scene.show_picture(picture, arrange(self._spec, moved))
        self.outline.show_picture(picture)
        self.outline.show_selection(self.scene.selected)
        self._empty.setVisible(not picture.blocks)
        self._tell_context()
        self._show_card()
        if first:
            self.view.fit()

    def set_title(self, title: str) -> None:
        """The network's name, shown in the header ("LeNet-5")."""
        self._title = title
        self._tell_context()

    def _tell_context(self) -> None:
        blocks = self.scene.picture.blocks
        parts = [self._title] if self._title else []
        if blocks:
            counts = [block.parameters for block in blocks]
            parts.append(self.tr("{count} layers").format(count=len(blocks)))
            if None not in counts:
                text = self.tr("{count} parameters").format(count=grouped(sum(counts)))
                parts.append(text)
        self._context.setText(" · ".join(parts))

    def set_mode(self, mode: str) -> None:
        """Show the ledger of "build" or, narrower, of "train"."""
        self.scene.set_mode(mode)
        self.view.fit()

    def show_sample(self, sampled: Sampled | None) -> None:
        """Put live pictures on the blocks and update ratios into the ledger; None clears them."""
        if sampled is None:
            self.scene.show_thumbnails({})
            self.scene.ledger.show_ratios({})
            return
        images = {
            node.id: thumbnail(node, sampled.activations[node.id])
            for node in self._spec
            if node.id in sampled.activations
        }
        self.scene.show_thumbnails(images)
        self.scene.ledger.show_ratios(sampled.update_ratios)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        self.scene.restyle()
        metrics = QFontMetrics(theme.font("small"))
        self._zoom.setMinimumWidth(metrics.horizontalAdvance("100\u00a0%") + 8)
        self._empty_icon.setPixmap(icons.pixmap("layers", "muted", 32, self.devicePixelRatioF()))
        self._place_overlays()

    def _show_card(self) -> None:
        picture = self.scene.picture
        chosen = [picture.problem_at(i) for i in self.scene.selected]
        named = [p for p in picture.problems if p.node in self.scene.blocks]
        shown = next((p for p in (*chosen, *named) if p is not None), None)
        self.card.show_problem(shown)
        self._place_overlays()

    def _place_overlays(self) -> None:
        room = self.view.viewport().rect()
        self._empty.adjustSize()
        self._empty.move(room.center() - self._empty.rect().center())
        problem = self.card.problem
        if problem is None or problem.node not in self.scene.places:
            return
        x, y = self.scene.places[problem.node]
        corner = self.view.mapFromScene(QPointF(x + BLOCK_WIDTH, y))
        beside = room.right() - corner.x() - 24
        if beside >= _CARD_LEAST:
            self.card.fit_width(min(CARD_WIDTH, beside))
            top = corner.y() - 6
            place = QPoint(corner.x() + 14, top)
        else:
            self.card.fit_width(min(CARD_WIDTH, room.width() - 16))
            below = self.view.mapFromScene(QPointF(x, y + BLOCK_HEIGHT))
            place = QPoint(8, below.y() + 8)
        lowest = max(4, room.height() - self.card.height() - 4)
        self.card.move(place.x(), min(max(4, place.y()), lowest))

    # -- what is asked for ------------------------------------------------------------------------

    def _may_connect(self, source: str, target: str) -> bool:
        return can_connect(self._spec, source, target)

    def _may_reorder(self, node_id: str) -> bool:
        return may_change_place(self._spec, node_id)

    def select(self, ids: list[str]) -> None:
        """Select these blocks and scroll to the last."""
        self.scene.select(ids)
        if ids:
            self.view.reveal(ids[-1])

    @property
    def selected(self) -> list[str]:
        """Ids of the selected blocks."""
        return self.scene.selected

    def fit(self) -> None:
        """Show the whole network (Ctrl+0)."""
        self.view.fit()

    def zoom_in(self) -> None:
        """Larger (Ctrl++)."""
        self.view.zoom_by(1.25)

    def zoom_out(self) -> None:
        """Smaller (Ctrl+−)."""
        self.view.zoom_by(0.8)

    def select_all(self) -> None:
        """Select every block (Ctrl+A)."""
        self.scene.select([view.id for view in self.scene.picture.blocks])

    def remove_selected(self) -> None:
        """Ask for the selected blocks, or the selected wire, to be removed (Del)."""
        wire = self.scene.selected_wire
        if wire is not None:
            self.disconnect_requested.emit(*wire)
        elif self.scene.selected:
            self.remove_requested.emit(self.scene.selected)

    def shift_selected(self, direction: int) -> None:
        """Ask for the selected block to go one place up (-1) or down (1) the chain (Alt+↑, Alt+↓)."""
        if self.scene.selected:
            node_id = self.scene.selected[-1]
            wire = place_along(self._spec, node_id, direction)
            if wire is not None:
                self.reorder_requested.emit(node_id, *wire)

    def open_quick_add(self) -> None:
        """Let a person type the layer to add behind the selection (A)."""
        place = QPoint(40, 40)
        chosen = self.scene.selected
        if chosen:
            item = self.scene.blocks[chosen[-1]]
            place = self.view.mapFromScene(item.output_port() + QPointF(-60, 6))
        self._quick.open_at(self.view.viewport().mapToGlobal(place))

    def add_layer(self, layer_name: str) -> None:
        """Ask for a layer behind the selection, without one at the end of the network."""
        chosen = self.scene.selected
        blocks = [b for b in self.scene.picture.blocks if not b.is_output]
        after = chosen[-1] if chosen else blocks[-1].id if blocks else ""
        self.add_requested.emit(layer_name, after, QPointF())

    def _on_dropped(self, layer_name: str, below: str, place: QPointF) -> None:
        if below or not self.scene.blocks:
            self.add_requested.emit(layer_name, below, QPointF())
            return
        corner = place - QPointF(BLOCK_WIDTH / 2, BLOCK_HEIGHT / 2)
        self.add_requested.emit(layer_name, "", QPointF(round(corner.x()), round(corner.y())))

    def _on_edit_asked(self) -> None:
        if self.scene.selected:
            self.edit_requested.emit(self.scene.selected[-1])

    def _on_step_asked(self, direction: int, extend: bool) -> None:
        order = [view.id for view in self.scene.picture.blocks]
        chosen = self.scene.selected
        if not order:
            return
        row = order.index(chosen[-1]) + direction if chosen else 0 if direction > 0 else -1
        if row >= len(order) or (chosen and row < 0):
            return
        new = order[row]
        if extend and chosen:
            kept = chosen[:-1] if new in chosen else chosen
            self.select([*[i for i in kept if i != new], new])
        else:
            self.select([new])
        self.scene.show_focus(self.view.hasFocus())

    def _on_branch_asked(self, direction: int) -> None:
        if self.scene.selected:
            places = self.scene.places
            found = branch_beside(self._spec, places, self.scene.selected[-1], direction)
            if found:
                self.select([found])
                self.scene.show_focus(self.view.hasFocus())

    def _on_selection_changed(self, ids: list[str]) -> None:
        self.outline.show_selection(ids)
        self._show_card()
        self.selection_changed.emit(ids)


class _Nothing:
    """What is shown before there is a network."""

    spec = NetworkSpec((1,))
    positions: tuple[tuple[str, float, float], ...] = ()
