"""Draws the program's own icons in the colours of the theme, sharp at any screen density."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nnstudio.app import theme
from nnstudio.paths import resource

_DENSITIES = (1.0, 2.0)


class _HasIcon(Protocol):
    def setIcon(self, icon: QIcon) -> None: ...


def names() -> tuple[str, ...]:
    """The names of all icons."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def icon(name: str, colour_token: str = "text", size: int = 16) -> QIcon:
    """The icon ``name`` in the colour of a token of the current theme; faint while disabled.

    Raises FileNotFoundError for an unknown name and AttributeError for an unknown token.
    """
    of = theme.current()
    return _made(name, of.colour(colour_token).rgba(), of.colour("muted", 0.6).rgba(), size)


@cache
def _made(name: str, colour: int, faint: int, size: int) -> QIcon:
    made = QIcon()
    for density in _DENSITIES:
        made.addPixmap(_drawn(name, colour, size, density))
        made.addPixmap(_drawn(name, faint, size, density), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, colour_token: str = "text", size: int = 16, density: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` device-independent pixels."""
    return _drawn(name, theme.current().colour(colour_token).rgba(), size, density)


@cache
def _drawn(name: str, colour: int, size: int, density: float) -> QPixmap:
    made = QPixmap(QSize(round(size * density), round(size * density)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, name, QRectF(made.rect()), QColor.fromRgba(colour))
    painter.end()
    made.setDevicePixelRatio(density)
    return made


def draw(painter: QPainter, name: str, area: QRectF, colour: QColor) -> None:
    """Paint the icon into ``area``, as canvas items do at any zoom."""
    painter.save()
    painter.setOpacity(painter.opacity() * colour.alphaF())
    _renderer(name, colour.name()).render(painter, area)
    painter.restore()


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))


class _Keeper(QObject):
    """Gives its parent the icon again whenever the theme changes, as long as the parent lives."""

    def __init__(self, target: QObject, name: str, colour_token: str, size: int) -> None:
        super().__init__(target)
        self.setObjectName("iconKeeper")
        self._what = (name, colour_token, size)
        theme.signals.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        target: _HasIcon = self.parent()
        target.setIcon(icon(*self._what))


def keep(target: QObject, name: str, colour_token: str = "text", size: int = 16) -> None:
    """Give an action or a button the icon, now and after each change of theme."""
    for old in target.findChildren(
        QObject, "iconKeeper", Qt.FindChildOption.FindDirectChildrenOnly
    ):
        theme.signals.changed.disconnect(old._on_theme_changed)
        old.setParent(None)
        old.deleteLater()
    _Keeper(target, name, colour_token, size)
