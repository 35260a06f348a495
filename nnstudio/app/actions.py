"""Every command of the window, declared once: its words, its shortcut, its icon, its menu."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from nnstudio.app import icons
from nnstudio.app.translate import say as say_core
from nnstudio.templates import TEMPLATES

CONTEXT = "Actions"


@dataclass(frozen=True)
class Command:
    """One line of a menu. ``group`` makes commands of one menu exclude each other."""

    name: str
    menu: str
    text: str
    shortcut: str
    icon: str = ""
    group: str = ""
    elsewhere: bool = False
    """The key is taken by the canvas itself; the menu only shows it."""


SEPARATOR = "-"


def _noop(text: str) -> str:
    return QT_TRANSLATE_NOOP("Actions", text)


MENUS: tuple[tuple[str, str], ...] = (
    ("file", _noop("&File")),
    ("template", _noop("New from &template")),
    ("recent", _noop("Open &recent")),
    ("data", _noop("&Load dataset")),
    ("edit", _noop("&Edit")),
    ("view", _noop("&View")),
    ("theme", _noop("&Theme")),
    ("language", _noop("&Language")),
    ("model", _noop("&Model")),
    ("train", _noop("T&rain")),
    ("help", _noop("&Help")),
)
"""(key, title). Menus inside others appear where a command named "menu:key" stands."""

COMMANDS: tuple[Command, ...] = (
    Command("menu:template", "file", "", ""),
    *(
        Command(f"new_{one.name}", "template", one.title, f"Ctrl+Alt+{number}")
        for number, one in enumerate(TEMPLATES.values(), start=1)
    ),
    Command("new_empty", "file", _noop("&New empty network"), "Ctrl+N", "plus"),
    Command("open", "file", _noop("&Open…"), "Ctrl+O", "folder"),
    Command("menu:recent", "file", "", ""),
    Command(SEPARATOR, "file", "", ""),
    Command("save", "file", _noop("&Save"), "Ctrl+S", "save"),
    Command("save_as", "file", _noop("Save &as…"), "Ctrl+Shift+S"),
    Command(SEPARATOR, "file", "", ""),
    Command("menu:data", "file", "", ""),
    Command("data_folder", "data", _noop("&Folder…"), "Ctrl+L", "folder"),
    Command("data_file", "data", _noop("F&ile…"), "Ctrl+Shift+I", "file"),
    Command("data_digits", "data", _noop("&Drawn digits…"), "Ctrl+Shift+G", "image"),
    Command("export", "file", _noop("&Export model…"), "Ctrl+E", "export"),
    Command(SEPARATOR, "file", "", ""),
    Command("quit", "file", _noop("&Quit"), "Ctrl+Q"),
    Command("undo", "edit", _noop("&Undo"), "Ctrl+Z", "undo"),
    Command("redo", "edit", _noop("&Redo"), "Ctrl+Shift+Z", "redo"),
    Command(SEPARATOR, "edit", "", ""),
    Command("duplicate", "edit", _noop("&Duplicate"), "Ctrl+D"),
    Command("delete", "edit", _noop("De&lete"), "Del", "remove"),
    Command(SEPARATOR, "edit", "", ""),
    Command("select_all", "edit", _noop("Select &all"), "Ctrl+A"),
    Command("build", "view", _noop("&Build"), "Ctrl+1", group="workspace"),
    Command("train_space", "view", _noop("&Train"), "Ctrl+2", group="workspace"),
    Command("start_page", "view", _noop("&Start page"), "Ctrl+Shift+H"),
    Command(SEPARATOR, "view", "", ""),
    Command("fit", "view", _noop("&Fit network"), "Ctrl+0", "fit"),
    Command("zoom_in", "view", _noop("Zoom &in"), "Ctrl++", "plus"),
    Command("zoom_out", "view", _noop("Zoom &out"), "Ctrl+-", "minus"),
    Command(SEPARATOR, "view", "", ""),
    Command("next_dock", "view", _noop("&Next dock"), "Ctrl+Tab"),
    Command("reset_workspace", "view", _noop("&Reset workspace"), "Ctrl+Shift+R", "reset"),
    Command("full_screen", "view", _noop("F&ull screen"), "F11", "expand"),
    Command(SEPARATOR, "view", "", ""),
    Command("menu:theme", "view", "", ""),
    Command("theme_system", "theme", _noop("Like the &desktop"), "Ctrl+Alt+S", group="theme"),
    Command("theme_light", "theme", _noop("&Light"), "Ctrl+Alt+L", group="theme"),
    Command("theme_dark", "theme", _noop("D&ark"), "Ctrl+Alt+D", group="theme"),
    Command("menu:language", "view", "", ""),
    Command("language_en", "language", "English", "Ctrl+Alt+E", group="language"),
    Command("language_zh_CN", "language", "简体中文", "Ctrl+Alt+C", group="language"),
    Command("add_layer", "model", _noop("&Add a layer…"), "A", "plus", elsewhere=True),
    Command(
        "mend", "model", _noop("&Mend the first problem"), "Ctrl+Return", "mend", elsewhere=True
    ),
    Command("move_up", "model", _noop("Move the block &up"), "Alt+Up", elsewhere=True),
    Command("move_down", "model", _noop("Move the block &down"), "Alt+Down", elsewhere=True),
    Command("tidy", "model", _noop("&Tidy up the blocks"), "Ctrl+T"),
    Command("start", "train", _noop("&Start"), "F5", "play"),
    Command("pause", "train", _noop("&Pause"), "F6", "pause"),
    Command("step", "train", _noop("S&tep one batch"), "F10", "step"),
    Command("stop", "train", _noop("St&op"), "Shift+F5", "stop"),
    Command(SEPARATOR, "train", "", ""),
    Command("afresh", "train", _noop("Start &afresh"), "Ctrl+F5", "restart"),
    Command("shortcuts", "help", _noop("&Keyboard shortcuts"), "F1"),
    Command("about", "help", _noop("&About nnstudio"), "Shift+F1", "info"),
)


def say(text: str) -> str:
    """A word of this file in the window's language."""
    return QCoreApplication.translate(CONTEXT, text)


