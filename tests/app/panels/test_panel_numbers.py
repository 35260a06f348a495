"""What the panels compute before they draw: curves, smoothing, tiles, time left."""

import math

import numpy as np
import pytest
from PIL import Image

from nnstudio.app.dialogs.load_data import LoadDataDialog
from nnstudio.app.figures import precise, size
from nnstudio.app.panels.curves import Curves, nearest
from nnstudio.app.panels.kernels import KernelsPanel
from nnstudio.app.panels.loss import LossPanel, _epoch_ticks
from nnstudio.app.panels.run import RunPanel, duration
from nnstudio.app.panels.tiles import coloured, tiled
from nnstudio.engine import objective_of
from nnstudio.engine.training import EpochEnd, History, StepEnd, TrainingSettings
from nnstudio.layers import Conv2D, Dense, Flatten, Input
from nnstudio.network import NetworkSpec, Node
from nnstudio.templates import build

NUMBERS = NetworkSpec(
    (8, 8, 1), (Node("i", Input()), Node("f", Flatten(), ("i",)), Node("d", Dense(1), ("f",)))
)


def step(number, loss, accuracy=0.5, batches=4):
    epoch, batch = divmod(number - 1, batches)
    return StepEnd(1, number, epoch + 1, batch + 1, batches, loss, accuracy)


def epoch(number, loss, accuracy):
    return EpochEnd(1, number, 4 * number, 1.0, 0.5, loss, accuracy, 1.0, 100.0)


def test_time_is_counted_in_epochs():
    curves = Curves()
    curves.add([step(n, 1.0) for n in (1, 2, 5)])
    assert curves.steps()[0].tolist() == [0.25, 0.5, 1.25]


def test_smoothing_by_hand():
    curves = Curves()
    curves.add([step(1, 4.0), step(2, 2.0)])
    # keep ½: (½·4)/½ = 4, then (½·(½·4) + ½·2)/(½·½ + ½) = 2/0.75.
    assert curves.smooth(0.5)[0].tolist() == pytest.approx([4.0, 2 / 0.75])
    curves.add([step(3, 2.0)])
    assert curves.smooth(0.5)[0].tolist() == pytest.approx([4.0, 2 / 0.75, 2 / 0.875])
    assert curves.smooth(0.0)[0].tolist() == [4.0, 2.0, 2.0]


def test_the_best_epoch_has_the_lowest_validation_loss():
    curves = Curves.of(History(epochs=[epoch(1, 0.5, 0.9), epoch(2, 0.3, 0.8), epoch(3, 0.4, 1.0)]))
    assert curves.best().epoch == 2
    assert Curves().best() is None


def test_the_nearest_point():
    times = np.array([0.25, 0.5, 1.0])
    assert [nearest(times, t) for t in (0.0, 0.4, 0.74, 0.76, 9.0)] == [0, 1, 1, 2, 2]
    assert nearest(np.array([]), 1.0) is None


def test_epoch_ticks_are_whole_and_end_at_the_end():
    assert _epoch_ticks(8) == [0, 2, 4, 6, 8]
    assert _epoch_ticks(1) == [0, 1]
    assert _epoch_ticks(100_000)[-1] == 100_000


def test_colours_are_symmetric_about_zero():
    ends = coloured(np.array([-2.0, 0.0, 2.0, math.nan]), 2.0, dark=False).astype(int)
    assert ends[0, 2] > ends[0, 0] + 50  # blue
    assert ends[2, 0] > ends[2, 2] + 50  # red
    assert ends[1].min() > 215  # nearly white
    assert ends[3].tolist() == ends[1].tolist()


def test_tiles_lie_in_rows_with_gaps(qapp):
    from PySide6.QtGui import QColor

    tiles = np.stack([np.full((2, 2, 3), 10 * n, np.uint8) for n in range(3)])
    sheet = tiled(tiles, columns=2, factor=2, gap=1, between=QColor(1, 2, 3))
    assert sheet.shape == (9, 9, 4)
    assert sheet[0, 0].tolist() == [0, 0, 0, 255]
    assert sheet[0, 5].tolist() == [10, 10, 10, 255]
    assert sheet[5, 3].tolist() == [20, 20, 20, 255]
    assert sheet[4, 0].tolist() == [1, 2, 3, 255]
    assert sheet[8, 8].tolist() == [1, 2, 3, 255]


@pytest.mark.parametrize(("seconds", "told"), [(5, "0:05"), (750, "12:30"), (3723, "1:02:03")])
def test_durations(seconds, told):
    assert duration(seconds) == told


