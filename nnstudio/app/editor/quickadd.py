"""A small list that opens on the canvas: type a layer's name, Enter adds it behind the selection."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from nnstudio.app.editor.palette import LayerList, SearchField


class QuickAdd(QFrame):
    """``chosen`` names the layer; Escape closes without one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = SearchField(self.tr("Add a layer"))
        self.list = LayerList()
        self.list.setDragEnabled(False)
        self.list.setAccessibleName(self.tr("Layers"))
        self.search.textChanged.connect(self.list.search)
        self.search.stepped.connect(self.list.step)
        self.search.returnPressed.connect(self._on_entered)
        self.list.chosen.connect(self._choose)
        self.list.itemClicked.connect(self.list.itemActivated)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.list)

    def open_at(self, place: QPoint) -> None:
        """Open with an empty search at a place of the screen, within the screen."""
        self.search.clear()
        self.list.search("")
        self.list.step(1)
        self.resize(240, 320)
        screen = self.parentWidget().screen().availableGeometry()
        x = min(place.x(), screen.right() - self.width())
        y = min(place.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_entered(self) -> None:
        if self.list.current_name():
            self._choose(self.list.current_name())

    def _choose(self, name: str) -> None:
        self.hide()
        self.chosen.emit(name)
