import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from nnstudio import templates
from nnstudio.app import theme
from nnstudio.app.panels.inspector import Inspector
from nnstudio.app.panels.problems import ProblemsPanel
from nnstudio.network import edits, infer, training_problems
from nnstudio.network.heads import Answers


@pytest.fixture
def inspector(qtbot):
    made = Inspector()
    qtbot.addWidget(made)
    made.resize(380, 460)
    made.show()
    return made


def show(inspector, spec, node_id):
    found = infer(spec)
    inspector.show_node(spec, found, found.problems, node_id)


def test_it_works_out_shape_and_parameters(inspector):
    show(inspector, templates.build("lenet5"), "conv2")
    assert inspector.title.text() == "Convolution 2"
    assert inspector._place.text() == "layer 5 of 12"
    assert "H = ⌊(14 + 2·0 − 5)/1⌋ + 1 =" in inspector._formulas.text()
    assert inspector._facts["output"].text() == "10×10×16"
    assert inspector._facts["parameters"].text() == "16·6·5·5 + 16 = 2\u00a0416"
    show(inspector, templates.build("lenet5"), None)
    assert inspector._facts["parameters"].text() == "61\u00a0706"
    assert not inspector.form.isVisible()


def test_sizes_that_are_right_are_not_drawn_as_wrong(inspector):
    """Groups that do not divide leave rows and columns as they are."""
    bad = edits.change_settings(templates.build("lenet5"), "conv2", groups=5)
    show(inspector, bad, "conv2")
    assert "cannot be divided" in inspector.form.message("groups")
    text = inspector._formulas.text()
    assert text.count("H =") == 1
    assert theme.current().danger not in text


def test_a_changed_setting_names_its_block(inspector, qtbot):
    show(inspector, templates.build("lenet5"), "conv2")
    with qtbot.waitSignal(inspector.setting_changed) as told:
        inspector.form.field("filters").controls[0].stepBy(1)
    node_id, name, value, key = told.args
    assert (node_id, name, value) == ("conv2", "filters", 17)
    assert key.startswith("conv2.filters")
    show(inspector, templates.build("lenet5"), "conv1")
    assert inspector.form.field("filters").controls[0].lineEdit().text() == "6"


def test_an_error_marks_its_field_and_is_worked_out_with_its_mend(inspector):
    bad = edits.change_settings(templates.build("lenet5"), "conv2", kernel=(15, 15))
    show(inspector, bad, "conv2")
    assert inspector.form.message("kernel") == "The kernel is larger than the image."
    assert inspector.form.field("kernel").controls[0].property("state") == "bad"
    assert inspector.form.message("filters") == ""
    text = inspector._formulas.text()
    assert "H = ⌊(14 + 2·0 − 15)/1⌋ + 1 =" in text
    assert "Use kernel 5×5:" in text
    assert "H = ⌊(14 + 2·0 − 5)/1⌋ + 1 =" in text
    show(inspector, templates.build("lenet5"), "conv2")
    assert inspector.form.message("kernel") == ""


def test_an_error_that_no_setting_mends_is_shown_with_its_mends(inspector, qtbot):
    bad = edits.remove(templates.build("lenet5"), "flatten1")
    show(inspector, bad, "dense1")
    assert inspector.card.isVisible()
    with qtbot.waitSignal(inspector.mend_requested) as told:
        inspector.card.findChildren(QPushButton)[0].click()
    problem, mend = told.args
    assert problem.node == "dense1"
    assert infer(mend.edit(bad, "dense1")).problems == ()


def test_problems_are_listed_with_buttons(qtbot):
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    panel.resize(380, 240)
    panel.show()
    spec = templates.build("lenet5")
    panel.show_problems((), spec)
    assert panel.fine_text.text() == "No problems. 61\u00a0706 parameters fit in 0.25 MB."
    found = training_problems(spec, (28, 28, 3), Answers(10))
    panel.show_problems(found, spec)
    assert not panel.fine_text.isVisible()
    (row,) = panel.rows
    assert "28×28×1" in row.accessibleName()
    assert "28×28×3" in row.accessibleName()
    with qtbot.waitSignal(panel.mend_requested) as told:
        row.findChildren(QPushButton)[0].click()
    problem, mend = told.args
    assert mend.edit(spec, problem.node).input_shape == (28, 28, 3)
    with qtbot.waitSignal(panel.problem_selected) as told:
        qtbot.keyClick(row, Qt.Key.Key_Return)
    assert told.args == ["input"]
