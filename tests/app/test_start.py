"""Starting: the picture of a project, the demo, the language."""

import pytest
from PIL import Image
from PySide6.QtCore import QSettings

from nnstudio import templates
from nnstudio.app import cards, i18n, start, theme
from nnstudio.data.preprocess import identity
from nnstudio.data.recipe import DataRecipe
from nnstudio.project import store
from nnstudio.project.document import Snapshot
from nnstudio.project.store import Project


@pytest.fixture
def own_settings(tmp_path, monkeypatch):
    path = str(tmp_path / "settings.ini")

    def made(*_names):
        return QSettings(path, QSettings.Format.IniFormat)

    made.Format = QSettings.Format
    monkeypatch.setattr(start, "QSettings", made)
    return made()


def test_a_screenshot_shows_the_project_in_the_train_workspace(qapp, own_settings, tmp_path):
    recipe = DataRecipe("digits", count=100)
    snapshot = Snapshot(templates.build("lenet5"), recipe=recipe)
    project = tmp_path / "mine.nnstudio"
    store.save(Project(snapshot, tuple("0123456789"), identity(1)), project)
    target = tmp_path / "window.png"
    assert start.run(project, screenshot=target, language="en", theme="dark") == 0
    with Image.open(target) as picture:
        assert picture.size == (1280, 800)
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert len(colours) > 100
    assert theme.current().dark


def test_a_screenshot_of_a_broken_project_fails(qapp, own_settings, tmp_path):
    broken = tmp_path / "broken.nnstudio"
    broken.write_bytes(b"nothing")
    target = tmp_path / "window.png"
    assert start.run(broken, screenshot=target, language="en", theme="light") == 1


def test_the_language_is_changed_while_it_runs(qapp, own_settings, until):
    studio = start.Studio(qapp, own_settings, "en")
    try:
        studio.session.new("lenet5")
        studio.session.jobs.finish()
        studio.window.show()
        studio.window.enter("train")
        old = studio.window
        old.language_requested.emit("zh_CN")
        until(lambda: studio.window is not old)
        assert studio.window.toolbar.transport["start"].text() == "开始"
        assert studio.window.workspaces.current == "train"
        assert [b.name for b in studio.window.editor.scene.picture.blocks][:2] == ["输入", "卷积 1"]
        assert own_settings.value("language") == "zh_CN"
    finally:
        studio.finish()
        i18n.Translator(qapp).speak("en")


@pytest.mark.parametrize(
    ("kept", "asked", "spoken"),
    [
        ("", "zh_CN", "zh_CN"),
        ("zh_CN", None, "zh_CN"),
        ("zh_CN", "en", "en"),
        ("", "zh-Hans", "zh_CN"),
    ],
)
def test_which_language_is_spoken(own_settings, kept, asked, spoken):
    own_settings.setValue("language", kept)
    assert i18n.chosen(own_settings, asked) == spoken


def test_a_network_of_many_layers_is_not_drawn_as_one_dark_block(qapp):
    """Bars too narrow for an outline leave the ground between them to be seen."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    theme.apply(qapp, False)
    ground = theme.current().colour("raised")
    image = QImage(176, 64, QImage.Format.Format_RGB32)
    image.fill(ground)
    painter = QPainter(image)
    cards.draw_bars(painter, QRectF(image.rect()), cards.bars_of(templates.build("resnet20")))
    painter.end()
    across = [image.pixelColor(x, 20) for x in range(4, 80)]
    assert ground in across
    assert min(colour.lightness() for colour in across) > 100
