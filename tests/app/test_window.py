"""The window as a whole: every command reachable and explained, docks in place, nothing nameless."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider

from nnstudio.app import actions as declared
from nnstudio.app.dialogs.message import MessageDialog
from nnstudio.app.runner import IDLE, PAUSED, RUNNING
from nnstudio.errors import DataError
from nnstudio.templates import TEMPLATES
from nnstudio.text import Text


def visible_docks(window):
    return {name for name, dock in window.docks.items() if dock.isVisible()}


def test_every_command_has_a_shortcut_of_its_own_and_does_something(window):
    keys = [c.shortcut for c in declared.COMMANDS if not c.name.startswith(("menu:", "-"))]
    assert all(keys)
    normal = [QKeySequence(k).toString() for k in keys]
    assert len(set(normal)) == len(normal)
    for name, action in window.actions_.all().items():
        assert action.receivers("2triggered(bool)") > 0, name


def test_every_command_is_in_a_menu(window):
    listed = {a for menu in window.actions_.menus.values() for a in menu.actions()}
    assert set(window.actions_.all().values()) <= listed


def test_every_template_can_be_chosen_from_the_menu(window, session):
    titles = [action.text() for action in window.actions_.menus["template"].actions()]
    assert titles == [template.title for template in TEMPLATES.values()]
    window.actions_["new_deep-residual"].trigger()
    session.jobs.finish()
    assert len(session.spec.nodes) == 41


def test_every_control_has_a_name_and_a_hint(window, ready):
    nameless = []
    for workspace in ("build", "train"):
        window.enter(workspace)
        QApplication.processEvents()
        for kind in (QAbstractButton, QComboBox, QSlider):
            for control in window.findChildren(kind):
                inner = control.objectName().startswith("qt_") or isinstance(
                    control.parent(), QLineEdit
                )
                if control.isVisible() and not inner:
                    told = control.accessibleName() or getattr(control, "text", str)()
                    if not told:
                        nameless.append(control)
    assert nameless == []


def test_workspaces_show_their_docks_in_the_house_measures(window, ready, until):
    window.resize(1280, 800)
    window.enter("build")
    assert visible_docks(window) == {"layers", "inspector", "problems"}
    QApplication.processEvents()
    assert window.docks["layers"].width() == 212
    assert window.docks["inspector"].width() == 380
    window.enter("train")
    assert visible_docks(window) == {"loss", "run", "kernels", "data"}
    window.show_start_page()
    assert visible_docks(window) == set()
    assert not window.toolbar.isVisible()


def test_a_workspace_seen_first_comes_back_as_wide_as_it_was(window, ready, until):
    window.resize(1280, 800)
    window.enter("train")
    until(lambda: window.docks["run"].width() == 340)
    window.enter("build")
    until(lambda: window.docks["inspector"].width() == 380)
    window.enter("train")
    for _ in range(3):  # arranged, restored, and restored again once all is laid out
        QApplication.processEvents()
    assert (window.docks["loss"].width(), window.docks["run"].width()) == (596, 340)


def test_a_dock_is_maximised_and_comes_back(window, ready):
    window.enter("train")
    window.workspaces.toggle_maximised(window.docks["loss"])
    assert visible_docks(window) == {"loss"}
    assert window.workspaces.restore_maximised()
    assert visible_docks(window) == {"loss", "run", "kernels", "data"}


def test_a_training_that_explodes_says_how_to_go_on(window, ready, until):
    window.enter("train")
    ready.change_training("learning_rate", 1e10)
    ready.start()
    until(lambda: ready.errors and ready.runner.state == IDLE)
    (error,) = ready.errors
    assert error.subject == "Training was stopped"
    assert "Start afresh" in str(error.remedy)
    assert window.actions_["afresh"].isEnabled()
    ready.change_training("learning_rate", 0.01)
    window.actions_["afresh"].trigger()
    until(lambda: ready.runner.state == RUNNING and ready.runner.history.steps)
    assert len(ready.errors) == 1


def test_the_lamp_goes_out_with_the_problem_while_a_message_stays(window, ready):
    ready.change_training("loss", "hinge")
    assert window.status._lamp.isVisible()
    ready.told.emit(Text("Saved."))
    ready.change_training("loss", "auto")
    assert window.status.sentence.text() == "Saved."
    assert not window.status._lamp.isVisible()


def test_transport_follows_the_training(window, ready, until):
    actions = window.actions_
    assert actions["start"].isEnabled()
    assert not actions["stop"].isEnabled()
    actions["start"].trigger()
    until(lambda: ready.runner.state == RUNNING)
    assert not actions["start"].isEnabled()
    assert actions["pause"].isEnabled()
    actions["pause"].trigger()
    until(lambda: ready.runner.state == PAUSED)
    assert window.toolbar.transport["start"].text() == "Resume"
    actions["stop"].trigger()
    assert ready.runner.state == IDLE
    assert actions["export"].isEnabled()


def test_a_problem_disables_the_transport_and_says_why(window, ready):
    from nnstudio.app import gestures

    gestures.change_setting(ready, "conv2", "kernel", (15, 15))
    start = window.actions_["start"]
    assert not start.isEnabled()
    assert start.toolTip() == "The kernel is larger than the image."
    roles = {n: b.property("role") for n, b in window.toolbar.transport.items()}
    assert "primary" not in roles.values()


def test_live_curves_and_kernels_arrive(window, ready, until):
    window.enter("train")
    window.actions_["start"].trigger()
    until(lambda: "conv1" in window.kernels._weights)
    until(lambda: window.loss._curves.steps().shape[1] > 20)
    assert window.kernels.layer.count() == 2
    first = window.kernels._weights["conv1"].copy()
    until(lambda: not np.array_equal(window.kernels._weights["conv1"], first))
    ready.stop()


def test_the_title_tells_file_and_changes(window, ready, tmp_path, until):
    assert window.windowTitle() == "untitled[*] – nnstudio"
    assert window.isWindowModified()
    ready.save(tmp_path / "leaves.nnstudio")
    until(lambda: not window.isWindowModified())
    assert window.windowTitle() == "leaves.nnstudio[*] – nnstudio"
    window.start_page.refresh()
    assert "leaves" in [one.name for one in _recent(window)]


def _recent(window):
    from nnstudio.app.recent import listed

    return listed(window._settings)


def test_a_message_names_thing_reason_and_remedy(window, qtbot):
    error = DataError("here/there.idx", Text("It is {size} bytes.", size=3), Text("Copy it again."))
    dialog = MessageDialog(error, "", window)
    dialog.show()
    words = [label.text() for label in dialog.findChildren(type(window.toolbar.summary).__mro__[1])]
    for part in ("here/there.idx", "It is 3 bytes.", "Copy it again."):
        assert part in words
    assert not dialog.more.isVisible()
    dialog.close()


def test_an_unforeseen_exception_shows_its_traceback_under_details(window):
    try:
        raise ValueError("odd <b>thing</b>")
    except ValueError as error:
        dialog = MessageDialog(error, "", window)
    dialog.show()
    assert dialog.more.isVisible()
    assert not dialog.details.isVisible()
    dialog.more.click()
    assert "test_window.py" in dialog.details.toPlainText()
    dialog.close()


def test_a_dropped_folder_opens_the_loading_dialog(window, ready, tmp_path, until):
    from nnstudio.app.dialogs.load_data import LoadDataDialog

    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    event = QDropEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.NoModifier
    )
    window.dropEvent(event)
    until(lambda: window.findChildren(LoadDataDialog))
    dialog = window.findChildren(LoadDataDialog)[0]
    until(lambda: str(tmp_path) in dialog._summary.text())
    assert not dialog.use.isEnabled()
    dialog.reject()


def test_the_loading_dialog_reads_again_when_an_option_changes(window, ready, until):
    from nnstudio.app.dialogs.load_data import LoadDataDialog

    dialog = LoadDataDialog("digits", window)
    dialog.form.changed.emit("count", 300, "")
    until(lambda: dialog.prepared is not None and len(dialog.prepared.dataset) == 300)
    assert dialog.use.isEnabled()
    assert (
        "300 images of 28×28×1: 240 to train, 30 to validate, 30 to test" in dialog._summary.text()
    )
    dialog.accept()
    assert dialog.recipe.count == 300


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_closing_while_training_is_possible(ready, tmp_path, until, language):
    from PySide6.QtCore import QSettings

    from nnstudio.app.window import MainWindow

    session = ready
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(session, settings, language)
    window.show()
    session.start()
    until(lambda: session.runner.state == RUNNING)
    window.commands.may_leave = lambda then: True
    assert window.close()
    assert session.runner.state == IDLE
    window.deleteLater()
