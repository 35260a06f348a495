"""The colours are judged by WCAG's own formula, written down here again."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from nnstudio.app import icons, theme
from nnstudio.app.form import SettingsForm
from nnstudio.engine.training import TrainingSettings
from nnstudio.paths import resource


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# (ink, ground, light, dark): the figures of the design
PROMISED = [
    ("text", "window", 14.1, 15.7),
    ("muted", "window", 5.7, 8.1),
    ("text", "panel", 16.0, 14.3),
    ("muted", "panel", 6.5, 7.4),
    ("text", "raised", 16.9, 12.5),
    ("muted", "raised", 6.9, 6.4),
    ("text", "canvas", 15.1, 15.2),
    ("muted", "canvas", 6.1, 7.8),
    ("text", "hover", 14.4, 11.2),
    ("accent", "panel", 6.3, 8.3),
    ("accentText", "accent", 6.7, 7.7),
    ("text", "accentSoft", 13.6, 10.0),
    ("accent", "accentSoft", 5.3, 5.8),
    ("strong", "panel", 3.7, 4.2),
    ("focus", "panel", 6.3, 11.7),
    ("success", "successSoft", 5.1, 7.0),
    ("warning", "warningSoft", 5.7, 7.5),
    ("danger", "dangerSoft", 5.4, 6.3),
    ("danger", "panel", 6.2, 7.6),
    ("text", "dangerSoft", 13.9, 12.0),
    ("conv", "panel", 6.1, 8.0),
    ("reg", "panel", 5.9, 7.6),
    ("merge", "panel", 5.8, 10.0),
    ("output", "window", 11.4, 15.7),
]


@pytest.mark.parametrize(("ink", "ground", "light", "dark"), PROMISED)
def test_contrast_is_what_the_design_promises(ink, ground, light, dark):
    for of, promised in ((theme.tokens(False), light), (theme.tokens(True), dark)):
        measured = contrast(getattr(of, ink), getattr(of, ground))
        assert measured == pytest.approx(promised, abs=0.051)


def test_text_reads_on_every_ground():
    for dark in (False, True):
        of = theme.tokens(dark)
        for ground in ("window", "panel", "raised", "canvas", "hover"):
            for ink in ("text", "muted"):
                assert contrast(getattr(of, ink), getattr(of, ground)) >= 4.5
        for run in of.runs:
            assert contrast(run, of.panel) >= 3.0


def test_fonts_are_never_smaller_than_eleven_pixels(qapp):
    roles = ("display", "title", "body", "strong", "small", "figure", "mono", "shape")
    assert min(theme.font(role).pixelSize() for role in roles) == 11
    theme.set_language(qapp, "zh_CN")
    try:
        assert min(theme.font(role).pixelSize() for role in roles) == 12
    finally:
        theme.set_language(qapp, "en")


def test_strong_text_is_really_heavier_than_body_text(qapp):
    def ink(role):
        image = QImage(120, 24, QImage.Format.Format_Grayscale8)
        image.fill(255)
        from PySide6.QtGui import QPainter

        painter = QPainter(image)
        painter.setFont(theme.font(role))
        painter.drawText(2, 18, "Convolution 2")
        painter.end()
        return sum(255 - value for value in bytes(image.constBits()))

    assert ink("strong") > 1.15 * ink("body")


def test_switching_recolours_palette_sheet_and_icons(qapp, qtbot):
    theme.apply(qapp, False)
    button = QPushButton("go")
    qtbot.addWidget(button)
    icons.keep(button, "play", "text")
    before = button.icon().pixmap(16).toImage()
    with qtbot.waitSignal(theme.signals.changed):
        theme.apply(qapp, True)
    assert qapp.palette().window().color().name().upper() == "#0F1113"
    assert "#23272B" in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()
    assert button.icon().pixmap(16).toImage() != before
    theme.apply(qapp, False)
    assert qapp.palette().window().color().name().upper() == "#E8EBEE"
    assert button.icon().pixmap(16).toImage() == before


def test_a_choice_holds_and_system_follows(qapp):
    theme.choose(qapp, "dark")
    assert theme.current().dark
    theme.choose(qapp, "system")
    assert theme.current().dark == theme.system_is_dark(qapp)
    theme.choose(qapp, "light")
    assert not theme.current().dark
    assert theme.chosen() == "light"


def test_hex_values_live_in_one_file():
    import re

    from nnstudio.app import theme as module

    folder = resource("themes").parent.parent / "nnstudio" / "app"
    if not folder.is_dir():
        pytest.skip("needs the source tree")
    holders = {
        path.name
        for path in [*folder.rglob("*.py"), *resource("themes").glob("*.qss")]
        if re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
    }
    assert holders == {module.__file__.rsplit("/", 1)[-1]}


NEEDED = [
    "play",
    "pause",
    "step",
    "stop",
    "undo",
    "redo",
    "folder",
    "save",
    "export",
    "plus",
    "search",
    "settings",
    "expand",
    "cpu",
    "data",
    "layers",
    "warning",
    "success",
    "logo",
    "input",
    "conv",
    "pool",
    "dense",
    "act",
    "norm",
    "reg",
    "shape",
    "merge",
    "output",
]


@pytest.mark.parametrize("dark", [False, True])
def test_every_icon_draws_in_the_colour_asked_for(qapp, dark):
    theme.apply(qapp, dark)
    assert set(NEEDED) <= set(icons.names())
    for name in icons.names():
        source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert 'stroke="currentColor"' in source
        assert 'viewBox="0 0 16 16"' in source
        image = icons.pixmap(name, "accent", 32).toImage()
        opaque = [
            image.pixelColor(x, y)
            for x in range(32)
            for y in range(32)
            if image.pixelColor(x, y).alpha() == 255
        ]
        assert opaque, name
        wanted = theme.current().colour("accent")
        for colour in opaque:
            assert abs(colour.red() - wanted.red()) <= 2, name
            assert abs(colour.green() - wanted.green()) <= 2, name
    theme.apply(qapp, False)


def test_fields_are_28_pixels_high_and_outlined(qapp, qtbot):
    theme.apply(qapp, False)
    field = QLineEdit("x")
    qtbot.addWidget(field)
    field.resize(120, field.sizeHint().height())
    assert field.sizeHint().height() == 28
    field.show()
    QApplication.processEvents()
    edge = field.grab().toImage().pixelColor(60, 0).name()
    raised, outline = theme.current().raised, theme.current().strong
    assert contrast(edge, raised) > 0.7 * contrast(outline, raised)


@pytest.mark.parametrize("dark", [False, True])
def test_a_choice_that_may_not_be_changed_is_not_drawn_as_one_that_may(qtbot, dark):
    theme.apply(QApplication.instance(), dark)
    form = SettingsForm()
    qtbot.addWidget(form)
    form.show(TrainingSettings())
    form.open_group("Loss")
    form.resize(340, 600)
    form.show()
    field = form.field("class_weights")

    def grounds():
        image = field.grab().toImage()
        return {image.pixelColor(x, 6).name() for x in range(4, image.width() - 4)}

    chosen = theme.current().colour("accentSoft").name()
    assert chosen in grounds()
    form.set_enabled(("class_weights",), False, "stop first")
    assert chosen not in grounds()
