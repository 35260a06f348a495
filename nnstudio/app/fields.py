"""The controls of a settings form: one kind of field for each kind of setting."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from nnstudio.app.keys import answer_override
from nnstudio.app.style import FIELD_HEIGHT
from nnstudio.app.translate import say
from nnstudio.settings import CHOICE, INTEGER, PAIR, SWITCH, Setting

MOST_SEGMENTS = 3
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


class NumberField(QAbstractSpinBox):
    """A spin box that takes any text, so that a wrong value can be answered instead of swallowed.

    ``text_given`` is told what the text means: an int, a float, or the text itself when it is no
    number. Arrows and wheel stay inside the setting's range; the wheel turns only a focused field.
    """

    text_given = Signal(object)
    reset_requested = Signal()

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._declared = declared
        self._whole = declared.kind in (INTEGER, PAIR)
        self._unit = say(declared.unit)
        self._value: float = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(FIELD_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(44)
        self.lineEdit().textEdited.connect(self._on_text_edited)
        self.editingFinished.connect(self._on_editing_finished)

    @property
    def value(self) -> float:
        """The last value that was accepted."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show an accepted value; the text stays when it means the same already."""
        self._value = value
        if self._read() != value or not self.hasFocus():
            self.lineEdit().setText(self._written(value))

    def _written(self, value: float) -> str:
        number = str(int(value)) if self._whole else f"{value:.6g}"
        return f"{number} {self._unit}" if self._unit else number

    def _read(self) -> object:
        text = self.lineEdit().text()
        found = _NUMBER.fullmatch(text)
        if found is None or found[2] not in ("", self._unit):
            return text.strip()
        number = float(found[1])
        if not math.isfinite(number):
            return text.strip()
        return int(number) if self._whole and number == int(number) else number

    def _on_text_edited(self, _text: str) -> None:
        self.text_given.emit(self._read())

    def _on_editing_finished(self) -> None:
        if self._read() == self._value:
            self.lineEdit().setText(self._written(self._value))

    def validate(self, text: str, position: int) -> object:
        """Everything may be typed; the form says what is wrong with it."""
        return (QValidator.State.Acceptable, text, position)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        low, high = self._declared.minimum, self._declared.maximum
        if low is None or self._value > low:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if high is None or self._value < high:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return enabled

    def stepBy(self, steps: int) -> None:
        value = self._value
        for _ in range(abs(steps)):
            value = self._stepped(value, 1 if steps > 0 else -1)
        self.lineEdit().setText(self._written(value))
        self.text_given.emit(value)

    def _stepped(self, value: float, direction: int) -> float:
        size = 1.0
        if not self._whole:
            # A tenth of the leading digit's place, so that 0.03 and 3000 both move sensibly.
            power = math.floor(math.log10(abs(value))) if value else -2
            if value and direction < 0 and math.isclose(abs(value), 10.0**power):
                power -= 1
            size = 10.0**power
        value = float(f"{value + direction * size:.6g}")
        if self._declared.minimum is not None:
            value = max(value, self._declared.minimum)
        if self._declared.maximum is not None:
            value = min(value, self._declared.maximum)
        return int(value) if self._whole else value

    def event(self, event: QEvent) -> bool:
        # A number that was accepted is the document's to undo, a text that was refused the field's.
        refused = self._read() != self._value
        if answer_override(self.lineEdit(), event, own_change=refused):
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # the form scrolls instead

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.lineEdit().createStandardContextMenu()
        menu.addSeparator()
        reset = menu.addAction(self.tr("Reset to default"))
        reset.triggered.connect(self.reset_requested)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class Field(QWidget):
    """One setting's control. ``given`` tells what a person entered, unchecked; ``visited`` a focus."""

    given = Signal(object)
    visited = Signal()

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.declared = declared
        self.controls: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)

    def _take(self, control: QWidget, name: str) -> None:
        control.setAccessibleName(name)
        control.setToolTip(say(self.declared.help))
        control.setAccessibleDescription(say(self.declared.help))
        control.installEventFilter(self)
        self.controls.append(control)
        self.setFocusProxy(self.controls[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            self.visited.emit()
        wheel = event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox)
        if wheel and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def show_value(self, value: object) -> None:
        """Show an accepted value without telling anyone."""
        raise NotImplementedError

    def mark(self, bad: bool) -> None:
        """Outline the control in red, or no longer."""
        for control in self.controls:
            control.setProperty("state", "bad" if bad else "")
            control.update()


class NumbersField(Field):
    """A number, or a pair of numbers as two spin boxes with × between them."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self._pair = declared.kind == PAIR
        label = say(declared.label)
        names = [self.tr("{name}, rows"), self.tr("{name}, columns")] if self._pair else ["{name}"]
        self._halves: list[NumberField] = []
        for place, name in enumerate(names):
            if place:
                self._row.addWidget(QLabel("×"))
            half = NumberField(declared)
            half.text_given.connect(self._on_text_given)
            self._take(half, name.format(name=label))
            self._row.addWidget(half, 1)
            self._halves.append(half)

    def _on_text_given(self, value: object) -> None:
        if self._pair:
            self.given.emit(tuple(value if h is self.sender() else h._read() for h in self._halves))
        else:
            self.given.emit(value)

    def show_value(self, value: object) -> None:
        values = value if self._pair else (value,)
        for half, number in zip(self._halves, values, strict=True):
            half.set_value(number)


class ChoiceField(Field):
    """A few choices side by side, or a list of many."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self._values = [value for value, _ in declared.choices]
        self._combo: QComboBox | None = None
        if len(declared.choices) <= MOST_SEGMENTS:
            self._make_segments()
        else:
            self._make_combo()

    def _make_segments(self) -> None:
        frame = QFrame()
        frame.setProperty("role", "segments")
        frame.setFixedHeight(FIELD_HEIGHT)
        row = QHBoxLayout(frame)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for place, (_, label) in enumerate(self.declared.choices):
            button = QToolButton()
            button.setText(say(label))
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setProperty("place", "last" if place == len(self._values) - 1 else "")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self._group.addButton(button, place)
            row.addWidget(button, 1)
            self._take(button, f"{say(self.declared.label)}: {say(label)}")
        self._group.idClicked.connect(self._on_chosen)
        self._row.addWidget(frame, 1)

    def _make_combo(self) -> None:
        self._combo = QComboBox()
        self._combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._combo.setMinimumContentsLength(4)
        for _, label in self.declared.choices:
            self._combo.addItem(say(label))
        self._combo.activated.connect(self._on_chosen)
        self._take(self._combo, say(self.declared.label))
        self._row.addWidget(self._combo, 1)

    def _on_chosen(self, place: int) -> None:
        self.given.emit(self._values[place])

    def show_value(self, value: object) -> None:
        place = self._values.index(str(value))
        if self._combo is not None:
            self._combo.setCurrentIndex(place)
        else:
            self._group.button(place).setChecked(True)


class SwitchField(Field):
    """Yes or no."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self._box = QCheckBox(self.tr("on"))
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box.setMinimumHeight(24)
        self._box.clicked.connect(self._on_clicked)
        self._take(self._box, say(declared.label))
        self._row.addWidget(self._box)
        self._row.addStretch(1)

    def _on_clicked(self, on: bool) -> None:
        self.given.emit(on)

    def show_value(self, value: object) -> None:
        self._box.setChecked(bool(value))


def field_for(declared: Setting) -> Field:
    """The control that suits a setting."""
    if declared.kind == CHOICE:
        return ChoiceField(declared)
    if declared.kind == SWITCH:
        return SwitchField(declared)
    return NumbersField(declared)
