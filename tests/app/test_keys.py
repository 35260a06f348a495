"""Keys typed into a focused field of a window with shortcuts: which reach the window."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from nnstudio.app.editor.palette import SearchField
from nnstudio.app.form import SettingsForm
from nnstudio.settings import Settings, setting

CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class Knobs(Settings):
    units: int = setting(10, minimum=1, maximum=500, label="Units", help="How many.")


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    made.form = SettingsForm()
    made.form.show(Knobs())
    made.search = SearchField("Find")
    made.given = []
    for keys in ("Ctrl+E", "Ctrl+S", "Ctrl+Z", "Ctrl+K", "F5", "A", "1", "Delete", "Ctrl+A"):
        action = made.addAction(keys)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _on=False, keys=keys: made.given.append(keys))
    body = QWidget()
    column = QVBoxLayout(body)
    column.addWidget(made.form)
    column.addWidget(made.search)
    made.setCentralWidget(body)
    made.show()
    made.activateWindow()
    return made


def focus(window, widget):
    widget.setFocus()
    QApplication.processEvents()
    assert widget.hasFocus()


@pytest.mark.parametrize("where", ["number", "search"])
def test_shortcuts_of_the_window_reach_it_from_a_field(window, where):
    number = window.form.field("units").controls[0]
    focus(window, number if where == "number" else window.search)
    target = QApplication.focusWidget()
    for key in (Qt.Key.Key_E, Qt.Key.Key_S, Qt.Key.Key_Z, Qt.Key.Key_K):
        QTest.keyClick(target, key, CONTROL)
    QTest.keyClick(target, Qt.Key.Key_F5, PLAIN)
    assert window.given == ["Ctrl+E", "Ctrl+S", "Ctrl+Z", "Ctrl+K", "F5"]


def test_a_field_keeps_what_edits_its_text(window):
    number = window.form.field("units").controls[0]
    focus(window, number)
    QTest.keyClick(number, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(number, Qt.Key.Key_Delete, PLAIN)
    QTest.keyClicks(number, "1a")
    assert number.lineEdit().text() == "1a"
    assert window.given == []


def test_undo_belongs_to_the_field_only_while_its_text_was_refused(window):
    number = window.form.field("units").controls[0]
    focus(window, number)
    QTest.keyClick(number, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(number, "12")
    QTest.keyClick(number, Qt.Key.Key_Z, CONTROL)
    assert window.given == ["Ctrl+Z"]  # 12 is the document's already
    assert number.lineEdit().text() == "12"
    QTest.keyClicks(number, "x")
    QTest.keyClick(number, Qt.Key.Key_Z, CONTROL)
    assert window.given == ["Ctrl+Z"]
    assert "x" not in number.lineEdit().text()
