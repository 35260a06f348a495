"""Rows that belong to a group, or matter only beside another setting's value."""

from nnstudio.app.form import SettingsForm
from nnstudio.engine.training import TrainingSettings
from nnstudio.layers import Conv2D
from nnstudio.settings import settings_of


def shown(form):
    return {name for name, row in form._rows.items() if form._form.isRowVisible(row.box)}


def test_groups_open_and_stay_open(qtbot):
    form = SettingsForm()
    qtbot.addWidget(form)
    form.show(TrainingSettings())
    assert shown(form) == {
        "epochs",
        "batch_size",
        "learning_rate",
        "optimizer",
        "momentum",
        "weight_decay",
    }
    form._groups["Gradient"].click()
    assert "clipping" in shown(form)
    assert "clip_at" not in shown(form)
    form.show(TrainingSettings(clipping="norm", optimizer="adam"))
    assert {"clip_at", "second_momentum", "accumulate"} <= shown(form)
    form._groups["Gradient"].click()
    assert "clipping" not in shown(form)


def test_a_choice_brings_out_what_goes_with_it(qtbot):
    form = SettingsForm()
    qtbot.addWidget(form)
    form.show(Conv2D())
    assert "top" not in shown(form)
    form._on_given(form._rows["padding"], "explicit")
    assert {"top", "bottom", "left", "right"} <= shown(form)


def test_what_goes_with_a_choice_stands_right_below_it(qtbot):
    form = SettingsForm()
    qtbot.addWidget(form)
    form.show(Conv2D(padding="explicit"))
    names = list(form._rows)
    place = names.index("padding")
    assert names[place + 1 : place + 5] == ["top", "bottom", "left", "right"]
    assert set(names) == {setting.name for setting in settings_of(Conv2D)}


def test_the_hint_below_all_rows_names_the_setting_it_is_about(qtbot):
    form = SettingsForm()
    qtbot.addWidget(form)
    form.show(Conv2D())
    assert form._hint.text().startswith("Filters: How many kernels")
    form._on_visited(form._rows["groups"])
    assert form._hint.text().startswith("Groups: ")


def test_a_complaint_opens_the_group_of_its_field(qtbot):
    form = SettingsForm()
    qtbot.addWidget(form)
    form.show(TrainingSettings())
    form.complain("patience", "too long")
    assert "patience" in shown(form)