class Actions:
    """The commands as QActions in the menus of a window: ``actions["save"]``."""

    def __init__(self, window: QMainWindow) -> None:
        self.menus: dict[str, QMenu] = {}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        nested = {c.name.removeprefix("menu:") for c in COMMANDS if c.name.startswith("menu:")}
        for key, title in MENUS:
            menu = QMenu(say(title), window)
            menu.setToolTipsVisible(True)
            self.menus[key] = menu
            if key not in nested:
                window.menuBar().addMenu(menu)
        for command in COMMANDS:
            self._add(window, command)

    def _add(self, window: QMainWindow, command: Command) -> None:
        menu = self.menus[command.menu]
        if command.name == SEPARATOR:
            menu.addSeparator()
        elif command.name.startswith("menu:"):
            menu.addMenu(self.menus[command.name.removeprefix("menu:")])
        else:
            words = say_core if command.menu == "template" else say
            action = QAction(words(command.text), window)
            action.setObjectName(command.name)
            action.setShortcut(QKeySequence(command.shortcut))
            if command.elsewhere:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            if command.icon:
                icons.keep(action, command.icon)
            if command.group:
                action.setCheckable(True)
                if command.group not in self._groups:
                    self._groups[command.group] = QActionGroup(window)
                self._groups[command.group].addAction(action)
            menu.addAction(action)
            window.addAction(action)
            self._actions[command.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def connect(self, name: str, slot: Callable[[], object]) -> None:
        """Call ``slot()`` when the command is given, by menu, shortcut or button."""
        self._actions[name].triggered.connect(lambda _checked=False: slot())

    def allow(self, name: str, allowed: bool, why: str = "") -> None:
        """Enable or disable a command; ``why`` tells on it why it cannot be given."""
        action = self._actions[name]
        action.setEnabled(allowed)
        action.setToolTip(tip(action) if allowed or not why else why)

    def named(self) -> list[tuple[str, str]]:
        """(menu and words, keys) of every command, in the order of the menus."""
        titles = {key: plain(menu.title()) for key, menu in self.menus.items()}
        native = QKeySequence.SequenceFormat.NativeText
        found = []
        for command in COMMANDS:
            if command.name in self._actions:
                action = self._actions[command.name]
                words = f"{titles[command.menu]} ▸ {plain(action.text())}"
                found.append((words, action.shortcut().toString(native)))
        return found

    def all(self) -> dict[str, QAction]:
        return dict(self._actions)


def plain(text: str) -> str:
    """A menu's words without the mark of the letter that chooses it: "&Open", "打开(&O)"."""
    return re.sub(r"\(&\w\)|&", "", text)


def tip(action: QAction) -> str:
    """The action's words and its shortcut."""
    words = plain(action.text())
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{words} ({keys})" if keys else words
