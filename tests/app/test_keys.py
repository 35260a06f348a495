"""A text field keeps the keys of editing and leaves shortcuts to the window."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from nnstudio.app.keys import answer_override

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("key", "held", "text", "kept"),
    [
        (Qt.Key.Key_5, NONE, "5", True),
        (Qt.Key.Key_Left, NONE, "", True),
        (Qt.Key.Key_Backspace, NONE, "", True),
        (Qt.Key.Key_C, CONTROL, "", True),
        (Qt.Key.Key_E, CONTROL, "", False),
        (Qt.Key.Key_S, CONTROL, "", False),
        (Qt.Key.Key_Z, CONTROL, "", False),
        (Qt.Key.Key_F5, NONE, "", False),
        (Qt.Key.Key_Up, ALT, "", False),
    ],
)
def test_which_keys_are_kept(qtbot, key, held, text, kept):
    line = QLineEdit("12")
    qtbot.addWidget(line)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, held, text)
    assert answer_override(line, event)
    assert event.isAccepted() is kept


def test_undo_is_kept_while_the_field_has_a_change_of_its_own(qtbot):
    line = QLineEdit("12")
    qtbot.addWidget(line)
    line.insert("3")
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, CONTROL, "")
    answer_override(line, event)
    assert event.isAccepted()
