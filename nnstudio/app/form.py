"""Turns the declared settings of any class into a form: once, for layers and training alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app.fields import Field, NumberField, field_for
from nnstudio.app.translate import say
from nnstudio.errors import SettingError
from nnstudio.settings import Setting, Settings, check, matters, settings_of

LABEL_COLUMN = 112
NARROW = 300
"""Below this width a label stands above its field."""
LEAST_WIDTH = 150


class _Row:
    """A setting's label, control and message, and the value that was last accepted."""

    def __init__(self, declared: Setting) -> None:
        self.declared = declared
        self.value: Any = declared.default
        self.visit = 0
        self.label = QLabel(say(declared.label))
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setMinimumHeight(28)
        self.label.setToolTip(say(declared.help))
        self.field: Field = field_for(declared)
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setProperty("role", "bad")
        self.message.setWordWrap(True)
        self.message.hide()
        self.label.setBuddy(self.field)
        self.box = QWidget()
        column = QVBoxLayout(self.box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.message)


def _as_read(declared: tuple[Setting, ...]) -> list[Setting]:
    """In the order declared, but what matters only beside a setting of its group right behind that."""
    order: list[Setting] = []
    for one in declared:
        above = one.only_for[0] if one.only_for is not None else ""
        places = [
            place
            for place, other in enumerate(order)
            if other.group == one.group
            and (other.name == above or (other.only_for or ("",))[0] == above)
        ]
        order.insert(places[-1] + 1 if above and places else len(order), one)
    return order


