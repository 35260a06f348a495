"""The layers that may be added: searchable, by category, dragged onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QIcon, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyleOptionGraphicsItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app import icons, theme
from nnstudio.app.editor.blocks import BlockItem
from nnstudio.app.editor.presentation import OK, BlockView, summary_of
from nnstudio.app.keys import answer_override
from nnstudio.app.translate import say
from nnstudio.network import Layer, NetworkSpec, create, layer_types
from nnstudio.network.layer import CATEGORIES

MIME = "application/x-nnstudio-layer"
_NAME = Qt.ItemDataRole.UserRole
_ROW = 22


class LayerList(QListWidget):
    """Category headings and layers; Enter or double-click chooses, a drag carries the layer's name."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setIconSize(QSize(16, 16))
        self.setUniformItemSizes(False)
        self.itemActivated.connect(self._on_activated)
        theme.signals.changed.connect(self.restyle)
        self.fill()

    def fill(self) -> None:
        """List every registered layer under its category."""
        self.clear()
        by_category: dict[str, list[tuple[str, type[Layer]]]] = {}
        for name, cls in layer_types().items():
            by_category.setdefault(cls.category, []).append((name, cls))
        for key, title in CATEGORIES:
            if key not in by_category:
                continue
            heading = QListWidgetItem(say(title))
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setData(_NAME + 1, key)
            heading.setSizeHint(QSize(0, 20))
            self.addItem(heading)
            for name, cls in by_category[key]:
                item = QListWidgetItem(say(cls.label))
                item.setData(_NAME, name)
                item.setData(_NAME + 1, key)
                item.setSizeHint(QSize(0, _ROW))
                item.setToolTip(_first_sentence(cls))
                self.addItem(item)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        of = theme.current()
        shade = self.palette()
        shade.setColor(shade.ColorRole.Base, of.colour("panel"))
        shade.setColor(shade.ColorRole.Highlight, of.colour("accentSoft"))
        shade.setColor(shade.ColorRole.HighlightedText, of.colour("text"))
        self.setPalette(shade)
        heading_font = theme.font("small")
        heading_font.setWeight(theme.font("strong").weight())
        for row in range(self.count()):
            item = self.item(row)
            key = item.data(_NAME + 1)
            if item.data(_NAME):
                item.setIcon(icons.icon(key, key))
            else:
                item.setFont(heading_font)
                item.setForeground(of.colour(key))

    def search(self, words: str) -> None:
        """Keep the layers whose name, category or description has these words, and their headings."""
        wanted = words.casefold().split()
        titles = dict(CATEGORIES)
        heading: QListWidgetItem | None = None
        kept: QListWidgetItem | None = None
        for row in range(self.count()):
            item = self.item(row)
            name = item.data(_NAME)
            if not name:
                heading = item
                item.setHidden(True)
                continue
            text = f"{item.text()} {name} {say(titles[item.data(_NAME + 1)])}".casefold()
            match = all(word in text for word in wanted)
            item.setHidden(not match)
            if match and heading is not None:
                heading.setHidden(False)
            if match and (kept is None or item.text().casefold().startswith(words.casefold())):
                starts = kept is not None and kept.text().casefold().startswith(words.casefold())
                kept = kept if starts else item
        if wanted and kept is not None:
            self.setCurrentItem(kept)
        elif not wanted:
            self.setCurrentRow(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.is_empty:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font("small"))
            painter.setPen(theme.current().colour("muted"))
            area = self.viewport().rect().adjusted(4, 8, -4, 0)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self.tr("No layer is called so."))
            painter.end()

    @property
    def is_empty(self) -> bool:
        """Whether the search has left nothing."""
        return all(self.item(row).isHidden() for row in range(self.count()))

    def step(self, direction: int) -> None:
        """Go to the next or previous layer in sight."""
        row = self.currentRow() + direction
        while 0 <= row < self.count():
            if not self.item(row).isHidden() and self.item(row).data(_NAME):
                self.setCurrentRow(row)
                return
            row += direction

    def current_name(self) -> str:
        """The class name of the layer under the cursor, or ""."""
        item = self.currentItem()
        return str(item.data(_NAME) or "") if item is not None and not item.isHidden() else ""

    def _on_activated(self, item: QListWidgetItem) -> None:
        if item.data(_NAME):
            self.chosen.emit(item.data(_NAME))

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, items: list[QListWidgetItem]) -> QMimeData:
        """The layer's class name."""
        return layer_mime(next((i.data(_NAME) for i in items if i.data(_NAME)), ""))

    def startDrag(self, actions: Qt.DropAction) -> None:
        name = self.current_name()
        if not name:
            return
        drag = QDrag(self)
        drag.setMimeData(layer_mime(name))
        picture = ghost(name, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(24, 24))
        drag.exec(Qt.DropAction.CopyAction)


class LayerPalette(QFrame):
    """The dock: a search field and the list. ``add_requested`` names the layer to add."""

    add_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.search = SearchField(self.tr("Find a layer"))
        self.list = LayerList()
        self.list.setAccessibleName(self.tr("Layers"))
        self.search.setToolTip(self.tr("Type a name, then press Enter to add the layer"))
        self.search.textChanged.connect(self.list.search)
        self.search.stepped.connect(self.list.step)
        self.search.returnPressed.connect(self._on_entered)
        self.list.chosen.connect(self.add_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 0, 4)
        column.setSpacing(6)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, 10, 0)
        top.addWidget(self.search)
        column.addLayout(top)
        column.addWidget(self.list, 1)

    def retranslate(self) -> None:
        """Take another language."""
        self.search.setPlaceholderText(self.tr("Find a layer"))
        self.list.fill()

    def _on_entered(self) -> None:
        name = self.list.current_name()
        if name:
            self.search.clear()
            self.add_requested.emit(name)


class SearchField(QLineEdit):
    """A line edit whose arrow keys walk the list below."""

    stepped = Signal(int)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        glass = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        icons.keep(glass, "search", "muted")

    def event(self, event: QEvent) -> bool:
        return answer_override(self, event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            event.accept()
        else:
            super().keyPressEvent(event)


def layer_mime(name: str) -> QMimeData:
    """What a dragged layer carries."""
    data = QMimeData()
    data.setData(MIME, name.encode())
    return data


def ghost(name: str, density: float = 1.0) -> QPixmap:
    """The block that a dragged layer will become, slightly see-through, with a shadow."""
    layer = create(name)
    summary = summary_of(layer, NetworkSpec((1,))) if layer.reads else ""
    view = BlockView(
        name,
        say(type(layer).label),
        summary,
        type(layer).category,
        "",
        OK,
        "",
        1,
        False,
        *[None] * 3,
    )
    item = BlockItem(view)
    item.dragged = True
    area = item.boundingRect()
    picture = QPixmap(area.size().toSize() * density)
    picture.setDevicePixelRatio(density)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(0.9)
    painter.translate(-area.topLeft())
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    return picture


def _first_sentence(cls: type[Layer]) -> str:
    text = " ".join((cls.__doc__ or "").split("\n\n")[0].split())
    return say(text)
