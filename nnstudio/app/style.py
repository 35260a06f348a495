"""Fusion with the outlines, heights and focus rings that the theme promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QToolButton,
    QWidget,
)

if TYPE_CHECKING:
    from nnstudio.app.theme import Tokens

FIELD_HEIGHT = 28
RADIUS = 4.0

_FIELDS = (
    QStyle.ContentsType.CT_LineEdit,
    QStyle.ContentsType.CT_ComboBox,
    QStyle.ContentsType.CT_SpinBox,
)
_BOXES = (QStyle.ComplexControl.CC_ComboBox, QStyle.ComplexControl.CC_SpinBox)


class StudioStyle(QProxyStyle):
    """Arrows stay native; outline, height and focus ring are ours.

    ``tokens`` is asked for the colours each time something is drawn.
    """

    def __init__(self, tokens: Callable[[], Tokens]) -> None:
        super().__init__("Fusion")
        self._tokens = tokens

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Fields are at least 28 px high."""
        made = super().sizeFromContents(kind, option, size, widget)
        if kind in _FIELDS:
            made.setHeight(max(FIELD_HEIGHT, made.height()))
        return made

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """The focus ring, and the outline of a line edit."""
        if element == QStyle.PrimitiveElement.PE_FrameFocusRect:
            sheet_draws_it = isinstance(widget, QPushButton) or (
                isinstance(widget, QToolButton) and widget.property("role")
            )
            if sheet_draws_it:
                return
            if not isinstance(widget, QAbstractItemView):
                self._outline(option, painter, focused=True)
                return
        super().drawPrimitive(element, option, painter, widget)
        if element == QStyle.PrimitiveElement.PE_FrameLineEdit:
            self._outline(option, painter, focused=_has_focus(option))

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """The outline of combo and spin boxes; a refused value has a red one."""
        super().drawComplexControl(control, option, painter, widget)
        if control in _BOXES:
            bad = widget is not None and widget.property("state") == "bad"
            self._outline(option, painter, focused=_has_focus(option), bad=bad)

    def _outline(
        self, option: QStyleOption, painter: QPainter, *, focused: bool, bad: bool = False
    ) -> None:
        of = self._tokens()
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        wide = focused or bad
        name = "danger" if bad else "focus" if focused else "strong" if enabled else "border"
        width = 2.0 if wide else 1.0
        inset = width / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(of.colour(name), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame = QRectF(option.rect).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.restore()


def _has_focus(option: QStyleOption) -> bool:
    return bool(option.state & QStyle.StateFlag.State_HasFocus)
