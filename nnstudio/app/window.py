"""Docks, menus and tool bar around one session; it shows and passes requests on, nothing more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStackedWidget, QWidget

from nnstudio.app import gestures, theme
from nnstudio.app.actions import Actions
from nnstudio.app.commands import Commands, present
from nnstudio.app.dialogs.about import AboutDialog
from nnstudio.app.dialogs.message import MessageDialog
from nnstudio.app.dialogs.shortcuts import ShortcutsDialog
from nnstudio.app.dock import Dock
from nnstudio.app.editor.palette import LayerPalette
from nnstudio.app.editor.view import NetworkEditor
from nnstudio.app.figures import grouped
from nnstudio.app.files import Files
from nnstudio.app.panels.data import DataPanel, source_name
from nnstudio.app.panels.inspector import Inspector
from nnstudio.app.panels.kernels import KernelsPanel
from nnstudio.app.panels.loss import LossPanel
from nnstudio.app.panels.problems import ProblemsPanel
from nnstudio.app.panels.run import RunPanel
from nnstudio.app.recent import listed, remember, summary
from nnstudio.app.session import Session
from nnstudio.app.start_page import StartPage
from nnstudio.app.statusbar import StatusBar
from nnstudio.app.toolbar import BUILD, TRAIN, ToolBar
from nnstudio.app.transport import Transport
from nnstudio.app.workspaces import Workspaces
from nnstudio.data.loading import DIGITS
from nnstudio.engine.training import Event, Sampled
from nnstudio.templates import TEMPLATES

MINIMUM = (1024, 680)
LANGUAGES = ("en", "zh_CN")


class MainWindow(QMainWindow):
    """The program's window. It can be thrown away and built anew around the same session."""

    language_requested = Signal(str)

    def __init__(self, session: Session, settings: QSettings, language: str) -> None:
        super().__init__()
        self.session, self._settings = session, settings
        self._leaving = False
        self.setObjectName("nnstudio")
        self.setMinimumSize(*MINIMUM)
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.commands = Commands(session, self, Files(self, settings))
        self.commands.begun.connect(partial(self.enter, BUILD))
        self.actions_ = Actions(self)
        self.toolbar = ToolBar(self.actions_)
        self.addToolBar(self.toolbar)
        self.start_page = StartPage(settings)
        self.editor = NetworkEditor()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start_page)
        self._stack.addWidget(self.editor)
        # A stack is as wide as its widest page, and the start page needs more than the network.
        self._stack.setMinimumSize(240, 200)
        self.setCentralWidget(self._stack)
        self._make_docks()
        self.status = StatusBar(session, language)
        self.setStatusBar(self.status)
        self.workspaces = Workspaces(self, self.docks, settings)
        self.transport = Transport(session, self.actions_, self.toolbar, self.loss)
        self._connect_actions(language)
        self._connect_views()
        self._connect_session()
        self._on_opened()

    def _make_docks(self) -> None:
        self.palette_ = LayerPalette()
        self.inspector = Inspector()
        self.problems = ProblemsPanel()
        self.loss = LossPanel()
        self.run = RunPanel()
        self.kernels = KernelsPanel()
        self.data = DataPanel()
        bodies: dict[str, tuple[str, QWidget]] = {
            "layers": (self.tr("Layers"), self.palette_),
            "inspector": (self.tr("Inspector"), self.inspector),
            "problems": (self.tr("Problems"), self.problems),
            "loss": (self.tr("Loss and accuracy"), self.loss),
            "run": (self.tr("Run"), self.run),
            "kernels": (self.tr("Kernels"), self.kernels),
            "data": (self.tr("Data"), self.data),
        }
        self.docks = {name: Dock(name, title, body) for name, (title, body) in bodies.items()}
        self.docks["layers"].set_context(self.tr("drag, or press A"))
        self.docks["loss"].header.add(self.loss.controls)
        self.docks["kernels"].header.add(self.kernels.layer)
        self.loss.pointed.connect(self.docks["loss"].set_context)
        self.kernels.context_changed.connect(self.docks["kernels"].set_context)
        self.data.context_changed.connect(self.docks["data"].set_context)

    def _connect_actions(self, language: str) -> None:
        session, commands, do = self.session, self.commands, self.actions_.connect
        for template in TEMPLATES:
            do(f"new_{template}", partial(commands.new, template))
        do("new_empty", partial(commands.new, None))
        do("open", commands.open)
        do("save", commands.save)
        do("save_as", commands.save_as)
        do("data_folder", commands.load_folder)
        do("data_file", commands.load_file)
        do("data_digits", partial(commands.load_data, DIGITS))
        do("export", commands.export)
        do("quit", self.close)
        do("undo", session.undo)
        do("redo", session.redo)
        do("duplicate", lambda: gestures.duplicate(session, self.editor.selected))
        do("delete", self.editor.remove_selected)
        do("select_all", self.editor.select_all)
        do("build", partial(self.enter, BUILD))
        do("train_space", partial(self.enter, TRAIN))
        do("start_page", self.show_start_page)
        do("fit", self.editor.fit)
        do("zoom_in", self.editor.zoom_in)
        do("zoom_out", self.editor.zoom_out)
        do("next_dock", self.workspaces.focus_next)
        do("reset_workspace", self.workspaces.reset)
        do(
            "full_screen",
            lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
        )
        for choice in (theme.SYSTEM, theme.LIGHT_CHOICE, theme.DARK_CHOICE):
            do(f"theme_{choice}", partial(self._on_theme, choice))
        self.actions_[f"theme_{theme.chosen()}"].setChecked(True)
        for code in LANGUAGES:
            do(f"language_{code}", partial(self.language_requested.emit, code))
        self.actions_[f"language_{language}"].setChecked(True)
        do("add_layer", self.editor.open_quick_add)
        do("move_up", partial(self.editor.shift_selected, -1))
        do("move_down", partial(self.editor.shift_selected, 1))
        do("mend", self.editor.card.mend_first)
        do("tidy", partial(gestures.tidy, session))
        do("shortcuts", self._on_shortcuts)
        do("about", lambda: present(AboutDialog(self)))
        self.actions_.menus["recent"].aboutToShow.connect(self._fill_recent)

    def _connect_views(self) -> None:
        session, commands, editor = self.session, self.commands, self.editor
        editor.insert_requested.connect(partial(gestures.insert, session))
        editor.add_requested.connect(self._on_add)
        editor.remove_requested.connect(partial(gestures.remove, session))
        editor.connect_requested.connect(partial(gestures.connect, session))
        editor.disconnect_requested.connect(partial(gestures.disconnect, session))
        editor.move_requested.connect(partial(gestures.move, session))
        editor.reorder_requested.connect(partial(gestures.reorder, session))
        editor.mend_requested.connect(partial(gestures.mend, session))
        editor.selection_changed.connect(self._on_selected)
        editor.edit_requested.connect(self._on_edit_asked)
        editor.templates_requested.connect(self.show_start_page)
        self.palette_.add_requested.connect(editor.add_layer)
        self.inspector.setting_changed.connect(partial(gestures.change_setting, session))
        self.inspector.mend_requested.connect(partial(gestures.mend, session))
        self.problems.mend_requested.connect(partial(gestures.mend, session))
        self.problems.problem_selected.connect(lambda node: editor.select([node] if node else []))
        self.run.setting_changed.connect(self._on_setting)
        self.data.load_requested.connect(commands.load_folder)
        self.loss.start_requested.connect(self.actions_["start"].trigger)
        self.toolbar.workspace_chosen.connect(self.enter)
        page = self.start_page
        page.template_chosen.connect(commands.new)
        page.empty_chosen.connect(partial(commands.new, None))
        page.open_requested.connect(commands.open)
        page.folder_requested.connect(commands.load_folder)
        page.recent_chosen.connect(lambda path: commands.open_path(Path(path)))

    def _connect_session(self) -> None:
        session = self.session
        session.opened.connect(self._on_opened)
        session.network_changed.connect(self._on_network)
        session.data_changed.connect(self._on_data)
        session.file_changed.connect(self._on_file)
        session.training_changed.connect(self._on_training)
        session.tested.connect(self._on_tested)
        session.failed.connect(self.show_error)
        session.runner.began.connect(self._on_began)
        session.runner.trained.connect(self._on_trained)

    # What the session tells.

    def _on_opened(self) -> None:
        self.editor.select([])
        self._on_began()
        self._on_network()
        self._on_data()
        self._on_tested()
        self._on_training()
        self._on_file()
        if not self.session.is_open:
            self.show_start_page()
        elif not self.workspaces.current:
            self.enter(BUILD)
        self.editor.fit()

    def _on_network(self) -> None:
        session = self.session
        self.editor.show_snapshot(session.snapshot, session.inference, session.problems)
        self.problems.show_problems(session.problems, session.spec)
        self._show_selected()
        self.kernels.show_spec(session.spec)
        self.run.show_settings(session.settings)
        self.loss.set_objective(session.objective)
        self.run.set_objective(session.objective)
        self.loss.set_epochs(session.settings.epochs)

    def _on_data(self) -> None:
        prepared = self.session.prepared
        self.data.show_data(prepared)
        text, image = self.tr("Load dataset"), None
        if prepared is not None:
            split = prepared.split
            rest = len(split.validation) + len(split.test)
            name = source_name(prepared.dataset.source)
            short = name if len(name) <= 18 else name[:17] + "…"
            text = f"{short}  {grouped(len(split.train))} + {grouped(rest)}"
            rows = split.validation if len(split.validation) else split.train
            image = prepared.dataset.images[rows[0]]
        self.toolbar.data.setText(text)
        self.session.runner.watch(image)

    def _on_file(self) -> None:
        session = self.session
        name = session.path.name if session.path is not None else self.tr("untitled")
        self.setWindowTitle(f"{name}[*] – nnstudio" if session.is_open else "nnstudio[*]")
        self.setWindowModified(session.unsaved)
        if session.path is not None and not session.unsaved:
            found = summary(session.path, session.spec, session.runner.history)
            remember(self._settings, found)
            self.start_page.refresh()

    def _on_training(self) -> None:
        self.run.show_state(self.session.runner.state)
        self.setWindowModified(self.session.unsaved)

    def _on_tested(self) -> None:
        test, prepared = self.session.test, self.session.prepared
        count = len(prepared.split.test) if prepared is not None else 0
        self.run.show_test(test.accuracy if test is not None else None, count)

    def _on_began(self) -> None:
        history, latest = self.session.runner.history, self.session.runner.latest
        self.loss.show_history(history, self.session.settings.epochs)
        self.run.show_history(history)
        self.editor.show_sample(latest)
        if latest is not None:
            self.kernels.show_weights(latest.weights)
        elif history.steps:
            self.kernels.show_weights(self.session.weights())
        else:
            self.kernels.clear()

    def _on_trained(self, events: list[Event]) -> None:
        self.loss.add(events)
        self.run.add(events)
        samples = [event for event in events if isinstance(event, Sampled)]
        if samples:
            self.kernels.show_weights(samples[-1].weights)
            self.editor.show_sample(samples[-1])

    def show_error(self, error: BaseException, details: str = "") -> None:
        """Tell what went wrong, without stopping anything."""
        present(MessageDialog(error, details, self))

    # What a person asks for.

    def enter(self, name: str) -> None:
        """Show the workspace "build" or "train"."""
        if not self.session.is_open:
            return
        self._stack.setCurrentWidget(self.editor)
        self.toolbar.show()
        if self.workspaces.current != name:
            self.workspaces.enter(name)
        self.editor.set_mode(name)
        self.toolbar.show_workspace(name)
        self.actions_["build" if name == BUILD else "train_space"].setChecked(True)
        QTimer.singleShot(0, self.editor, self.editor.fit)

    def show_start_page(self) -> None:
        self.workspaces.leave()
        self.toolbar.hide()
        self.start_page.refresh()
        self._stack.setCurrentWidget(self.start_page)
        self.start_page.setFocus()

    def _on_add(self, layer_name: str, after: str, place: QPointF) -> None:
        where = None if place.isNull() else (place.x(), place.y())
        gestures.add(self.session, layer_name, after, where)

    def _on_selected(self, ids: list[str]) -> None:
        self._show_selected()
        if ids:
            self.kernels.choose(ids[-1])

    def _show_selected(self) -> None:
        session, ids = self.session, self.editor.selected
        chosen = ids[-1] if ids and ids[-1] in session.spec else None
        self.inspector.show_node(session.spec, session.inference, session.problems, chosen)

    def _on_edit_asked(self, node_id: str) -> None:
        self.enter(BUILD)
        self.editor.select([node_id])
        self.inspector.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_setting(self, name: str, value: object, key: str) -> None:
        old = self.session.settings
        self.session.change_training(name, value, key)
        if self.session.runner.busy and name == "learning_rate" and self.session.settings != old:
            self.loss.note_rate(self.session.settings.learning_rate)

    def _on_theme(self, choice: str) -> None:
        self._settings.setValue("theme", choice)
        theme.choose(QApplication.instance(), choice)

    def _on_shortcuts(self) -> None:
        present(ShortcutsDialog(self.actions_, self))

    def _fill_recent(self) -> None:
        menu = self.actions_.menus["recent"]
        menu.clear()
        for one in listed(self._settings):
            action = menu.addAction(one.name.replace("&", "&&"))
            action.setToolTip(one.path)
            action.triggered.connect(partial(self.commands.open_path, Path(one.path)))
        if menu.isEmpty():
            menu.addAction(self.tr("Projects you save will be listed here.")).setEnabled(False)

    # Leaving.

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving and not self.commands.may_leave(self.close):
            event.ignore()
            return
        if not self._leaving:
            self.session.close()
        self.workspaces.store()
        self._settings.setValue("geometry", self.saveGeometry())
        event.accept()

    def abandon(self) -> None:
        """Close without asking and without ending the session: another window takes it over."""
        self._leaving = True
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.workspaces.restore_maximised():
            return
        super().keyPressEvent(event)

    def createPopupMenu(self) -> QMenu:
        """The docks of this workspace, to close and to bring back."""
        menu = QMenu(self)
        for dock in self.workspaces.members():
            menu.addAction(dock.toggleViewAction())
        return menu

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        path = Path(event.mimeData().urls()[0].toLocalFile())
        # The drop must be over before a dialog opens.
        QTimer.singleShot(0, self, partial(self.commands.open_path, path))
