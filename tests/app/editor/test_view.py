"""The editor driven by events as the window system sends them: it requests and changes nothing."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetricsF,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QPushButton

from nnstudio import templates
from nnstudio.app import theme
from nnstudio.app.editor.ledger import health, ratio_cell, ratio_text
from nnstudio.app.editor.palette import MIME, LayerPalette, layer_mime
from nnstudio.app.editor.view import NetworkEditor
from nnstudio.engine.training import Sampled
from nnstudio.layers import Dense
from nnstudio.network import Node, edits, infer

NO_KEYS = Qt.KeyboardModifier.NoModifier


def snapshot(spec, positions=()):
    return SimpleNamespace(spec=spec, positions=positions)


@pytest.fixture
def editor(qtbot):
    theme.apply(QApplication.instance(), False)
    made = NetworkEditor()
    qtbot.addWidget(made)
    made.resize(680, 720)
    made.scene.animated = False
    show(made, templates.build("lenet5"))
    made.show()
    QApplication.processEvents()
    return made


def show(editor, spec, positions=()):
    editor.show_snapshot(snapshot(spec, positions), infer(spec))


def at(editor, x, y):
    """Where a place of the scene is in the viewport."""
    return editor.view.mapFromScene(QPointF(x, y))


def middle(editor, node_id):
    return editor.scene.blocks[node_id].sceneBoundingRect().center()


def mouse(editor, kind, place, button=Qt.MouseButton.LeftButton, keys=NO_KEYS):
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    spot = editor.view.mapFromScene(place)
    event = QMouseEvent(
        kind,
        QPointF(spot),
        QPointF(editor.view.viewport().mapToGlobal(spot)),
        button,
        held,
        keys,
    )
    QApplication.sendEvent(editor.view.viewport(), event)


def press(editor, place, **more):
    mouse(editor, QEvent.Type.MouseButtonPress, place, **more)


def move(editor, place, **more):
    mouse(editor, QEvent.Type.MouseMove, place, **more)


def release(editor, place, **more):
    mouse(editor, QEvent.Type.MouseButtonRelease, place, **more)


def click(editor, place, **more):
    press(editor, place, **more)
    release(editor, place, **more)


def drag_over(editor, mime, place):
    spot = editor.view.mapFromScene(place)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, NO_KEYS
    enter = QDragEnterEvent(spot, copy, mime, left, none)
    QApplication.sendEvent(editor.view.viewport(), enter)
    over = QDragMoveEvent(spot, copy, mime, left, none)
    QApplication.sendEvent(editor.view.viewport(), over)
    return enter.isAccepted()


def drop(editor, mime, place):
    spot = QPointF(editor.view.mapFromScene(place))
    event = QDropEvent(spot, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO_KEYS)
    QApplication.sendEvent(editor.view.viewport(), event)


@pytest.mark.parametrize(
    ("x", "y", "wire"),
    [
        (118, 38 + 8, ("input", "conv1")),  # on the wire itself
        (60, 54 + 4, ("input", "conv1")),  # a block's upper half: the wire into it
        (200, 54 + 34, ("conv1", "relu1")),  # its lower half: the wire out of it
        (30, 54 * 10 + 30, ("dense3", "softmax1")),
    ],
)
def test_a_layer_dropped_on_a_wire_is_to_be_inserted_there(editor, qtbot, x, y, wire):
    mime = layer_mime("Conv2D")
    assert drag_over(editor, mime, QPointF(x, y))
    assert editor.scene.gap == wire
    with qtbot.waitSignal(editor.insert_requested) as told:
        drop(editor, mime, QPointF(x, y))
    assert told.args == ["Conv2D", *wire]
    assert editor.scene.gap is None


def test_the_gap_shows_the_place_and_stays_open_under_the_pointer(editor):
    mime = layer_mime("ReLU")
    before = editor.scene.blocks["conv1"].pos().y()
    drag_over(editor, mime, QPointF(60, 58))
    line = editor.scene.gap_middle()
    assert editor.scene.blocks["conv1"].pos().y() == before + 30
    assert editor.scene.blocks["input"].pos().y() == 0
    assert 38 < line.y() < before + 30
    for y in range(40, 72, 4):
        drag_over(editor, mime, QPointF(60, y))
        assert editor.scene.gap == ("input", "conv1"), y
    QApplication.sendEvent(editor.view.viewport(), QDragLeaveEvent())
    assert editor.scene.blocks["conv1"].pos().y() == before
    assert editor.scene.gap_middle() is None


def test_dragging_down_the_column_always_means_the_wire_under_the_pointer(editor, qtbot):
    """Blocks stand 54 apart and are 38 high; each half of a block belongs to the wire on its side."""
    mime = layer_mime("ReLU")
    ids = [view.id for view in editor.scene.picture.blocks]
    for y in range(24, 54 * (len(ids) - 1) + 12, 5):
        number = int((y - 19) // 54)
        drag_over(editor, mime, QPointF(118, y))
        assert editor.scene.gap == (ids[number], ids[number + 1]), y
    with qtbot.waitSignal(editor.insert_requested) as told:
        drop(editor, mime, QPointF(118, 54 * 4 - 8))
    assert told.args == ["ReLU", ids[3], ids[4]]


def test_a_block_is_moved_along_the_chain_by_keyboard(editor, qtbot):
    editor.select(["relu1"])
    with qtbot.waitSignal(editor.reorder_requested) as told:
        qtbot.keyClick(editor.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert told.args == ["relu1", "input", "conv1"]
    with qtbot.waitSignal(editor.reorder_requested) as told:
        qtbot.keyClick(editor.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert told.args == ["relu1", "pool1", "conv2"]
    editor.select(["input"])
    with qtbot.assertNotEmitted(editor.reorder_requested):
        editor.shift_selected(1)


COLUMN = [
    "input", "conv1", "relu1", "pool1", "conv2", "relu2",
    "pool2", "flatten1", "dense1", "dense2", "dense3", "softmax1",
]  # fmt: skip


@pytest.mark.parametrize("row", range(11))
def test_a_layer_drawn_down_the_column_lands_on_the_wire_it_is_held_over(editor, qtbot, row):
    mime = layer_mime("ReLU")
    wire = (COLUMN[row], COLUMN[row + 1])
    y = 54 * row + 46  # the middle of that wire in the undisturbed column
    for above in range(22, y, 6):
        drag_over(editor, mime, QPointF(118, above))
    drag_over(editor, mime, QPointF(118, y))
    assert editor.scene.gap == wire
    line = editor.scene.gap_middle().y()
    upper, lower = (editor.scene.blocks[end].pos().y() for end in wire)
    assert upper + 38 < line < lower
    drag_over(editor, mime, QPointF(118, line))  # following the line does not leave the wire
    with qtbot.waitSignal(editor.insert_requested) as told:
        drop(editor, mime, QPointF(118, line))
    assert told.args == ["ReLU", *wire]


def test_a_block_dropped_on_another_wire_asks_to_go_there(editor, qtbot):
    start = middle(editor, "relu1")
    told = []
    editor.reorder_requested.connect(lambda *args: told.append(args))
    with qtbot.assertNotEmitted(editor.move_requested):
        press(editor, start)
        for y in range(0, 54 * 3 + 24, 8):
            move(editor, start + QPointF(0, y))
        assert editor.scene.gap == ("relu2", "pool2")
        held = editor.scene.blocks["relu1"].pos().y()
        assert held == pytest.approx(2 * 54 + 184, abs=1)  # it stays in the hand
        release(editor, start + QPointF(0, 54 * 3 + 24))
    assert told == [("relu1", "relu2", "pool2")]
    assert editor.scene.gap is None
    assert editor.scene.blocks["relu1"].pos() == QPointF(0, 2 * 54)  # the model has not answered


@pytest.mark.parametrize("node_id", ["input", "softmax1"])
def test_the_ends_of_the_network_do_not_go_to_another_wire(editor, qtbot, node_id):
    start = middle(editor, node_id)
    with qtbot.assertNotEmitted(editor.reorder_requested):
        press(editor, start)
        move(editor, start + QPointF(0, 20))
        move(editor, QPointF(118, 5 * 54 + 46))
        assert editor.scene.gap is None
        release(editor, QPointF(118, 5 * 54 + 46))


def test_a_block_brought_back_to_its_place_has_not_moved(editor, qtbot):
    start = middle(editor, "pool1")
    with (
        qtbot.assertNotEmitted(editor.move_requested),
        qtbot.assertNotEmitted(editor.reorder_requested),
    ):
        press(editor, start)
        move(editor, start + QPointF(0, 60))
        move(editor, start + QPointF(3, 4))
        release(editor, start + QPointF(3, 4))
    assert editor.scene.blocks["pool1"].pos() == QPointF(0, 162)
    assert editor.scene.blocks["conv2"].pos() == QPointF(0, 216)


@pytest.mark.parametrize(
    ("node_id", "key", "expected"),
    [
        ("relu1", Qt.Key.Key_Down, [("relu1", "pool1", "conv2")]),
        ("relu1", Qt.Key.Key_Up, [("relu1", "input", "conv1")]),
        ("conv1", Qt.Key.Key_Up, []),  # in front of it is only the input
        ("dense3", Qt.Key.Key_Down, []),  # behind it is only the output
        ("input", Qt.Key.Key_Down, []),
    ],
)
def test_alt_and_an_arrow_ask_to_move_the_block_along_the_chain(
    editor, qtbot, node_id, key, expected
):
    told = []
    editor.reorder_requested.connect(lambda *args: told.append(args))
    editor.select([node_id])
    qtbot.keyClick(editor.view, key, Qt.KeyboardModifier.AltModifier)
    assert told == expected
    assert editor.selected == [node_id]


def test_left_and_right_go_to_another_branch_and_not_along_the_chain(editor, qtbot):
    spec = templates.build("lenet5")
    spec = spec.with_nodes((*spec.nodes, Node("dense4", Dense(7), ("flatten1",))))
    show(editor, spec, (("dense2", 0.0, 486.0), ("dense4", 280.0, 486.0)))
    editor.select(["dense2"])
    qtbot.keyClick(editor.view, Qt.Key.Key_Left)
    assert editor.selected == ["dense2"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Right)
    assert editor.selected == ["dense4"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Left)
    assert editor.selected == ["dense2"]
    editor.select(["conv1"])  # dense4 is behind it: the same chain
    qtbot.keyClick(editor.view, Qt.Key.Key_Right)
    assert editor.selected == ["conv1"]


def test_a_layer_dropped_beside_the_column_tells_the_place(editor, qtbot):
    mime = layer_mime("Dropout")
    drag_over(editor, mime, QPointF(420, 200))
    assert editor.scene.gap is None
    with qtbot.waitSignal(editor.add_requested) as told:
        drop(editor, mime, QPointF(420, 200))
    name, after, place = told.args
    assert (name, after) == ("Dropout", "")
    assert place == QPointF(420 - 118, 200 - 19)


def test_other_things_may_not_be_dropped(editor, qtbot):
    mime = QMimeData()
    mime.setText("Conv2D")
    assert not drag_over(editor, mime, QPointF(60, 58))
    with qtbot.assertNotEmitted(editor.insert_requested):
        drop(editor, mime, QPointF(60, 58))


def test_the_empty_canvas_offers_templates_and_takes_a_layer(editor, qtbot):
    show(editor, templates.build("lenet5").with_nodes(()))
    assert editor.templates_button.isVisible()
    with qtbot.waitSignal(editor.templates_requested):
        editor.templates_button.click()
    mime = layer_mime("Input")
    drag_over(editor, mime, QPointF(100, 10))
    with qtbot.waitSignal(editor.add_requested) as told:
        drop(editor, mime, QPointF(100, 10))
    assert told.args[:2] == ["Input", ""]
    assert told.args[2].isNull()
    show(editor, templates.build("mlp"))
    assert not editor.templates_button.isVisible()


def test_click_control_shift_and_marquee_select(editor, qtbot):
    told = []
    editor.selection_changed.connect(told.append)
    click(editor, middle(editor, "conv1"))
    click(editor, middle(editor, "pool1"), keys=Qt.KeyboardModifier.ControlModifier)
    click(editor, middle(editor, "pool1"), keys=Qt.KeyboardModifier.ControlModifier)
    click(editor, middle(editor, "conv2"), keys=Qt.KeyboardModifier.ShiftModifier)
    assert told == [
        ["conv1"],
        ["conv1", "pool1"],
        ["conv1"],
        ["conv1", "relu1", "pool1", "conv2"],
    ]
    press(editor, QPointF(-20, 60))
    move(editor, QPointF(100, 120))
    move(editor, QPointF(100, 150))
    release(editor, QPointF(100, 150))
    assert editor.selected == ["conv1", "relu1"]


def test_outline_and_canvas_share_the_selection(editor, qtbot):
    editor.select(["conv2", "pool2"])
    assert editor.outline.selected_ids() == ["conv2", "pool2"]
    editor.outline.clearSelection()
    editor.outline.item(1).setSelected(True)
    assert editor.selected == ["conv1"]
    assert editor.scene.blocks["conv1"].chosen
    assert not editor.scene.blocks["conv2"].chosen
    assert editor.outline.item(1).text().startswith("Convolution 2 of 12, output 28 by 28 by 6")


def test_the_outline_unfolds_when_the_keyboard_reaches_it(editor, qtbot):
    assert editor.outline.width() == 1
    editor.activateWindow()
    editor.outline.setFocus()
    qtbot.waitUntil(lambda: editor.outline.width() > 100)
    editor.view.setFocus()
    qtbot.waitUntil(lambda: editor.outline.width() == 1)
    editor.list_button.click()
    assert editor.outline.width() > 100


def test_arrow_keys_walk_and_extend(editor, qtbot):
    editor.select(["conv1"])
    qtbot.keyClick(editor.view, Qt.Key.Key_Down)
    assert editor.selected == ["relu1"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert editor.selected == ["relu1", "pool1"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert editor.selected == ["relu1"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Up)
    qtbot.keyClick(editor.view, Qt.Key.Key_Up)
    qtbot.keyClick(editor.view, Qt.Key.Key_Up)
    assert editor.selected == ["input"]
    qtbot.keyClick(editor.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(editor.selected) == 12
    qtbot.keyClick(editor.view, Qt.Key.Key_Escape)
    assert editor.selected == []


def test_keys_ask_for_removal_and_editing(editor, qtbot):
    editor.select(["pool1", "conv2"])
    with qtbot.waitSignal(editor.remove_requested) as told:
        qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert told.args == [["pool1", "conv2"]]
    assert set(editor.scene.blocks) >= {"pool1", "conv2"}
    with qtbot.waitSignal(editor.edit_requested) as told:
        qtbot.keyClick(editor.view, Qt.Key.Key_Return)
    assert told.args == ["conv2"]


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_Tab])
def test_typing_a_name_adds_a_layer_behind_the_selection(editor, qtbot, key):
    editor.select(["pool1"])
    qtbot.keyClick(editor.view, key)
    quick = editor._quick
    assert quick.isVisible()
    qtbot.keyClicks(quick.search, "drop")
    with qtbot.waitSignal(editor.add_requested) as told:
        qtbot.keyClick(quick.search, Qt.Key.Key_Return)
    assert told.args[:2] == ["Dropout", "pool1"]
    assert told.args[2].isNull()
    assert not quick.isVisible()


def test_a_dragged_block_asks_to_be_moved(editor, qtbot):
    start = middle(editor, "pool1")
    with qtbot.waitSignal(editor.move_requested) as told:
        press(editor, start)
        move(editor, start + QPointF(20, 5))
        move(editor, start + QPointF(200, 30))
        release(editor, start + QPointF(200, 30))
    ((node_id, (x, y)),) = told.args[0].items()
    assert node_id == "pool1"
    assert (x, y) == pytest.approx((200, 3 * 54 + 30), abs=1)


def test_escape_puts_a_dragged_block_back(editor, qtbot):
    start = middle(editor, "pool1")
    with qtbot.assertNotEmitted(editor.move_requested):
        press(editor, start)
        move(editor, start + QPointF(200, 30))
        qtbot.keyClick(editor.view, Qt.Key.Key_Escape)
        release(editor, start + QPointF(200, 30))
    assert editor.scene.blocks["pool1"].pos() == QPointF(0, 162)


def test_a_wire_is_drawn_only_to_where_the_model_allows(editor, qtbot):
    spec = templates.build("lenet5")
    spec = spec.with_nodes((*spec.nodes, Node("dense4", Dense(7), ())))
    show(editor, spec, (("dense4", 280.0, 300.0),))
    out = editor.scene.blocks["pool1"].output_port()
    with qtbot.waitSignal(editor.connect_requested) as told:
        press(editor, out)
        move(editor, out + QPointF(100, 40))
        assert editor.scene.blocks["conv1"].dimmed  # it would close a circle
        assert editor.scene.blocks["input"].dimmed
        assert not editor.scene.blocks["dense4"].dimmed
        release(editor, middle(editor, "dense4"))
    assert told.args == ["pool1", "dense4"]
    assert not editor.scene.blocks["conv1"].dimmed
    with qtbot.assertNotEmitted(editor.connect_requested):
        press(editor, out)
        move(editor, out + QPointF(10, 10))
        release(editor, middle(editor, "conv1"))


def test_a_wire_is_selected_and_removed(editor, qtbot):
    label = editor.scene.wires["pool1", "conv2"].label_area().center()
    click(editor, label)
    assert editor.scene.selected_wire == ("pool1", "conv2")
    with qtbot.waitSignal(editor.disconnect_requested) as told:
        qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert told.args == ["pool1", "conv2"]


def test_zoom_by_keys_and_fit(editor, qtbot):
    assert editor.view.zoom == pytest.approx(1.0)
    qtbot.keyClick(editor.view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert editor.view.zoom == pytest.approx(1.25)
    qtbot.keyClick(editor.view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(editor.view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert editor.view.zoom == pytest.approx(0.8)
    qtbot.keyClick(editor.view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert editor.view.zoom == pytest.approx(1.0)


def test_twelve_blocks_fit_at_full_size_in_both_workspaces(qtbot):
    for mode, width in (("build", 680), ("train", 336)):
        made = NetworkEditor()
        qtbot.addWidget(made)
        made.resize(width, 704)
        made.set_mode(mode)
        show(made, templates.build("lenet5"))
        made.show()
        QApplication.processEvents()
        assert made.view.zoom == pytest.approx(1.0)
        assert not made.view.verticalScrollBar().isVisible()
        assert not made.view.horizontalScrollBar().isVisible()


@pytest.mark.parametrize("name", ["resnet8", "resnet20", "deep-residual"])
def test_branches_fit_beside_the_ledger_and_every_shape_can_be_read(editor, name):
    editor.set_mode("build")
    show(editor, templates.build(name))
    editor.fit()
    QApplication.processEvents()
    assert editor.view.horizontalScrollBar().maximum() == 0
    written = [wire for wire in editor.scene.wires.values() if wire.label]
    assert {wire.view.source for wire in written} == {
        wire.view.source for wire in editor.scene.wires.values()
    }
    for wire in written:
        assert editor.scene.content().contains(wire.label_area()), wire.key
        for other in editor.scene.wires.values():
            crossed = other is not wire and other._path.intersects(wire.label_area())
            assert not crossed or other.zValue() < wire.zValue(), (wire.key, other.key)


def test_the_middle_button_pans_and_a_larger_zoom_stays(editor, qtbot):
    editor.zoom_in()
    editor.zoom_in()
    bar = editor.view.verticalScrollBar()
    bar.setValue(100)
    spot = editor.view.mapToScene(300, 300)
    press(editor, spot, button=Qt.MouseButton.MiddleButton)
    move(editor, editor.view.mapToScene(300, 260), button=Qt.MouseButton.MiddleButton)
    release(editor, spot, button=Qt.MouseButton.MiddleButton)
    assert bar.value() == 140
    editor.resize(690, 730)
    assert editor.view.zoom == pytest.approx(1.5625)


def test_the_card_stands_beside_the_culprit_and_asks_for_the_mend(editor, qtbot):
    bad = edits.change_settings(templates.build("lenet5"), "conv2", kernel=(15, 15))
    show(editor, bad)
    card = editor.card
    assert card.isVisible()
    corner = at(editor, 236, 4 * 54)
    assert card.x() > corner.x()
    assert card.y() <= corner.y() + 38
    assert card.y() + card.height() >= corner.y()
    buttons = [b for b in card.findChildren(QPushButton) if b.isVisible()]
    assert [b.accessibleName() for b in buttons] == ["Use kernel 5×5", "Set padding to same"]
    with qtbot.waitSignal(editor.mend_requested) as told:
        buttons[0].click()
    problem, mend = told.args
    assert problem.node == "conv2"
    assert infer(mend.edit(bad, "conv2")).shapes["conv2"] == (10, 10, 16)
    with qtbot.waitSignal(editor.mend_requested):
        card.mend_first()
    show(editor, templates.build("lenet5"))
    assert not card.isVisible()


def test_a_new_picture_keeps_the_items_that_stay(editor):
    spec = templates.build("lenet5")
    kept = dict(editor.scene.blocks)
    show(editor, edits.insert_between(spec, "conv1", "relu1", Dense(5)))
    assert all(editor.scene.blocks[i] is item for i, item in kept.items())
    assert editor.scene.wires["conv1", "dense4"].fresh
    assert editor.scene.blocks["relu1"].pos().y() == 3 * 54
    show(editor, edits.remove(spec, "pool1"))
    assert "pool1" not in editor.scene.blocks
    assert ("relu1", "conv2") in editor.scene.wires


def test_a_sample_puts_pictures_on_blocks_and_ratios_into_the_ledger(editor):
    spec = templates.build("lenet5")
    shapes = infer(spec).shapes
    rng = np.random.default_rng(0)
    seen = {}
    for node in spec:
        shape = shapes[node.id]
        seen[node.id] = rng.random((shape[2], *shape[:2]) if len(shape) == 3 else shape)
    seen["input"] = np.zeros((1, 28, 28))
    seen["input"][0, :14] = 1.0
    editor.set_mode("train")
    editor.show_sample(Sampled(1, 1, {}, {"conv1": 2e-4}, seen))
    image = editor.scene.blocks["input"]._thumbnail
    assert image.pixelColor(5, 5).name() == "#ffffff"
    assert image.pixelColor(5, 25).name() == "#000000"
    assert editor.scene.ledger._ratios == {"conv1": 2e-4}
    editor.show_sample(None)
    assert editor.scene.blocks["input"]._thumbnail is None


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (5e-6, ("warning", "down")),
        (5e-5, ("muted", "down")),
        (1e-3, ("success", "dot")),
        (5e-2, ("warning", "up")),
        (0.5, ("danger", "alarm")),
        (float("nan"), ("danger", "alarm")),
    ],
)
def test_health_marks(ratio, expected):
    assert health(ratio) == expected


def test_ratios_are_written_short():
    assert [ratio_text(r) for r in (1.23e-4, 0.1, float("inf"))] == ["1.2e-4", "1.0e-1", "NaN"]
    assert [ratio_text(r) for r in (3.8e-10, 3.8e-100, 0.0)] == ["3.8e-10", "4e-100", "0"]


@pytest.mark.parametrize("ratio", [3.8e-10, 8.8e-300, 8.8e88, 8.8e-5, float("nan")])
def test_every_ratio_fits_between_its_mark_and_the_end_of_the_header(qapp, ratio):
    row = QRectF(0, 0, 74, 38)
    cell = ratio_cell(row)
    width = QFontMetricsF(theme.font("mono")).horizontalAdvance(ratio_text(ratio))
    assert width <= cell.width()
    assert cell.left() >= 10 + 4  # the mark's right edge
    assert cell.right() <= row.right()


def test_a_search_without_a_find_says_so(qtbot):
    theme.apply(QApplication.instance(), False)
    palette = LayerPalette()
    qtbot.addWidget(palette)
    palette.resize(212, 400)
    palette.show()
    palette.search.setText("relu")
    assert not palette.list.is_empty
    palette.search.setText("zzz")
    assert palette.list.is_empty
    seen = palette.list.viewport().grab().toImage()
    inks = {seen.pixelColor(x, y).name() for x in range(seen.width()) for y in range(40)}
    assert len(inks) > 2


def test_a_header_too_narrow_for_its_figures_ends_in_an_ellipsis(editor):
    editor.resize(250, 600)
    QApplication.processEvents()
    assert editor._context.text().endswith("…")
    editor.resize(680, 600)
    QApplication.processEvents()
    assert editor._context.text().endswith("706 parameters")


def test_the_palette_finds_adds_and_drags(qtbot):
    palette = LayerPalette()
    qtbot.addWidget(palette)
    palette.show()
    qtbot.keyClicks(palette.search, "max pool")
    shown = [
        palette.list.item(i).text()
        for i in range(palette.list.count())
        if not palette.list.item(i).isHidden()
    ]
    assert shown == ["Pooling", "Global max pooling", "Max pooling"]
    with qtbot.waitSignal(palette.add_requested) as told:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert told.args == ["MaxPool2D"]
    assert palette.search.text() == ""
    items = [palette.list.item(i) for i in range(palette.list.count())]
    conv = next(item for item in items if item.text() == "Convolution" and item.icon())
    conv = next(item for item in items if item.data(Qt.ItemDataRole.UserRole) == "Conv2D")
    mime = palette.list.mimeData([conv])
    assert bytes(mime.data(MIME).data()) == b"Conv2D"


def test_it_is_drawn_in_the_colours_of_the_theme(editor):
    def ground():
        spot = at(editor, 300, 640)
        return editor.view.viewport().grab().toImage().pixelColor(QPoint(3, spot.y())).name()

    assert ground() == "#f0f2f4"
    theme.apply(QApplication.instance(), True)
    assert ground() == "#131518"
    theme.apply(QApplication.instance(), False)
