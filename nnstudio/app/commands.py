"""New, open, save, load and export as a person asks for them: the questions before the session acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from nnstudio.app.dialogs.export_model import ExportDialog
from nnstudio.app.dialogs.load_data import LoadDataDialog
from nnstudio.app.files import Files
from nnstudio.app.session import Session
from nnstudio.data.recipe import DataRecipe, Prepared
from nnstudio.project.store import ENDING


def present(dialog: QDialog) -> None:
    """Open a dialog above its window without stopping anything; it goes when it is closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class Commands(QObject):
    """``begun`` tells that a person has something new to work on."""

    begun = Signal()

    def __init__(self, session: Session, window: QWidget, files: Files) -> None:
        super().__init__(window)
        self._session, self._window, self._files = session, window, files

    def new(self, template: str | None) -> None:
        """Begin with a template, or with an empty canvas."""
        if self.may_leave(partial(self.new, template)):
            self._session.new(template)
            self.begun.emit()

    def open(self) -> None:
        """Ask for a project and open it."""
        path = self._files.project_to_open()
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a project, or load a data set, by what the path is."""
        if path.suffix != ENDING:
            self.load_data(str(path))
        elif self.may_leave(partial(self.open_path, path)):
            self._session.open(path)

    def save(self) -> None:
        """Save where it came from; ask where the first time."""
        if self._session.path is None:
            self.save_as()
        else:
            self._session.save()

    def save_as(self) -> None:
        """Ask where, then save."""
        path = self._ask_where()
        if path is not None:
            self._session.save(path)

    def load_folder(self) -> None:
        """Ask for a folder of images."""
        path = self._files.data_folder()
        if path is not None:
            self.load_data(str(path))

    def load_file(self) -> None:
        """Ask for a data file."""
        path = self._files.data_file()
        if path is not None:
            self.load_data(str(path))

    def load_data(self, source: str) -> None:
        """Show what ``source`` holds; the images are used when a person agrees."""
        dialog = LoadDataDialog(source, self._window)
        dialog.accepted.connect(lambda: self._use_data(dialog.recipe, dialog.prepared))
        present(dialog)

    def _use_data(self, recipe: DataRecipe, prepared: Prepared) -> None:
        if not self._session.is_open:
            self._session.new("lenet5")
            self.begun.emit()
        self._session.load_data(recipe, prepared)

    def export(self) -> None:
        """Ask for format and file, then export."""
        dialog = ExportDialog(self._window)
        dialog.accepted.connect(lambda: self._export_as(dialog.kind))
        present(dialog)

    def _export_as(self, kind: str) -> None:
        known = self._session.path
        path = self._files.model_to_export(kind, known.stem if known else self.tr("model"))
        if path is not None:
            self._session.export(kind, path)

    def _ask_where(self) -> Path | None:
        known = self._session.path
        return self._files.project_to_save(known.stem if known is not None else self.tr("untitled"))

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether what is open may go; a person who wants to save first gets ``then`` afterwards."""
        if not self._session.unsaved:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Unsaved changes"))
        box.setText(self.tr("Save the changes first?"))
        box.setInformativeText(self.tr("Without saving, the network and its weights are lost."))
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.button(button.Save).setText(self.tr("Save"))
        box.button(button.Discard).setText(self.tr("Discard"))
        box.button(button.Cancel).setText(self.tr("Cancel"))
        answer = box.exec()
        box.deleteLater()
        if answer == button.Save:
            path = self._session.path or self._ask_where()
            if path is not None:
                self._session.save(path, then)
        return answer == button.Discard
