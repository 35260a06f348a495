"""Tells which keys a text field keeps for itself; every other shortcut belongs to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_EDITING = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
)
_WALKING = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
)
_ALT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def keeps(line: QLineEdit, event: QKeyEvent, *, own_change: bool = True) -> bool:
    """Whether this key edits the text of ``line``.

    Qt's own fields also keep the keys of a Unix terminal, such as Ctrl+E for the end of the line.
    ``own_change``: the text holds something that only the field itself can undo.
    """
    if event.matches(QKeySequence.StandardKey.Undo):
        return own_change and line.isUndoAvailable()
    if event.matches(QKeySequence.StandardKey.Redo):
        return line.isRedoAvailable()
    if any(event.matches(keys) for keys in _EDITING):
        return True
    held = event.modifiers()
    if held & _ALT:
        return False
    if event.key() in _WALKING:
        return True
    typed = event.text()
    return bool(typed) and typed.isprintable() and not held & Qt.KeyboardModifier.ControlModifier


def answer_override(line: QLineEdit, event: QEvent, *, own_change: bool = True) -> bool:
    """Answer Qt's question whether a key is a shortcut; False when the event is another one."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    event.setAccepted(keeps(line, event, own_change=own_change))
    return True
