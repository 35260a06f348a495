"""Starts the window: application, theme, language, and what it opens with."""

from __future__ import annotations

import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QByteArray,
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QEventLoop,
    QObject,
    QSettings,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QApplication

from nnstudio.app import i18n, icons
from nnstudio.app import theme as themes
from nnstudio.app.runner import RUNNING
from nnstudio.app.session import Session
from nnstudio.app.toolbar import BUILD, TRAIN
from nnstudio.app.window import MainWindow
from nnstudio.project.store import ENDING

LOADING_MS = 60_000
SETTLING_MS = 800
SHOT = (1280, 800)


class Unforeseen(QObject):
    """Carries exceptions that nobody caught to the window, from whatever thread they come."""

    happened = Signal(object, str)

    def install(self) -> None:
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value, args.exc_traceback
        )

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        traceback.print_exception(kind, error, where)
        details = "".join(traceback.format_exception(kind, error, where))
        self.happened.emit(error if error is not None else kind(), details)


class Studio(QObject):
    """The application around one session: its window can be made anew in another language."""

    def __init__(self, app: QApplication, settings: QSettings, language: str) -> None:
        super().__init__()
        self._app, self._settings = app, settings
        self._translator = i18n.Translator(app)
        self._language = language
        self._translator.speak(language)
        self.session = Session()
        self._unforeseen = Unforeseen(self)
        self._unforeseen.install()
        self.window = self._make_window()
        self._unforeseen.happened.connect(self._on_unforeseen)
        # Text that is still on the clipboard at exit crashes some platforms.
        app.aboutToQuit.connect(lambda: app.clipboard().clear())

    def _on_unforeseen(self, error: BaseException, details: str) -> None:
        self.window.show_error(error, details)

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.session, self._settings, self._language)
        window.setWindowIcon(icons.icon("logo", "accent", 64))
        window.language_requested.connect(self.speak)
        return window

    def speak(self, language: str) -> None:
        """Change the language: the same session gets a new window in the same place."""
        if language == self._language:
            return
        self._settings.setValue("language", language)
        self._language = language
        # The old window is still handling the menu that asked for this.
        QTimer.singleShot(0, self, self._replace_window)

    def _replace_window(self) -> None:
        old = self.window
        self._translator.speak(self._language)
        workspace, geometry = old.workspaces.current, old.saveGeometry()
        selected = old.editor.selected
        self._app.setQuitOnLastWindowClosed(False)
        old.abandon()
        self.window = self._make_window()
        self.window.restoreGeometry(geometry)
        self.window.show()
        if workspace:
            self.window.enter(workspace)
        self.window.editor.select(selected)
        self._app.setQuitOnLastWindowClosed(True)
        old.deleteLater()

    def finish(self) -> None:
        """End all threads and take the window apart while the application still lives.

        Left to Python's own end, widgets and application go in any order, which crashes.
        """
        self.session.close()
        self._unforeseen.remove()
        self.window.abandon()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def run(
    project: Path | None = None,
    demo: bool = False,
    screenshot: Path | None = None,
    language: str | None = None,
    theme: str | None = None,
) -> int:
    """Open the window and return the exit code when it is closed.

    ``project``: a project, or images to load. ``demo``: LeNet-5 training on the drawn digits.
    ``screenshot``: show the project in the Train workspace, write a picture, and end.
    ``language``: "en" or "zh_CN"; ``theme``: "system", "light" or "dark".
    """
    existing = QApplication.instance()
    app = existing or QApplication(sys.argv[:1])
    app.setApplicationName("nnstudio")
    app.setDesktopFileName("nnstudio")
    settings = QSettings("nnstudio", "nnstudio")
    themes.choose(app, theme or str(settings.value("theme", themes.SYSTEM)))
    studio = Studio(app, settings, i18n.chosen(settings, language))
    try:
        _open(studio, project, demo)
        if screenshot is not None:
            return _take(studio, screenshot)
        geometry = settings.value("geometry")
        if isinstance(geometry, QByteArray):
            studio.window.restoreGeometry(geometry)
        studio.window.show()
        return app.exec()
    finally:
        studio.finish()


def _open(studio: Studio, project: Path | None, demo: bool) -> None:
    session = studio.session
    if demo:
        session.new("lenet5")
        studio.window.enter(TRAIN)
        _when_loaded(studio, session.start)
    elif project is not None and project.suffix == ENDING:
        session.open(project)
    elif project is not None:
        session.new("lenet5")
        studio.window.enter(BUILD)
        studio.window.commands.load_data(str(project))


def _when_loaded(studio: Studio, then: object) -> None:
    """Call ``then`` once, as soon as the images are there."""
    session = studio.session

    def loaded() -> None:
        if session.can_start:
            session.training_changed.disconnect(loaded)
            then()

    session.training_changed.connect(loaded)


def _take(studio: Studio, target: Path) -> int:
    """Write a picture of the Train workspace; 1 when the project or the picture could not be had."""
    session, window = studio.session, studio.window
    failures: list[object] = []
    session.failed.connect(lambda error, _details: failures.append(error))
    window.resize(*SHOT)
    window.show()
    clock = QElapsedTimer()
    clock.start()
    while session.jobs.busy and clock.elapsed() < LOADING_MS:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    window.enter(TRAIN)
    settled = clock.elapsed() + SETTLING_MS
    while clock.elapsed() < settled or (session.runner.state == RUNNING and clock.elapsed() < 8000):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    written = window.grab().save(str(target))
    window.abandon()
    return 0 if written and not failures else 1
