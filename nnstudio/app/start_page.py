"""What a person sees first: open something, drop a folder, or begin with a template."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio import templates
from nnstudio.app import icons, theme
from nnstudio.app.cards import DropTarget, RecentRow, TemplateCard, is_today
from nnstudio.app.recent import Recent, listed
from nnstudio.app.translate import say

COLUMNS = 4
LEFT_WIDTH = 392


class StartPage(QWidget):
    """Tells what was chosen; it opens nothing itself."""

    template_chosen = Signal(str)
    empty_chosen = Signal()
    open_requested = Signal()
    folder_requested = Signal()
    recent_chosen = Signal(str)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(self._right(), 1)
        theme.signals.changed.connect(self._dress)
        self._dress()
        self.refresh()

    def _left(self) -> QWidget:
        left = QFrame()
        left.setObjectName("startLeft")
        left.setFixedWidth(LEFT_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(28, 36, 24, 24)
        column.setSpacing(0)
        self._logo = QLabel()
        name = QLabel("nnstudio")
        name.setProperty("role", "display")
        top = QHBoxLayout()
        top.setSpacing(14)
        top.setContentsMargins(12, 0, 0, 0)
        top.addWidget(self._logo)
        top.addWidget(name, 1)
        words = QLabel(
            self.tr("Build a network, watch it learn from your images, take it with you.")
        )
        words.setWordWrap(True)
        words.setContentsMargins(12, 8, 12, 0)
        buttons = self._buttons()
        self.drop = DropTarget(
            self.tr("Drop a folder of images"),
            self.tr("one sub-folder per class, PNG or JPEG; they stay on this computer"),
        )
        self.drop.clicked.connect(self.folder_requested)
        drop = QVBoxLayout()
        drop.setContentsMargins(12, 16, 12, 0)
        drop.addWidget(self.drop)
        recent = QLabel(self.tr("Recent"))
        recent.setProperty("role", "title")
        recent.setContentsMargins(12, 28, 0, 4)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        column.addLayout(top)
        column.addWidget(words)
        column.addLayout(buttons)
        column.addLayout(drop)
        column.addWidget(recent)
        column.addLayout(self._recent)
        column.addStretch()
        return left

    def _buttons(self) -> QHBoxLayout:
        self.new = QPushButton(self.tr("New network"))
        self.new.setProperty("tall", True)
        self.new.setProperty("role", "primary")
        self.new.clicked.connect(self.empty_chosen)
        icons.keep(self.new, "plus", "accentText")
        self.open = QPushButton(self.tr("Open…"))
        self.open.setProperty("tall", True)
        self.open.clicked.connect(self.open_requested)
        icons.keep(self.open, "folder")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 16, 0, 0)
        buttons.setSpacing(8)
        for button in (self.new, self.open):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(button.text())
            button.setAccessibleName(button.text())
            buttons.addWidget(button)
        buttons.addStretch()
        return buttons

    def _right(self) -> QWidget:
        right = QFrame()
        right.setObjectName("startRight")
        column = QVBoxLayout(right)
        column.setContentsMargins(28, 44, 24, 24)
        column.setSpacing(16)
        title = QLabel(self.tr("New from a template"))
        title.setProperty("role", "title")
        hint = QLabel(self.tr("sized for the drawn digits; the figure is the number of parameters"))
        hint.setProperty("role", "muted")
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(title)
        heading.addWidget(hint, 1, Qt.AlignmentFlag.AlignBottom)
        grid = QGridLayout()
        grid.setSpacing(12)
        self.cards: dict[str, TemplateCard] = {}
        for name, template in templates.TEMPLATES.items():
            spec = templates.build(name)
            card = TemplateCard(say(template.title), say(template.summary), spec)
            card.clicked.connect(lambda _checked=False, name=name: self.template_chosen.emit(name))
            self.cards[name] = card
        empty = TemplateCard(self.tr("Empty canvas"), self.tr("begin with an input"), None)
        empty.clicked.connect(self.empty_chosen)
        self.cards["empty"] = empty
        for place, card in enumerate(self.cards.values()):
            grid.addWidget(card, place // COLUMNS, place % COLUMNS)
        grid.setColumnStretch(COLUMNS, 1)
        column.addLayout(heading)
        column.addLayout(grid)
        column.addStretch()
        return right

    def refresh(self) -> None:
        """List the recent projects as they are now."""
        while self._recent.count():
            old = self._recent.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        found = listed(self._settings)
        for one in found[:5]:
            row = RecentRow(one, self._day(one))
            row.chosen.connect(self.recent_chosen)
            self._recent.addWidget(row)
        if not found:
            none = QLabel(self.tr("Projects you save will be listed here."))
            none.setProperty("role", "muted")
            none.setContentsMargins(12, 4, 0, 0)
            self._recent.addWidget(none)

    def _day(self, one: Recent) -> str:
        moment = QDateTime.fromSecsSinceEpoch(int(one.when))
        short = QLocale.FormatType.ShortFormat
        if is_today(one.when):
            return self.tr("today, {time}").format(time=moment.time().toString("HH:mm"))
        return self.locale().toString(moment.date(), short)

    def _dress(self) -> None:
        of = theme.current()
        self._logo.setPixmap(icons.pixmap("logo", "accent", 32, self.devicePixelRatio()))
        self.setStyleSheet(
            f"#startLeft {{ background: {of.canvas}; border-right: 1px solid {of.border}; }}"
            f"#startRight {{ background: {of.panel}; }}"
        )