class SettingsForm(QWidget):
    """A row for each setting. What a person enters is checked here and then told, or refused here.

    ``changed(name, value, merge_key)``: an accepted value. Changes made in one visit to a field
    share a merge key, so that typing 1, 12, 120 is one step of undo.
    """

    changed = Signal(str, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of: type[Settings] | None = None
        self._rows: dict[str, _Row] = {}
        self._groups: dict[str, QToolButton] = {}
        self._open: set[str] = set()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._body: QWidget | None = None
        self._form: QFormLayout | None = None
        self._hint = QLabel()
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(16)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self._hint)
        self._hint.hide()

    def show(
        self,
        settings: type[Settings] | Settings | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Show the settings of a class or instance, with ``values`` over the instance's own.

        Without arguments this is QWidget.show(). The rows are kept while the class stays the same,
        so that a field keeps its focus and its caret while the model answers.
        """
        if settings is None:
            super().show()
            return
        cls = settings if isinstance(settings, type) else type(settings)
        if cls is not self._of:
            self._rebuild(cls)
        for name, row in self._rows.items():
            own = row.declared.default if isinstance(settings, type) else getattr(settings, name)
            row.value = (values or {}).get(name, own)
            row.field.show_value(row.value)
            self._refuse(row, "")
        self._show_what_matters()

    def clear(self) -> None:
        """Show no settings."""
        self._rebuild(None)

    def message(self, name: str) -> str:
        """What is wrong with the text in this field, empty when it was accepted."""
        return self._rows[name].message.text()

    def open_group(self, name: str) -> None:
        """Show the rows of a group."""
        if name in self._groups:
            self._groups[name].setChecked(True)

    def complain(self, name: str, message: str) -> None:
        """Say at a field that its value, though allowed, is what does not work here."""
        self.open_group(self._rows[name].declared.group)
        self._refuse(self._rows[name], message)

    def field(self, name: str) -> Field:
        """The control of a setting."""
        return self._rows[name].field

    def set_enabled(self, names: tuple[str, ...], enabled: bool, why: str = "") -> None:
        """Allow or forbid some settings; ``why`` becomes the tooltip of the forbidden ones."""
        for name in names:
            row = self._rows[name]
            row.field.setEnabled(enabled)
            for control in row.field.controls:
                control.setToolTip(say(row.declared.help) if enabled else why)

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        for row in self._rows.values():
            row.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return

    def _rebuild(self, cls: type[Settings] | None) -> None:
        self._of = cls
        self._rows = {}
        if self._body is not None:
            self._layout.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        self._form = QFormLayout(self._body)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(0)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._groups = {}
        for declared in _as_read(settings_of(cls)) if cls is not None else ():
            if declared.group and declared.group not in self._groups:
                self._add_group(declared.group)
            self._add_row(declared)
        self._layout.insertWidget(0, self._body)
        self._hint.setVisible(bool(self._rows))
        if self._rows:
            self._explain(next(iter(self._rows.values())))
        self._fit_width()

    def _add_group(self, name: str) -> None:
        """A heading that opens and closes the rows of a group; closed at first, but remembered."""
        heading = QToolButton()
        heading.setText(say(name))
        heading.setCheckable(True)
        heading.setChecked(name in self._open)
        heading.setAutoRaise(True)
        heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        heading.setProperty("role", "group")
        heading.toggled.connect(partial(self._on_group_toggled, name))
        self._groups[name] = heading
        self._form.addRow(heading)

    def _on_group_toggled(self, name: str, opened: bool) -> None:
        (self._open.add if opened else self._open.discard)(name)
        self._show_what_matters()

    def _show_what_matters(self) -> None:
        """Hide the rows of closed groups, and those that mean nothing beside the others' values."""
        for name, heading in self._groups.items():
            arrow = Qt.ArrowType.DownArrow if name in self._open else Qt.ArrowType.RightArrow
            heading.setArrowType(arrow)
        values = SimpleNamespace(**{name: row.value for name, row in self._rows.items()})
        for row in self._rows.values():
            group = row.declared.group
            shown = (not group or group in self._open) and matters(values, row.declared)
            self._form.setRowVisible(row.box, shown)

    def _add_row(self, declared: Setting) -> None:
        row = _Row(declared)
        row.field.given.connect(partial(self._on_given, row))
        row.field.visited.connect(partial(self._on_visited, row))
        for widget in (row.label, *row.field.controls):
            if isinstance(widget, NumberField):
                widget.reset_requested.connect(partial(self._on_reset, row))
            else:
                widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                widget.customContextMenuRequested.connect(partial(self._offer_reset, row, widget))
        self._form.addRow(row.label, row.box)
        self._rows[declared.name] = row

    def _offer_reset(self, row: _Row, widget: QWidget, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Reset to default")).triggered.connect(partial(self._on_reset, row))
        menu.popup(widget.mapToGlobal(place))

    def _on_visited(self, row: _Row) -> None:
        row.visit += 1
        self._explain(row)

    def _explain(self, row: _Row) -> None:
        """Say below all rows what the one visited last is for, and which that is."""
        name, words = say(row.declared.label), say(row.declared.help)
        self._hint.setText(self.tr("{name}: {help}").format(name=name, help=words))

    def _on_reset(self, row: _Row) -> None:
        row.visit += 1
        row.field.show_value(row.declared.default)
        self._on_given(row, row.declared.default)
        row.visit += 1

    def _on_given(self, row: _Row, given: Any) -> None:
        try:
            value = check(row.declared, given)
        except SettingError as error:
            self._refuse(row, f"{say(error.reason)} {say(error.remedy)}")
            return
        self._refuse(row, "")
        if value != row.value:
            row.value = value
            row.field.show_value(value)
            self._show_what_matters()
            self.changed.emit(row.declared.name, value, f"{row.declared.name}:{row.visit}")

    def _refuse(self, row: _Row, message: str) -> None:
        row.message.setText(message)
        row.message.setVisible(bool(message))
        row.field.mark(bool(message))
        for control in row.field.controls:
            described = message or say(row.declared.help)
            control.setAccessibleDescription(described)

    def minimumSizeHint(self) -> QSize:
        # Narrower than the labels and fields side by side: then they stand one above the other.
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        if self._form is None:
            return
        narrow = self.width() < NARROW
        for row in self._rows.values():
            row.label.setFixedWidth(self.width() if narrow else LABEL_COLUMN)
            row.label.setMinimumHeight(0 if narrow else 28)
            row.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        policy = QFormLayout.RowWrapPolicy
        self._form.setVerticalSpacing(4 if narrow else 8)
        self._form.setRowWrapPolicy(policy.WrapAllRows if narrow else policy.DontWrapRows)
