"""Which language the window speaks, and how it learns it."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, QTranslator
from PySide6.QtWidgets import QApplication

from nnstudio.app import theme
from nnstudio.paths import resource

ENGLISH, CHINESE = "en", "zh_CN"
LANGUAGES = (ENGLISH, CHINESE)


def chosen(settings: QSettings, asked: str | None = None) -> str:
    """The language asked for, else the one chosen last time, else the desktop's, else English."""
    for wanted in (asked, str(settings.value("language", "")), QLocale.system().name()):
        for language in LANGUAGES:
            if wanted and wanted.split("_")[0].split("-")[0] == language.split("_")[0]:
                return language
    return ENGLISH


class Translator:
    """Installs the words of one language at a time: the program's own, and Qt's for its dialogs."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []

    def speak(self, language: str) -> None:
        """Take effect for every text that is asked for from now on."""
        for old in self._installed:
            self._app.removeTranslator(old)
        self._installed = []
        QLocale.setDefault(QLocale(language))
        if language != ENGLISH:
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            own = str(resource("translations", f"nnstudio_{language}.qm"))
            for file in (f"{folder}/qtbase_{language}.qm", own):
                translator = QTranslator()
                if translator.load(file):
                    self._app.installTranslator(translator)
                    self._installed.append(translator)
        theme.set_language(self._app, language)
