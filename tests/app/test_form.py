"""A small class of settings of each kind, entered as a person would."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QToolButton

from nnstudio.app.form import SettingsForm
from nnstudio.settings import Settings, setting


@dataclass(frozen=True)
class Knobs(Settings):
    units: int = setting(10, minimum=1, maximum=500, label="Units", help="How many.")
    window: tuple[int, int] = setting(
        (3, 3), pair=True, minimum=1, maximum=9, unit="px", label="Window", help="How large."
    )
    rate: float = setting(0.03, minimum=0.0, maximum=1.0, label="Rate", help="How fast.")
    mode: str = setting("a", choices=(("a", "first"), ("b", "second")), label="Mode", help="How.")
    kind: str = setting(
        "1",
        choices=(("1", "one"), ("2", "two"), ("3", "three"), ("4", "four")),
        label="Kind",
        help="Which.",
    )
    on: bool = setting(False, label="Bias", help="Whether.")


@pytest.fixture
def form(qtbot):
    made = SettingsForm()
    qtbot.addWidget(made)
    made.resize(356, 400)
    made.show(Knobs())
    made.show()
    made.told = []
    made.changed.connect(lambda *told: made.told.append(told))
    return made


def enter(form, name, text, half=0):
    control = form.field(name).controls[half]
    control.setFocus()
    line = control.lineEdit()
    line.selectAll()
    QApplication.processEvents()
    line.setText("")
    from PySide6.QtTest import QTest

    QTest.keyClicks(line, text)


def test_typed_numbers_are_told_with_their_type(form):
    enter(form, "units", "120")
    assert [told[:2] for told in form.told] == [("units", 1), ("units", 12), ("units", 120)]
    enter(form, "window", "5 px", half=1)
    assert form.told[-1][:2] == ("window", (3, 5))
    enter(form, "rate", "2e-1")
    assert form.told[-1][:2] == ("rate", 0.2)


def test_one_visit_is_one_step_of_undo_and_the_next_visit_another(form):
    field = form.field("units")
    field.visited.emit()
    enter(form, "units", "12")
    first = {told[2] for told in form.told}
    form.told.clear()
    field.visited.emit()
    enter(form, "units", "45")
    second = {told[2] for told in form.told}
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("units", "501", "from 1 to 500"),
        ("units", "0", "from 1 to 500"),
        ("units", "2.5", "a whole number"),
        ("units", "many", "a whole number"),
        ("units", "", "a whole number"),
        ("rate", "-0.1", "from 0.0 to 1.0"),
        ("window", "10", "from 1 to 9"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_form(form, name, text, words):
    form.field(name).controls[0].lineEdit().setText(text)
    form.field(name).controls[0].lineEdit().textEdited.emit(text)
    assert form.told == []
    assert words in form.message(name)
    assert form.field(name).controls[0].property("state") == "bad"
    assert form.message(name) == form.field(name).controls[0].accessibleDescription()
    enter(form, name, "1")
    assert form.message(name) == ""
    assert form.told[-1][0] == name


def test_choices_few_as_segments_many_as_list(form, qtbot):
    first, second = form.field("mode").controls
    assert isinstance(first, QToolButton)
    assert first.isChecked()
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert form.told[-1][:2] == ("mode", "b")
    (combo,) = form.field("kind").controls
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert form.told[-1][:2] == ("kind", "3")


def test_a_switch_tells_true(form, qtbot):
    (box,) = form.field("on").controls
    assert isinstance(box, QCheckBox)
    box.click()
    assert form.told[-1][:2] == ("on", True)


def test_arrows_stay_inside_the_range(form):
    spin = form.field("window").controls[0]
    for _ in range(20):
        spin.stepBy(1)
    assert form.told[-1][:2] == ("window", (9, 3))
    spin.stepBy(-30)
    assert form.told[-1][:2] == ("window", (1, 3))
    rate = form.field("rate").controls[0]
    rate.stepBy(1)
    assert form.told[-1][:2] == ("rate", 0.04)
    rate.stepBy(-3)
    assert form.told[-1][:2] == ("rate", 0.01)
    rate.stepBy(-1)
    assert form.told[-1][:2] == ("rate", 0.009)


def wheel(widget, turned=120):
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_turns_only_a_focused_field(form, qtbot):
    form.activateWindow()
    form.field("rate").controls[0].setFocus()
    wheel(form.field("units").controls[0])
    wheel(form.field("kind").controls[0], -120)
    assert form.told == []
    qtbot.waitUntil(form.field("rate").controls[0].hasFocus)
    wheel(form.field("rate").controls[0])
    assert form.told[-1][:2] == ("rate", 0.04)


def test_reset_gives_the_declared_default(form):
    form.show(Knobs(units=77))
    form.field("units").controls[0].reset_requested.emit()
    assert form.told[-1][:2] == ("units", 10)


def test_showing_new_values_tells_nobody_and_keeps_the_widgets(form):
    before = form.field("units").controls[0]
    form.show(Knobs(units=7, mode="b", on=True))
    assert form.told == []
    assert form.field("units").controls[0] is before
    assert before.lineEdit().text() == "7"
    form.show(Knobs, {"window": (2, 4)})
    halves = [half.lineEdit().text() for half in form.field("window").controls]
    assert halves == ["2 px", "4 px"]


def test_every_control_has_a_name_and_help(form):
    for name in ("units", "window", "rate", "mode", "kind", "on"):
        for control in form.field(name).controls:
            assert control.accessibleName()
            assert control.toolTip()
    halves = [half.accessibleName() for half in form.field("window").controls]
    assert halves == ["Window, rows", "Window, columns"]


def test_a_narrow_form_puts_labels_above_and_cuts_nothing(form):
    form.resize(212, 500)
    QApplication.processEvents()
    for name in ("units", "window", "rate"):
        for control in form.field(name).controls:
            right = control.mapTo(form, QPoint(control.width(), 0)).x()
            assert right <= form.width()