def test_time_left_counts_the_batches_that_remain(qapp):
    panel = RunPanel()
    panel._settings = panel._settings.replaced(epochs=3)
    panel._step = step(5, 1.0)  # batch 1 of 4 in epoch 2: 3 + 4 batches remain
    panel._seconds_per_step = 2.0
    assert panel.seconds_left() == 14.0


def test_the_large_figure_says_of_what_it_is_a_share(qapp):
    panel = RunPanel()
    panel.set_objective(None)
    panel._redraw()
    assert "answered rightly" in panel.accuracy.toolTip()
    panel.set_objective(objective_of(NUMBERS, ("1", "2.5", "7"), TrainingSettings()))
    panel._redraw()
    assert "variance" in panel.accuracy.toolTip()


def test_the_kernels_panel_offers_the_convolutions_and_shows_one(qapp):
    panel = KernelsPanel()
    panel.show_spec(build("lenet5"))
    assert [panel.layer.itemData(i) for i in range(panel.layer.count())] == ["conv1", "conv2"]
    weights = {"conv1": np.ones((6, 1, 5, 5)), "conv2": np.zeros((16, 6, 5, 5))}
    panel.show_weights(weights)
    panel._redraw()
    assert len(panel._grid._tiles) == 6
    for room, columns in (((570, 230), 3), ((570, 60), 6)):  # what shows six tiles largest
        panel._grid.resize(*room)
        panel._redraw()
        assert panel._grid._columns == columns
    panel.choose("conv2")
    assert len(panel._grid._tiles) == 96
    assert panel._grid._columns == 16
    assert [panel.layer.itemText(i) for i in (0, 1)] == ["Convolution 1", "Convolution 2"]
    panel.show_spec(build("mlp"))
    assert "no convolution" in panel._empty.text()
    assert panel.layer.isHidden()


def test_a_lonely_convolution_is_called_as_its_block_is(qapp):
    spec = NetworkSpec((8, 8, 1), (Node("i", Input(), ()), Node("c", Conv2D(), ("i",))))
    panel = KernelsPanel()
    panel.show_spec(spec)
    assert panel.layer.itemText(0) == "Convolution"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.2584, 3, "0.258"), (-9.96, 1, "-10.0"), (2.081e10, 3, "2.08e10"), (math.inf, 1, "inf")],
)
def test_large_figures_stay_short(value, places, text):
    assert precise(value, places) == text


def test_small_networks_have_a_size_too():
    assert [size(4948), size(246_824)] == ["4.9 KB", "0.25 MB"]


def test_one_epoch_is_not_many(qapp):
    assert LossPanel()._last([0, 1]) == "1 epoch"
    assert LossPanel()._last([0, 2]) == "2 epochs"


def test_many_numbers_are_shown_as_a_spread_before_they_are_used(window, tmp_path, until):
    lines = []
    for place in range(120):
        Image.new("L", (12, 12), place).save(tmp_path / f"{place}.png")
        lines.append(f"{place}.png,{place / 8}")
    (tmp_path / "table.csv").write_text("\n".join(lines))
    dialog = LoadDataDialog(str(tmp_path / "table.csv"), window)
    until(lambda: dialog.prepared is not None)
    assert len(dialog._bars._rows) == 20
    dialog.reject()
    dialog.deleteLater()


def test_the_loss_panel_draws_what_a_history_holds(qapp):
    panel = LossPanel()
    panel.resize(600, 400)
    panel.show()
    history = History(
        [step(n, 1 / n) for n in range(1, 9)], [epoch(1, 0.5, 0.9), epoch(2, 0.3, 0.8)]
    )
    panel.show_history(history, 2)
    assert panel._loss.val.getData()[1].tolist() == [0.5, 0.3]
    assert panel._accuracy.val.getData()[1].tolist() == [90.0, 80.0]
    assert panel._star.data["x"].tolist() == [2]
    panel.log_button.setChecked(True)
    assert panel._star.data["y"].tolist() == [pytest.approx(math.log10(0.3))]
    assert "log scale" in panel._loss_plot.heading.text
    panel.hide()


def test_drawing_is_at_most_ten_times_a_second(qapp):
    assert LossPanel()._timer.interval() >= 100
    assert KernelsPanel()._timer.interval() >= 100
    assert RunPanel()._timer.interval() >= 100


def test_many_numbers_are_shown_in_equal_parts():
    from nnstudio.app.panels.data import summed

    names, counts = summed(tuple(str(n) for n in range(200)), (2,) * 200)
    assert len(names) == 20 and counts == (20,) * 20
    assert names[0] == "0 – 9.95"
    words = tuple(f"class {n}" for n in range(150))
    names, counts = summed(words, (3,) * 150)
    assert len(names) == 100 and names[-1] == "51 more classes" and counts[-1] == 153
    assert summed(("a", "b"), (1, 2)) == (("a", "b"), (1, 2))
