"""The bar under the menus: workspaces, undo, transport, run summary, data and export."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from nnstudio.app import icons
from nnstudio.app.actions import Actions, plain, tip
from nnstudio.app.dock import ElidedLabel

HEIGHT = 46
BUILD, TRAIN = "build", "train"
TRANSPORT = ("start", "pause", "step", "stop")


class ActionButton(QPushButton):
    """A push button that does, says and allows what its action does."""

    def __init__(self, action: QAction, icon: str, text: str) -> None:
        super().__init__(text)
        self._action = action
        self._icon = icon
        self._colour = ""
        self.setProperty("tall", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(16, 16))
        self.setAccessibleName(plain(action.text()))
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        self._on_action_changed()
        self.wear("")

    def wear(self, role: str) -> None:
        """Look like the "primary" button, a "danger" or a plain one."""
        if role != (self.property("role") or "") or not self._colour:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        colour = {"primary": "accentText", "danger": "danger"}.get(role, "text")
        if colour != self._colour:
            self._colour = colour
            icons.keep(self, self._icon, colour)

    def _on_action_changed(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip() or tip(self._action))


class ToolBar(QToolBar):
    """46 px; the workspace tabs tell ``workspace_chosen``, everything else goes through actions."""

    workspace_chosen = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setWindowTitle(self.tr("Tool bar"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setFixedHeight(HEIGHT)
        self._actions = actions
        self._tabs: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for name, text in ((BUILD, self.tr("Build")), (TRAIN, self.tr("Train"))):
            self._tabs[name] = self._tab(name, text)
            group.addButton(self._tabs[name])
        self.addWidget(_divider())
        for name in ("undo", "redo"):
            button = QToolButton()
            button.setProperty("role", "header")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(QSize(20, 20))
            button.setDefaultAction(actions[name])
            button.setFixedSize(34, 34)
            button.setAccessibleName(plain(actions[name].text()))
            self.addWidget(button)
        self.addWidget(_divider())
        words = {
            "start": ("play", self.tr("Start")),
            "pause": ("pause", self.tr("Pause")),
            "step": ("step", self.tr("Step")),
            "stop": ("stop", self.tr("Stop")),
        }
        self.transport = {
            name: ActionButton(actions[name], icon, text) for name, (icon, text) in words.items()
        }
        for button in self.transport.values():
            self.addWidget(button)
        self.summary = ElidedLabel()
        self.summary.setProperty("role", None)
        self.summary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.summary.setContentsMargins(8, 0, 8, 0)
        self.addWidget(self.summary)
        self.data = QPushButton(self.tr("Load dataset"))
        self.data.setProperty("tall", True)
        self.data.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.data.setAccessibleName(self.tr("Load dataset"))
        self.data.setToolTip(
            self.tr("What the network is trained on; click to load something else")
        )
        self.data.setMenu(actions.menus["data"])
        icons.keep(self.data, "data")
        self.addWidget(self.data)
        self.addWidget(ActionButton(actions["export"], "export", self.tr("Export")))

    def _tab(self, name: str, text: str) -> QToolButton:
        tab = QToolButton()
        tab.setProperty("role", "workspace")
        tab.setText(text)
        tab.setCheckable(True)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tab.setAccessibleName(text)
        tab.setToolTip(tip(self._actions[name if name == BUILD else "train_space"]))
        tab.clicked.connect(lambda: self.workspace_chosen.emit(name))
        self.addWidget(tab)
        return tab

    def show_workspace(self, name: str) -> None:
        self._tabs[name].setChecked(True)

    def show_transport(self, primary: str, resumes: bool) -> None:
        """Fill at most one of the buttons: ``primary`` is its name, or empty."""
        for name, button in self.transport.items():
            plain = "danger" if name == "stop" else ""
            button.wear("primary" if name == primary else plain)
        self.transport["start"].setText(self.tr("Resume") if resumes else self.tr("Start"))


def _divider() -> QFrame:
    line = QFrame()
    line.setFixedSize(1, 24)
    line.setProperty("role", "line")
    line.setStyleSheet("min-height: 24px; max-height: 24px;")
    return line


def caption(text: str) -> QLabel:
    """A small muted label, for the status bar."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    return label
