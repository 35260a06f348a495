"""The network as a list, for screen readers and the keyboard: same order, same selection as the canvas."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from nnstudio.app import icons, theme
from nnstudio.app.editor.presentation import Picture

WIDTH = 212
FOLDED = 1
_ID = Qt.ItemDataRole.UserRole


class Outline(QListWidget):
    """One line per block, spoken in full: "Convolution 2 of 12, output 28 by 28 by 6, no problems".

    Folded it is a hairline at the canvas' edge, still there for screen readers; the keyboard
    reaching it unfolds it.
    """

    selection_requested = Signal(list)
    edit_asked = Signal()
    remove_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pinned = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Layers of the network"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.itemSelectionChanged.connect(self._on_selection_changed)
        self.itemActivated.connect(lambda _item: self.edit_asked.emit())
        theme.signals.changed.connect(self.restyle)
        self._fold()

    def pin(self, pinned: bool) -> None:
        """Keep it unfolded, or let it fold."""
        self._pinned = pinned
        self._fold()

    def _fold(self) -> None:
        open_ = self._pinned or self.hasFocus()
        self.setFixedWidth(WIDTH if open_ else FOLDED)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if open_ else policy.ScrollBarAlwaysOff
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() > FOLDED:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.current().colour("canvas"))
        painter.end()

    def show_picture(self, picture: Picture) -> None:
        """List the blocks, keeping lines that stay."""
        self.blockSignals(True)
        while self.count() > len(picture.blocks):
            self.takeItem(self.count() - 1)
        for row, view in enumerate(picture.blocks):
            if row == self.count():
                self.addItem(QListWidgetItem())
            item = self.item(row)
            item.setData(_ID, view.id)
            item.setText(view.spoken)
            item.setToolTip(view.name)
            item.setData(_ID + 1, view.category)
        self.blockSignals(False)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        for row in range(self.count()):
            item = self.item(row)
            item.setIcon(icons.icon(item.data(_ID + 1), item.data(_ID + 1)))

    def show_selection(self, ids: list[str]) -> None:
        """Select the lines of these blocks without telling anyone."""
        self.blockSignals(True)
        self.clearSelection()
        for row in range(self.count()):
            item = self.item(row)
            if item.data(_ID) in ids:
                item.setSelected(True)
                if item.data(_ID) == ids[-1]:
                    self.setCurrentItem(item, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.blockSignals(False)

    def selected_ids(self) -> list[str]:
        """Ids of the selected lines from top to bottom."""
        rows = (self.item(row) for row in range(self.count()))
        return [item.data(_ID) for item in rows if item.isSelected()]

    def _on_selection_changed(self) -> None:
        self.selection_requested.emit(self.selected_ids())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._fold()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._fold()
