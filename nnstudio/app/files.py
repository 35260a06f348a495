"""Asks for files and folders; each kind of file remembers the folder it was last found in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from nnstudio.app.formats import ONNX, SAFETENSORS
from nnstudio.project.store import ENDING


class Files(QObject):
    """The file dialogs of a window. Every answer is None when a person cancels."""

    def __init__(self, window: QWidget, settings: QSettings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings

    def project_to_open(self) -> Path | None:
        caption, kinds = self.tr("Open project"), self.tr("Projects") + f" (*{ENDING})"
        return self._existing("projects", caption, kinds)

    def project_to_save(self, suggested: str) -> Path | None:
        caption, kinds = self.tr("Save project"), self.tr("Projects") + f" (*{ENDING})"
        return self._new("projects", caption, kinds, suggested, ENDING)

    def data_folder(self) -> Path | None:
        caption = self.tr("Load a folder of images")
        found = QFileDialog.getExistingDirectory(self._window, caption, self._folder("data"))
        return self._remember("data", found)

    def data_file(self) -> Path | None:
        kinds = self.tr("MNIST files") + " (*ubyte *ubyte.gz *.idx *.gz);;" + self.tr("All files")
        return self._existing("data", self.tr("Load a data file"), kinds + " (*)")

    def model_to_export(self, kind: str, suggested: str) -> Path | None:
        ending = {ONNX: ".onnx", SAFETENSORS: ".safetensors"}[kind]
        kinds = {ONNX: "ONNX", SAFETENSORS: "safetensors"}[kind] + f" (*{ending})"
        return self._new("exports", self.tr("Export model"), kinds, suggested, ending)

    def _existing(self, key: str, caption: str, kinds: str) -> Path | None:
        found, _ = QFileDialog.getOpenFileName(self._window, caption, self._folder(key), kinds)
        return self._remember(key, found)

    def _new(self, key: str, caption: str, kinds: str, suggested: str, ending: str) -> Path | None:
        start = str(Path(self._folder(key)) / (suggested + ending))
        dialog = QFileDialog(self._window, caption, start, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending.removeprefix("."))  # asked again before overwriting, with it
        dialog.selectFile(suggested + ending)
        chosen = dialog.exec()
        files = dialog.selectedFiles()
        dialog.deleteLater()
        return self._remember(key, files[0]) if chosen and files else None

    def _folder(self, key: str) -> str:
        kept = str(self._settings.value(f"folders/{key}", ""))
        return kept if kept and Path(kept).is_dir() else str(Path.home())

    def _remember(self, key: str, found: str) -> Path | None:
        if not found:
            return None
        path = Path(found)
        folder = path if path.is_dir() else path.parent
        self._settings.setValue(f"folders/{key}", str(folder))
        return path
