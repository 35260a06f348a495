"""The controller: edits, data, training, files; and that a failure leaves everything as it was."""

import numpy as np
import pytest
from PIL import Image

from nnstudio import templates
from nnstudio.app import gestures
from nnstudio.app.runner import IDLE, PAUSED, RUNNING
from nnstudio.data.recipe import DataRecipe, prepare
from nnstudio.engine.training import StepEnd
from nnstudio.errors import DataError, ProjectError


def ids(session):
    return [node.id for node in session.spec]


def test_a_template_comes_with_drawn_digits(session, until):
    session.new("mlp")
    assert session.spec == templates.build("mlp")
    until(lambda: session.prepared is not None)
    assert session.prepared.dataset.shape == (28, 28, 1)
    assert len(session.prepared.dataset) == 6000
    assert session.can_start
    assert not session.unsaved


def test_an_untouched_template_takes_the_shape_of_the_images(session, tmp_path, until):
    rng = np.random.default_rng(0)
    for name in ("cat", "dog", "owl"):
        (tmp_path / name).mkdir()
        for place in range(6):
            pixels = rng.integers(0, 256, (20, 24, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{place}.png")
    recipe = DataRecipe(str(tmp_path))
    session.new("lenet5")
    session.jobs.finish()
    session.load_data(recipe, prepare(recipe))
    assert session.spec.input_shape == (20, 24, 3)
    assert session.inference.shapes["softmax1"] == (3,)
    assert session.problems == ()
    session.undo()
    assert session.spec == templates.build("lenet5")


def test_an_untouched_template_learns_numbers_where_labels_are_measurements(
    session, tmp_path, prepared
):
    rng = np.random.default_rng(0)
    lines = []
    for place in range(120):
        pixels = rng.integers(0, 256, (28, 28), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{place}.png")
        lines.append(f"{place}.png,{place / 8}")
    (tmp_path / "table.csv").write_text("\n".join(lines))
    recipe = DataRecipe(str(tmp_path / "table.csv"))
    told = []
    session.told.connect(told.append)
    session.new("lenet5")
    session.jobs.finish()
    session.load_data(recipe, prepare(recipe))
    assert str(told[-1]) == "Loaded 120 images with numbers from 0 to 14.88."
    assert session.inference.shapes["dense3"] == (1,)
    assert "softmax1" not in session.spec
    assert session.problems == ()
    assert session.objective.loss == "squared_error"
    assert session.settings.clipping == "global"
    session.load_data(*prepared)
    assert session.spec == templates.build("lenet5")


def test_a_changed_network_is_not_fitted_but_offered_mends(session, tmp_path):
    rng = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for place in range(6):
            pixels = rng.integers(0, 256, (28, 28), np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{place}.png")
    session.new("lenet5")
    session.jobs.finish()
    gestures.change_setting(session, "conv1", "filters", 9)
    recipe = DataRecipe(str(tmp_path))
    session.load_data(recipe, prepare(recipe))
    assert session.spec.node("conv1").layer.filters == 9
    (problem,) = session.problems
    assert (problem.node, problem.label) == ("dense3", "10 ≠ 2")
    gestures.mend(session, problem, problem.mends[0])
    assert session.problems == ()
    assert session.can_start


def test_images_that_arrive_late_do_not_replace_newer_ones(session, prepared, until):
    session.new("lenet5")  # begins to load 6000 digits
    session.load_data(*prepared)
    until(lambda: not session.jobs.busy)
    assert len(session.prepared.dataset) == 200


def test_edits_are_labelled_steps_of_undo(session):
    session.new("lenet5")
    session.jobs.finish()
    before = session.spec
    gestures.insert(session, "Conv2D", "pool1", "conv2")
    assert ids(session)[3:6] == ["pool1", "conv3", "conv2"]
    assert str(session.document.undo_label) == "Insert Convolution"
    gestures.remove(session, ["conv3"])
    assert session.spec == before
    session.undo()
    assert "conv3" in session.spec
    session.undo()
    assert session.spec == before
    session.redo()
    assert "conv3" in session.spec


def test_a_layer_added_at_the_output_goes_before_it(session):
    session.new("lenet5")
    session.jobs.finish()
    gestures.add(session, "Dropout", "softmax1", None)
    assert session.spec.node("softmax1").inputs == ("dropout1",)
    assert session.spec.node("dropout1").inputs == ("dense3",)


def test_a_loose_block_lies_where_it_was_dropped(session):
    session.new(None)
    gestures.add(session, "Dense", "", (40.0, 300.0))
    assert ("dense1", 40.0, 300.0) in session.snapshot.positions
    assert session.spec.node("dense1").inputs == ()


def test_a_circle_is_refused_with_a_reason(session):
    told = []
    session.told.connect(told.append)
    session.new("lenet5")
    session.jobs.finish()
    before = session.spec
    gestures.connect(session, "dense2", "conv1")
    assert session.spec == before
    assert "circle" in str(told[-1])


def test_a_refused_setting_changes_nothing(session):
    session.new("lenet5")
    session.jobs.finish()
    before = session.spec
    gestures.change_setting(session, "conv1", "filters", 0)
    assert session.spec == before
    assert session.errors


def test_training_pauses_steps_and_goes_on(ready, until):
    events = []
    ready.runner.trained.connect(events.extend)
    ready.start()
    until(lambda: ready.runner.state == RUNNING and len(ready.runner.history.steps) > 3)
    ready.pause()
    until(lambda: ready.runner.state == PAUSED)
    steps = len(ready.runner.history.steps)
    for more in (1, 2):
        ready.step()
        until(lambda more=more: len(ready.runner.history.steps) == steps + more)
    ready.start()
    until(lambda: len(ready.runner.history.steps) > steps + 5)
    ready.stop()
    assert ready.runner.state == IDLE
    numbers = [event.step for event in events if isinstance(event, StepEnd)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_stopping_keeps_the_weights_and_resuming_goes_on_from_them(ready, until):
    ready.start()
    until(lambda: len(ready.runner.history.steps) > 3)
    ready.stop()
    done = ready.runner.history.steps[-1].step
    assert ready.has_weights
    assert ready.can_resume
    ready.start()
    until(lambda: ready.runner.history.steps[-1].step > done)
    assert ready.runner.history.steps[0].step == 1
    ready.start(afresh=True)
    until(lambda: ready.runner.state == RUNNING and ready.runner.history.steps)
    assert ready.runner.history.steps[0].step == 1
    assert ready.runner.history.steps[-1].step < 1000


def test_changing_the_network_stops_training_and_undo_finds_the_weights(ready, until):
    ready.start()
    until(lambda: len(ready.runner.history.steps) > 3)
    gestures.change_setting(ready, "conv1", "filters", 7)
    assert ready.runner.state == IDLE
    assert not ready.can_resume
    ready.undo()
    assert ready.can_resume


def test_a_live_setting_reaches_the_running_training(ready, until):
    ready.start()
    until(lambda: ready.runner.plan is not None)
    ready.change_training("learning_rate", 0.001)
    assert ready.runner.state != IDLE
    assert ready.runner.plan.settings.learning_rate == 0.001
    ready.change_training("batch_size", 10)
    assert ready.runner.state == IDLE


def test_late_events_of_an_older_run_are_dropped(ready, until):
    ready.start()
    until(lambda: len(ready.runner.history.steps) > 3)
    ready.stop()
    ready.start(afresh=True)
    thread = ready.runner._thread
    thread.events.append(StepEnd(0, 999_999, 1, 1, 1, 1.0, 1.0))
    until(lambda: len(ready.runner.history.steps) > 3)
    assert all(event.step < 999_999 for event in ready.runner.history.steps)


def test_save_while_training_then_open_and_go_on(ready, tmp_path, until):
    target = tmp_path / "mine.nnstudio"
    ready.start()
    until(lambda: len(ready.runner.history.steps) > 3)
    saved = []
    ready.save(target, lambda: saved.append(True))
    until(lambda: saved)
    assert ready.runner.state != IDLE
    ready.stop()
    spec, settings = ready.spec, ready.settings
    ready.open(target)
    until(lambda: ready.path == target and not ready.jobs.busy)
    assert (ready.spec, ready.settings) == (spec, settings)
    assert ready.can_resume
    assert not ready.unsaved
    assert ready.weights()["conv1"].shape == (6, 1, 5, 5)


def test_opened_weights_are_shown_at_work(ready, tmp_path, until):
    """Thumbnails and ratios of a trained project, without a training step."""
    target = tmp_path / "mine.nnstudio"
    ready.runner.watch(ready.prepared.dataset.images[0])
    ready.start()
    until(lambda: len(ready.runner.history.steps) > 3)
    ready.stop()
    saved = []
    ready.save(target, lambda: saved.append(True))
    until(lambda: saved)
    weights = ready.weights()["conv1"]
    ready.open(target)
    until(lambda: ready.path == target and not ready.jobs.busy)
    until(lambda: ready.runner.latest is not None)
    assert not ready.errors
    shown = ready.runner.latest
    np.testing.assert_array_equal(shown.weights["conv1"], weights)
    assert shown.activations["pool1"].shape == (6, 14, 14)
    assert 0 < shown.update_ratios["conv1"] < 1
    assert ready.can_resume


def test_a_block_put_on_another_wire_joins_the_column_there(ready):
    gestures.move(ready, {"relu1": (300.0, 40.0)})
    gestures.reorder(ready, "relu1", "pool1", "conv2")
    assert ready.spec.node("conv2").inputs == ("relu1",)
    assert ready.spec.node("relu1").inputs == ("pool1",)
    assert ready.spec.node("pool1").inputs == ("conv1",)
    assert "relu1" not in [row[0] for row in ready.snapshot.positions]
    assert str(ready.document.undo_label) == "Move ReLU"
    ready.undo()
    assert ready.spec.node("relu1").inputs == ("conv1",)


def test_what_is_open_stays_when_opening_or_loading_fails(ready, tmp_path, until):
    spec, prepared = ready.spec, ready.prepared
    broken = tmp_path / "broken.nnstudio"
    broken.write_bytes(b"no project")
    ready.open(broken)
    until(lambda: ready.errors)
    assert isinstance(ready.errors[0], ProjectError)
    ready.load_data(DataRecipe(str(tmp_path / "nowhere")))
    until(lambda: len(ready.errors) == 2)
    assert isinstance(ready.errors[1], DataError)
    assert ready.spec is spec
    assert ready.prepared is prepared


def test_an_exception_of_any_kind_in_training_is_told(ready, until, monkeypatch):
    def broken(plan):
        raise RuntimeError("unforeseen")
        yield

    monkeypatch.setattr(ready.runner, "_train", broken)
    ready.start()
    until(lambda: ready.errors)
    assert str(ready.errors[0]) == "unforeseen"
    assert ready.runner.state == IDLE


@pytest.mark.parametrize("kind", ["onnx", "safetensors"])
def test_export_writes_the_model_that_is_shown(ready, tmp_path, until, kind):
    ready.step()
    until(lambda: ready.runner.state == PAUSED)
    target = tmp_path / f"model.{kind}"
    ready.export(kind, target)
    until(lambda: target.exists() and not ready.jobs.busy)
    if kind == "safetensors":
        from safetensors.numpy import load_file

        np.testing.assert_array_equal(
            load_file(target)["conv1.weight"],
            ready.runner.plan.network.parameters()["conv1.weight"],
        )


def test_closing_while_training_ends_the_thread(ready, until):
    ready.start()
    until(lambda: ready.runner.state == RUNNING)
    thread = ready.runner._thread
    ready.close()
    assert thread.isFinished()
