"""Reads a data set and shows what it gives, before anything that is open changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnstudio.app.form import SettingsForm
from nnstudio.app.jobs import Jobs, Progress
from nnstudio.app.panels.data import ClassBars, grouped, source_name, spread, summed
from nnstudio.app.panels.run import duration
from nnstudio.app.panels.tiles import Pictures
from nnstudio.app.translate import say
from nnstudio.data.loading import DIGITS
from nnstudio.data.recipe import DataRecipe, Prepared, prepare
from nnstudio.errors import NNStudioError
from nnstudio.settings import Settings, setting
from nnstudio.text import Text

AUTOMATIC = "automatic"
SIDES = ("16", "20", "24", "28", "32", "48", "64", "96", "128")
CHANNELS = {AUTOMATIC: None, "grey": 1, "colour": 3}
PAUSE_MS = 500  # after the last change, before reading again


@dataclass(frozen=True)
class PictureOptions(Settings):
    """How pictures are read and divided."""

    side: str = setting(
        AUTOMATIC,
        choices=((AUTOMATIC, "automatic"), *((side, f"{side}×{side}") for side in SIDES)),
        label="Image size",
        help="Every picture is brought to this size. Automatic takes their usual size, at most 64.",
    )
    channels: str = setting(
        AUTOMATIC,
        choices=((AUTOMATIC, "automatic"), ("grey", "grey"), ("colour", "colour")),
        label="Colours",
        help="Grey has one channel, colour has three. Automatic keeps what the pictures have.",
    )
    validation: float = setting(
        0.1,
        minimum=0.0,
        maximum=0.8,
        label="Validation share",
        help="Images kept apart to see, after each epoch, how well training goes.",
    )
    test: float = setting(
        0.1,
        minimum=0.0,
        maximum=0.8,
        label="Test share",
        help="Images that training never sees; they judge the finished network.",
    )

    def recipe(self, source: str) -> DataRecipe:
        side = None if self.side == AUTOMATIC else (int(self.side), int(self.side))
        return DataRecipe(
            source,
            size=side,
            channels=CHANNELS[self.channels],
            validation=self.validation,
            test=self.test,
        )


@dataclass(frozen=True)
class DigitOptions(Settings):
    """How many digits are drawn, and how they are divided."""

    count: int = setting(
        6000,
        minimum=100,
        maximum=100_000,
        label="Images",
        help="How many digits are drawn. More take longer and teach more.",
    )
    seed: int = setting(
        0,
        minimum=0,
        maximum=2**31 - 1,
        label="Seed",
        help="Another seed draws other digits.",
    )
    validation: float = setting(
        0.1,
        minimum=0.0,
        maximum=0.8,
        label="Validation share",
        help="Images kept apart to see, after each epoch, how well training goes.",
    )
    test: float = setting(
        0.1,
        minimum=0.0,
        maximum=0.8,
        label="Test share",
        help="Images that training never sees; they judge the finished network.",
    )

    def recipe(self, source: str) -> DataRecipe:
        return DataRecipe(
            source, count=self.count, seed=self.seed, validation=self.validation, test=self.test
        )


class LoadDataDialog(QDialog):
    """Options left, what they give right; reading begins at once and again after each change.

    After ``accept`` the images are in ``prepared`` and how to get them again in ``recipe``.
    """

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self.recipe: DataRecipe | None = None
        self.prepared: Prepared | None = None
        self._options: Any = DigitOptions() if source == DIGITS else PictureOptions()
        self._jobs = Jobs(self)
        self._jobs.progressed.connect(self._on_progress)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(PAUSE_MS)
        self._again.timeout.connect(self._read)
        self._number = 0
        self.setWindowTitle(self.tr("Load dataset"))
        self.resize(720, 480)
        self._build()
        self._read()

    def _build(self) -> None:
        title = QLabel(source_name(self.source))
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "title")
        title.setToolTip(self.source)
        self.form = SettingsForm()
        self.form.show(self._options)
        self.form.changed.connect(self._on_option)
        left = QWidget()
        left.setFixedWidth(312)
        options = QVBoxLayout(left)
        options.setContentsMargins(0, 0, 0, 0)
        options.addWidget(self.form)
        options.addStretch()
        right = self._results()
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addWidget(left)
        middle.addLayout(right, 1)
        self.use = QPushButton(self.tr("Use these images"))
        self.use.setProperty("role", "primary")
        self.use.setDefault(True)
        self.use.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QDialogButtonBox()
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(title)
        column.addLayout(middle, 1)
        column.addWidget(buttons)

    def _results(self) -> QVBoxLayout:
        self._summary = QLabel()
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(self.tr("Progress of reading"))
        self._samples = Pictures(40, rows=2)
        self._bars = ClassBars()
        self._bars.setContentsMargins(0, 0, 8, 0)  # off the scroll bar
        self._skipped_title = QLabel()
        self._skipped_title.setProperty("role", "strong")
        self._skipped = QListWidget()
        self._skipped.setAccessibleName(self.tr("Skipped files"))
        counts = QScrollArea()
        counts.setProperty("role", "panel")
        counts.setFrameShape(QFrame.Shape.NoFrame)
        counts.setWidgetResizable(True)
        counts.setWidget(self._bars)
        self._counts = counts
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._summary)
        right.addWidget(self._bar)
        right.addWidget(self._samples)
        right.addWidget(counts, 2)
        right.addWidget(self._skipped_title)
        right.addWidget(self._skipped, 1)
        right.addStretch()
        return right

    def _on_option(self, name: str, value: object, _key: str) -> None:
        self._options = self._options.replaced(**{name: value})
        self.use.setEnabled(False)
        self._again.start()

    def _read(self) -> None:
        """Read with the options as they are; an older reading still under way is forgotten."""
        self._number += 1
        number = self._number
        self.prepared = None
        self.use.setEnabled(False)
        self._show(None)
        self._jobs.cancel()
        try:
            recipe = self._options.recipe(self.source)
        except NNStudioError as error:
            self._refuse(error)
            return

        def read(found: Prepared) -> None:
            if number == self._number:
                self.recipe, self.prepared = recipe, found
                self._show(found)
                self.use.setEnabled(True)

        def failed(error: BaseException) -> None:
            if number == self._number:
                self._refuse(error)

        title = Text("Reading {name}", name=source_name(self.source))
        self._jobs.start(title, lambda progress: prepare(recipe, progress), read, failed)

    def _refuse(self, error: BaseException) -> None:
        self._bar.hide()
        self._summary.setProperty("role", "bad")
        self._restyle()
        if isinstance(error, NNStudioError):
            self._summary.setText(f"{error.subject}\n{say(error.reason)}\n{say(error.remedy)}")
        else:
            self._summary.setText(f"{type(error).__name__}: {error}")

    def _restyle(self) -> None:
        self._summary.style().unpolish(self._summary)
        self._summary.style().polish(self._summary)

    def _on_progress(self, progress: Progress | None) -> None:
        if progress is None or self.prepared is not None:
            return
        text = say(progress.title)
        if progress.total:
            text = self.tr("Reading image {done} of {total}").format(
                done=grouped(progress.done), total=grouped(progress.total)
            )
        if progress.seconds_left is not None:
            left = duration(progress.seconds_left)
            text += self.tr(", {time} left").format(time=left)
        self._summary.setText(text)
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)

    def _show(self, found: Prepared | None) -> None:
        self._summary.setProperty("role", None)
        self._restyle()
        self._bar.setVisible(found is None)
        for widget in (self._samples, self._counts):
            widget.setVisible(found is not None)
        skipped = found.dataset.skipped if found is not None else ()
        self._skipped_title.setVisible(bool(skipped))
        self._skipped.setVisible(bool(skipped))
        if found is None:
            return
        data, split = found.dataset, found.split
        height, width, channels = data.shape
        self._summary.setText(
            self.tr(
                "{count} images of {height}×{width}×{channels}: {train} to train, "
                "{validation} to validate, {test} to test"
            ).format(
                count=grouped(len(data)),
                height=height,
                width=width,
                channels=channels,
                train=grouped(len(split.train)),
                validation=grouped(len(split.validation)),
                test=grouped(len(split.test)),
            )
        )
        rows = spread(len(data), 16)
        labels = [data.classes[label] for label in data.labels[rows]]
        self._samples.show_images(data.images[rows], labels, set())
        self._bars.show_counts(*summed(data.classes, data.counts))
        self._skipped_title.setText(
            self.tr("Skipped files: {count}").format(count=grouped(len(skipped)))
        )
        self._skipped.clear()
        for one in skipped[:1000]:
            self._skipped.addItem(f"{one.file}: {say(one.reason)}")

    def done(self, result: int) -> None:
        self._again.stop()
        self._jobs.finish()
        super().done(result)
