"""A plot dressed as the house style says: two thin axes, a faint grid, labels at the lines' ends."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from nnstudio.app import theme


def pen(token: str, width: float = 1.0, alpha: float = 1.0) -> QPen:
    """A cosmetic pen in a colour of the theme."""
    return pg.mkPen(theme.current().colour(token, alpha), width=width)


class AxisText(pg.AxisItem):
    """Ticks as small muted text without an axis line; values as ``form`` writes them."""

    def __init__(self, orientation: str, form: str = "{:g}") -> None:
        super().__init__(orientation)
        self._form = form
        self.setStyle(tickLength=0, tickTextOffset=6)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logMode:
            return super().tickValues(low, high, size)[:1]
        decades = range(math.floor(low) - 1, math.ceil(high) + 1)
        ticks = [
            d + math.log10(m) for d in decades for m in (1, 3) if low <= d + math.log10(m) <= high
        ]
        return [(1.0, ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [f"{10**value:.2g}" for value in values]
        return [self._form.format(round(value * scale, 10)) for value in values]


class Plot(pg.PlotItem):
    """One pair of axes. ``title`` stands above the axis, with the unit after it in muted."""

    def __init__(self, title: str, unit: str, left: AxisText, bottom: AxisText) -> None:
        super().__init__(axisItems={"left": left, "bottom": bottom})
        self._title, self._unit = title, unit
        self.hideButtons()
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.getAxis("left").setWidth(44)
        self.getAxis("bottom").setHeight(22)
        self.setContentsMargins(0, 0, 0, 0)
        left.setGrid(255)
        left.setZValue(-1000)  # the grid lies under the curves and their labels
        self.heading = pg.LabelItem(justify="left")
        # In the place of pyqtgraph's own title, which is centred over the axes.
        self.layout.removeItem(self.titleLabel)
        self.titleLabel.hide()
        self.layout.addItem(self.heading, 0, 0, 1, 3)
        self.heading.setFixedHeight(20)
        self.dress()

    def set_heading(self, title: str, unit: str) -> None:
        self._title, self._unit = title, unit
        self.dress()

    def dress(self) -> None:
        """Take the colours and fonts of the theme."""
        of = theme.current()
        self.heading.setText(
            f"<span style='color:{of.text}; font-weight:600'>{self._title}</span>"
            f"&nbsp; <span style='color:{of.muted}'>{self._unit}</span>",
            size=f"{theme.font('small').pixelSize()}px",
        )
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTickPen(pg.mkPen(of.colour("grid")))
            axis.setTextPen(of.colour("muted"))
            axis.setTickFont(theme.font("small"))
        self.getViewBox().setBackgroundColor(None)


class EndLabel(pg.TextItem):
    """The name and latest value of a series beside the end of its line."""

    def __init__(self, token: str, dotted: bool) -> None:
        super().__init__(anchor=(0, 0.5))
        self._token, self._dotted = token, dotted
        self.hide()

    def show_at(self, x: float, y: float, text: str) -> None:
        of = theme.current()
        swatch = "—●" if self._dotted else "—"
        size = theme.font("small").pixelSize()
        self.setHtml(
            f"<span style='font-size:{size}px; white-space:nowrap'>"
            f"<b style='color:{getattr(of, self._token)}'>{swatch}</b> "
            f"<b style='color:{of.text}'>{text}</b></span>"
        )
        self.setPos(x, y)
        self.show()


def transparent() -> QColor:
    """No colour at all."""
    return QColor(0, 0, 0, 0)
