"""A session and a window around it, with settings of their own; both end their threads."""

import gc
import time

import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def nothing_left_for_the_end(qapp):
    """Takes all windows apart while the application lives.

    Left to the interpreter's end, Qt's objects go in any order, and some of them ask others on the way.
    """
    yield
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def until(qapp):
    """``until(condition)`` lets the window work until it is so."""

    def wait(condition, seconds=20.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            QApplication.processEvents()
            time.sleep(0.002)

    return wait


@pytest.fixture
def session(qapp):
    from nnstudio.app.session import Session

    made = Session()
    made.errors = []
    made.failed.connect(lambda error, details: made.errors.append(error))
    yield made
    made.close()


@pytest.fixture
def prepared():
    """Few digits, quickly prepared."""
    from nnstudio.data.recipe import DataRecipe, prepare

    recipe = DataRecipe("digits", count=200, seed=3)
    return recipe, prepare(recipe)


@pytest.fixture
def ready(session, prepared, until):
    """A LeNet-5 with a few digits, ready to train for long."""
    session.new("lenet5")
    session.jobs.finish()  # the 6000 digits that a template comes with would take a while
    session.load_data(*prepared)
    session.change_training("epochs", 5000)
    assert session.can_start
    return session


@pytest.fixture
def window(session, qapp, tmp_path):
    from nnstudio.app.window import MainWindow

    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(session, settings, "en")
    made.show()
    yield made
    made.abandon()
    made.deleteLater()
    # At once, not when the interpreter ends: Qt would then restyle plots whose Python half is gone.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
