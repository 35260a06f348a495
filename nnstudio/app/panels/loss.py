"""Loss and accuracy of training and validation while they come, batch by batch and epoch by epoch."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app import theme
from nnstudio.app.figures import precise
from nnstudio.app.panels.curves import Curves, nearest
from nnstudio.app.panels.plots import AxisText, EndLabel, Plot, pen, transparent
from nnstudio.app.translate import say
from nnstudio.engine import Objective
from nnstudio.engine.training import Event, History
from nnstudio.network.heads import CROSS_ENTROPY, LOSSES

REDRAW_MS = 100
FEW_POINTS = 5_000  # antialiased lines are smooth, but slow with more points than this
SMALLEST_LOSS = 1e-6
MOST_BANDS = 60


class _Series:
    """The items of one quantity: raw and smoothed training, validation with dots, end labels."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        self.raw = plot.plot()
        self.train = plot.plot()
        self.val = plot.plot()
        for curve in (self.raw, self.train):
            curve.setDownsampling(auto=True, method="peak")
            curve.setClipToView(True)
        self.dots = pg.ScatterPlotItem(size=7, pxMode=True)
        self.dots.setZValue(20)
        plot.addItem(self.dots)
        self.labels = {"train": EndLabel("train", False), "val": EndLabel("val", True)}
        for label in self.labels.values():
            plot.addItem(label, ignoreBounds=True)
            label.setZValue(15)


