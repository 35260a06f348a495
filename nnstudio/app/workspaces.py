"""Which docks stand where in which workspace; each workspace remembers how a person left it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow

from nnstudio.app.dock import Dock
from nnstudio.app.toolbar import BUILD, TRAIN

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
ROWS, COLUMNS = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
LAYOUT_VERSION = 1


class Workspaces(QObject):
    """Arranges the docks of a window. ``docks`` are named; "network" is the central widget."""

    entered = Signal(str)

    def __init__(self, window: QMainWindow, docks: dict[str, Dock], settings: QSettings) -> None:
        super().__init__(window)
        self._window, self._docks, self._settings = window, docks, settings
        self._arrange: dict[str, Callable[[], None]] = {BUILD: self._build, TRAIN: self._train}
        self._members = {
            BUILD: ("layers", "inspector", "problems"),
            TRAIN: ("loss", "run", "kernels", "data"),
        }
        self._states: dict[str, QByteArray] = {}
        self._before_maximise: tuple[QByteArray, Dock] | None = None
        self.current = ""
        for dock in docks.values():
            # Theirs from the beginning: a dock that no workspace has shown must end with the window too.
            dock.setParent(window)
            dock.hide()
            dock.maximise_requested.connect(lambda dock=dock: self.toggle_maximised(dock))
        for name in self._members:
            kept = settings.value(f"workspace/{name}")
            if isinstance(kept, QByteArray):
                self._states[name] = kept

    def enter(self, name: str) -> None:
        """Show a workspace as it was left, or as it is by default."""
        self._remember()
        self.current = name
        state = self._states.get(name)
        self._default()
        if state is not None:
            self._restore(name, state)
            # Docks that were not laid out before only take their sizes the second time.
            QTimer.singleShot(0, self, lambda: self._restore(name, state))
        self.entered.emit(name)

    def _restore(self, name: str, state: QByteArray) -> None:
        if self.current == name and self._before_maximise is None:
            self._window.restoreState(state, LAYOUT_VERSION)
            self._hide_strangers()

    def members(self) -> list[Dock]:
        """The docks of the current workspace."""
        return [self._docks[name] for name in self._members.get(self.current, ())]

    def _hide_strangers(self) -> None:
        """Qt shows docks that a stored arrangement does not know."""
        mine = self.members()
        for dock in self._docks.values():
            if dock not in mine:
                dock.hide()

    def leave(self) -> None:
        """Hide all docks: the start page has none."""
        self._remember()
        self.current = ""
        for dock in self._docks.values():
            dock.hide()

    def reset(self) -> None:
        """Arrange the current workspace as it is by default."""
        self._states.pop(self.current, None)
        self._settings.remove(f"workspace/{self.current}")
        self._before_maximise = None
        if self.current:
            self._window.centralWidget().show()
            self._default()

    def store(self) -> None:
        """Keep the arrangements for the next start of the program."""
        self._remember()
        for name, state in self._states.items():
            self._settings.setValue(f"workspace/{name}", state)

    def toggle_maximised(self, dock: Dock) -> None:
        """Give one dock all the room, or take it back."""
        if self._before_maximise is not None:
            self.restore_maximised()
            return
        self._before_maximise = self._window.saveState(LAYOUT_VERSION), dock
        for other in self._docks.values():
            if other is not dock:
                other.hide()
        self._window.centralWidget().hide()

    def restore_maximised(self) -> bool:
        """Leave a maximised dock; whether there was one."""
        if self._before_maximise is None:
            return False
        state, _ = self._before_maximise
        self._before_maximise = None
        self._window.centralWidget().show()
        self._window.restoreState(state, LAYOUT_VERSION)
        self._hide_strangers()
        return True

    def focus_next(self) -> None:
        """Move the keyboard to the next visible dock, or to the network after the last."""
        shown = [d for d in self._docks.values() if d.isVisible()]
        places: list[Dock | None] = [*shown, None]
        focus = self._window.focusWidget()
        inside = next((d for d in shown if focus is not None and d.isAncestorOf(focus)), None)
        following = places[(places.index(inside) + 1) % len(places)]
        target = following.widget() if following is not None else self._window.centralWidget()
        first = target.nextInFocusChain()
        while first is not target and not (
            target.isAncestorOf(first)
            and first.isVisible()
            and first.focusPolicy() & Qt.FocusPolicy.TabFocus
        ):
            first = first.nextInFocusChain()
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _remember(self) -> None:
        self.restore_maximised()
        if self.current:
            self._states[self.current] = self._window.saveState(LAYOUT_VERSION)

    def _default(self) -> None:
        for dock in self._docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        for name, dock in self._docks.items():
            if name not in self._members[self.current]:
                # Placed, though hidden: Qt would show docks that a stored arrangement does not know,
                # and take their room from the others.
                self._window.addDockWidget(RIGHT, dock)
                dock.hide()
        self._arrange[self.current]()
        for name in self._members[self.current]:
            self._docks[name].show()
        self._size()
        # Docks that were not laid out yet take their size only after the window has had its turn.
        QTimer.singleShot(0, self, self._size_unless_restored)

    def _size_unless_restored(self) -> None:
        if self.current and self.current not in self._states and self._before_maximise is None:
            self._size()

    def _build(self) -> None:
        window, docks = self._window, self._docks
        window.addDockWidget(LEFT, docks["layers"])
        window.addDockWidget(RIGHT, docks["inspector"])
        window.splitDockWidget(docks["inspector"], docks["problems"], ROWS)

    def _train(self) -> None:
        window, docks = self._window, self._docks
        window.addDockWidget(RIGHT, docks["loss"])
        window.splitDockWidget(docks["loss"], docks["run"], COLUMNS)
        window.splitDockWidget(docks["loss"], docks["kernels"], ROWS)
        window.splitDockWidget(docks["run"], docks["data"], ROWS)

    def _size(self) -> None:
        window, docks = self._window, self._docks
        if self.current == BUILD:
            window.resizeDocks([docks["layers"], docks["inspector"]], [212, 380], COLUMNS)
            window.resizeDocks([docks["inspector"], docks["problems"]], [452, 248], ROWS)
        elif self.current == TRAIN:
            window.resizeDocks([docks["loss"], docks["run"]], [596, 340], COLUMNS)
            window.resizeDocks([docks["loss"], docks["kernels"]], [400, 300], ROWS)
            window.resizeDocks([docks["run"], docks["data"]], [432, 268], ROWS)