class LossPanel(QWidget):
    """Two plots over one time axis, counted in epochs."""

    pointed = Signal(str)
    """The values under the crosshair, for the dock's header; empty when the pointer left."""
    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves = Curves()
        self._total = 1
        self._log = False
        self._loss_name = dict(LOSSES)[CROSS_ENTROPY]
        self._of_numbers = False
        self._dirty = False
        self._view = pg.GraphicsLayoutWidget()
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.ci.setContentsMargins(8, 4, 12, 4)
        self._view.ci.setSpacing(0)
        self._view.setAccessibleName(self.tr("Loss and accuracy"))
        self._bottom = (AxisText("bottom"), AxisText("bottom"))
        self._loss_plot = Plot("", "", AxisText("left"), self._bottom[0])
        self._accuracy_plot = Plot("", "", AxisText("left", "{:.0f}"), self._bottom[1])
        self._view.addItem(self._loss_plot, 0, 0)
        self._view.addItem(self._accuracy_plot, 1, 0)
        self._view.ci.layout.setRowStretchFactor(0, 5)
        self._view.ci.layout.setRowStretchFactor(1, 4)
        self._loss_plot.getAxis("bottom").setStyle(showValues=False)
        self._loss_plot.getAxis("bottom").setHeight(4)
        self._accuracy_plot.setXLink(self._loss_plot)
        self._loss = _Series(self._loss_plot)
        self._accuracy = _Series(self._accuracy_plot)
        self._bands: list[pg.LinearRegionItem] = []
        self._rate_lines: list[pg.InfiniteLine] = []
        self._cross = [pg.InfiniteLine(angle=90, movable=False) for _ in range(2)]
        for line, plot in zip(self._cross, self._plots(), strict=True):
            plot.addItem(line, ignoreBounds=True)
            line.hide()
        self._star = pg.ScatterPlotItem(symbol="star", size=15, pxMode=True)
        self._star.setZValue(30)
        self._loss_plot.addItem(self._star)
        self._view.scene().sigMouseMoved.connect(self._on_pointed)
        self._view.viewport().installEventFilter(self)
        self._build_empty()
        self._build_header()
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._redraw_if_needed)
        self._timer.start()
        theme.signals.changed.connect(self.apply_tokens)
        self.apply_tokens()

    def _build_empty(self) -> None:
        self._empty = QWidget()
        sentence = QLabel(self.tr("Curves appear with the first batch."))
        sentence.setProperty("role", "muted")
        self.start_button = QPushButton(self.tr("Start training"))
        self.start_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.start_button.clicked.connect(self.start_requested)
        inner = QVBoxLayout(self._empty)
        inner.addStretch()
        inner.addWidget(sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        column.addWidget(self._empty)
        self._view.hide()

    def _build_header(self) -> None:
        """The controls that the dock puts into its header."""
        self.controls = QWidget()
        row = QHBoxLayout(self.controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = QLabel(self.tr("Smoothing"))
        label.setProperty("role", "muted")
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(90)
        self.smoothing.setFixedWidth(72)
        self.smoothing.setAccessibleName(self.tr("Smoothing"))
        self.smoothing.setToolTip(
            self.tr("How much of the past each point of the thick line keeps")
        )
        self.smoothing.valueChanged.connect(self._on_changed)
        self.log_button = QToolButton()
        self.log_button.setText(self.tr("log"))
        self.log_button.setProperty("role", "header")
        self.log_button.setCheckable(True)
        self.log_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.log_button.setAccessibleName(self.tr("Logarithmic loss axis"))
        self.log_button.setToolTip(self.tr("Logarithmic loss axis"))
        self.log_button.toggled.connect(self._on_log)
        for widget in (label, self.smoothing, self.log_button):
            row.addWidget(widget)

    def _plots(self) -> tuple[Plot, Plot]:
        return self._loss_plot, self._accuracy_plot

    # What is shown.

    def show_history(self, history: History, epochs: int) -> None:
        """Begin with these curves; ``epochs`` is how long the time axis is at least."""
        self._curves = Curves.of(history)
        self._total = max(1, epochs)
        self._on_changed()
        self._redraw_if_needed()

    def set_objective(self, objective: Objective | None) -> None:
        """What the curves are called; None leaves that as it is."""
        if objective is not None:
            self._loss_name = dict(LOSSES)[objective.loss]
            self._of_numbers = objective.of_numbers
        self._on_changed()

    def set_epochs(self, epochs: int) -> None:
        self._total = max(1, epochs)
        self._on_changed()

    def add(self, events: list[Event]) -> None:
        """Take new points; they are drawn at most ten times a second."""
        if self._curves.add(events):
            self._dirty = True

    def note_rate(self, rate: float) -> None:
        """Mark that the learning rate is ``rate`` from here."""
        self._curves.change_rate(rate)
        self._dirty = True

    def apply_tokens(self) -> None:
        """Take the colours of the theme; pyqtgraph does not follow the palette."""
        of = theme.current()
        self._view.setBackground(of.colour("panel"))
        for plot in self._plots():
            plot.dress()
        for line in self._cross:
            line.setPen(pen("muted"))
        for series in (self._loss, self._accuracy):
            series.raw.setPen(pen("train", 1, 0.25))
            series.train.setPen(pen("train", 1.5))
            series.val.setPen(pen("val", 2))
            series.dots.setBrush(of.colour("val"))
            series.dots.setPen(pg.mkPen(None))
        self._star.setBrush(of.colour("val"))
        self._star.setPen(pen("panel"))
        for item in (*self._bands, *self._rate_lines):
            item.getViewBox().removeItem(item)
        self._bands, self._rate_lines = [], []
        self._on_changed()

    # Drawing.

    def _on_changed(self, *_: object) -> None:
        self._dirty = True

    def _on_log(self, on: bool) -> None:
        self._log = on
        self._loss_plot.setLogMode(y=on)
        self._on_changed()
        self._redraw_if_needed()

    def _redraw_if_needed(self) -> None:
        if self._dirty and self.isVisible():
            self._dirty = False
            self._redraw()

    def _redraw(self) -> None:
        steps, val = self._curves.steps(), self._curves.validation()
        empty = not steps.shape[1] and not val.shape[1]
        self._view.setVisible(not empty)
        self._empty.setVisible(empty)
        if empty:
            return
        loss, accuracy = self._curves.smooth(self._keep)
        unit = say(self._loss_name)
        if self._log:
            unit = self.tr("{loss}, log scale").format(loss=unit)
        self._loss_plot.set_heading(self.tr("Loss"), unit)
        share = self.tr("Explained variance") if self._of_numbers else self.tr("Accuracy")
        self._accuracy_plot.set_heading(share, "%")
        self._place_axes(loss, accuracy, val)
        times = steps[0], val[0]
        self._draw(self._loss, times, (steps[1], loss, val[1]), 3)
        self._draw(self._accuracy, times, (100 * steps[2], 100 * accuracy, 100 * val[2]), 1)
        self._mark_best()
        self._mark_time()

    @property
    def _keep(self) -> float:
        return self.smoothing.value() / 100

    def _draw(
        self,
        series: _Series,
        times: tuple[np.ndarray, np.ndarray],
        values: tuple[np.ndarray, np.ndarray, np.ndarray],
        places: int,
    ) -> None:
        """times: of batches and of epochs; values: raw and smoothed training, validation."""
        logarithmic = self._log and series is self._loss
        if logarithmic:
            values = tuple(np.maximum(v, SMALLEST_LOSS) for v in values)
        raw, line, val = values
        series.raw.setData(times[0], raw)
        series.train.setData(times[0], line, antialias=len(line) < FEW_POINTS)
        series.val.setData(times[1], val, antialias=True)
        series.dots.setData(times[1], np.log10(val) if logarithmic else val)
        self._label_ends(series, times, (line, val), places, logarithmic)

    def _label_ends(
        self,
        series: _Series,
        times: tuple[np.ndarray, np.ndarray],
        lines: tuple[np.ndarray, np.ndarray],
        places: int,
        logarithmic: bool,
    ) -> None:
        names = {"train": self.tr("training"), "val": self.tr("validation")}
        ends = {}
        for key, y in zip(names, lines, strict=True):
            series.labels[key].hide()
            if len(y):
                at = math.log10(y[-1]) if logarithmic else float(y[-1])
                ends[key] = (at, f"{names[key]} {precise(float(y[-1]), places)}")
        view = series.plot.getViewBox()
        low, high = view.viewRange()[1]
        gap = 17 * (high - low) / max(1.0, view.height())
        half = gap / 2
        places = {k: min(max(at, low + half), high - half) for k, (at, _) in ends.items()}
        if len(places) == 2 and abs(places["train"] - places["val"]) < gap:
            upper, lower = sorted(places, key=lambda k: places[k], reverse=True)
            middle = (places[upper] + places[lower]) / 2
            middle = min(max(middle, low + gap), high - gap)
            places[upper], places[lower] = middle + half, middle - half
        x = max([self._curves.now, *times[1][-1:].tolist()])
        for key, (_, text) in ends.items():
            series.labels[key].show_at(x + 0.012 * self._width(), places[key], text)

    def _width(self) -> float:
        return 1.36 * max(self._total, self._curves.now)

    def _place_axes(self, loss: np.ndarray, accuracy: np.ndarray, val: np.ndarray) -> None:
        """X leaves room for the labels at its right end; y shows the smoothed curves whole."""
        end = max(self._total, math.ceil(self._curves.now))
        room = 150 / max(300.0, self._loss_plot.getViewBox().width() or 300.0)
        needed = self._curves.now / max(0.05, 1 - room)
        self._loss_plot.setXRange(0, max(1.09 * end, needed), padding=0)
        ticks = _epoch_ticks(end)
        for axis in self._bottom:
            axis.setTicks([[(t, str(t)) for t in ticks[:-1]] + [(ticks[-1], self._last(ticks))]])
        losses = np.concatenate([loss, val[1]])
        losses = losses[np.isfinite(losses)]
        if len(losses):
            low, high = float(losses.min()), float(losses.max())
            if self._log:
                low, high = math.log10(max(low, SMALLEST_LOSS)), math.log10(max(high, 1e-5))
                margin = max(0.1, 0.06 * (high - low))
                self._loss_plot.setYRange(low - margin, high + margin, padding=0)
            else:
                self._loss_plot.setYRange(0, 1.06 * max(high, 1e-3), padding=0)
        hits = 100 * np.concatenate([accuracy, val[2]])
        low = float(np.percentile(hits, 4)) if len(hits) else 0.0
        self._accuracy_plot.setYRange(max(0.0, min(low, 98) - 2), 100.8, padding=0)

    def _last(self, ticks: list[int]) -> str:
        end = ticks[-1]
        return self.tr("1 epoch") if end == 1 else self.tr("{count} epochs").format(count=end)

    def _mark_best(self) -> None:
        best = self._curves.best()
        if best is None or best.validation_loss is None:
            self._star.clear()
            return
        loss = max(best.validation_loss, SMALLEST_LOSS)
        self._star.setData([best.epoch], [math.log10(loss) if self._log else loss])

    def _mark_time(self) -> None:
        """Alternate bands for epochs, dotted lines where the learning rate changed."""
        end = max(self._total, math.ceil(self._curves.now))
        wanted = end // 2 * 2 if end <= MOST_BANDS else 0
        if len(self._bands) != wanted:
            for band in self._bands:
                band.getViewBox().removeItem(band)
            brush = theme.current().colour("text", 0.03)
            self._bands = []
            for first in range(1, wanted, 2):
                for plot in self._plots():
                    band = pg.LinearRegionItem(
                        (first, first + 1), movable=False, brush=brush, pen=pg.mkPen(transparent())
                    )
                    band.setZValue(-20)
                    plot.addItem(band, ignoreBounds=True)
                    self._bands.append(band)
        for line in self._rate_lines[len(self._curves.rates) :]:
            line.getViewBox().removeItem(line)
        del self._rate_lines[len(self._curves.rates) :]
        for time, rate in self._curves.rates[len(self._rate_lines) :]:
            line = pg.InfiniteLine(
                time,
                angle=90,
                pen=pg.mkPen(theme.current().muted, style=Qt.PenStyle.DotLine),
                label=f"lr {rate:g}",
                labelOpts={"position": 0.94, "color": theme.current().muted},
            )
            line.label.setFont(theme.font("small"))
            self._loss_plot.addItem(line, ignoreBounds=True)
            self._rate_lines.append(line)

    # The crosshair.

    def _on_pointed(self, place: QPointF) -> None:
        plot = next((p for p in self._plots() if p.sceneBoundingRect().contains(place)), None)
        if plot is None:
            self._hide_cross()
            return
        time = plot.getViewBox().mapSceneToView(place).x()
        steps, val = self._curves.steps(), self._curves.validation()
        at = nearest(steps[0], time)
        if at is None:
            return
        for line in self._cross:
            line.setPos(time)
            line.show()
        loss, accuracy = (line[at] for line in self._curves.smooth(self._keep))
        text = self.tr("epoch {time}: training {loss}, {accuracy} %").format(
            time=f"{steps[0][at]:.1f}", loss=precise(loss, 3), accuracy=precise(100 * accuracy, 1)
        )
        near = nearest(val[0], time)
        if near is not None:
            text += self.tr("; validation {loss}, {accuracy} %").format(
                loss=precise(val[1][near], 3), accuracy=precise(100 * val[2][near], 1)
            )
        self.pointed.emit(text)

    def _hide_cross(self) -> None:
        for line in self._cross:
            line.hide()
        self.pointed.emit("")

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hide_cross()
        return False


def _epoch_ticks(end: int) -> list[int]:
    """Whole epochs from 0 to ``end``, at most about seven of them, ``end`` always among them."""
    step = next(
        s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**3, 10**4, 10**5) if end / s <= 7
    )
    ticks = [t for t in range(0, end, step) if end - t > 0.6 * step]
    return [*ticks, end]
