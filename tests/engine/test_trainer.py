"""Training as events: figures, bits, resuming, stopping, and numbers that break."""

import numpy as np
import pytest

from nnstudio import templates
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocess import fit
from nnstudio.data.recipe import Prepared
from nnstudio.data.split import split
from nnstudio.engine import (
    FINISHED,
    NOT_FINITE,
    EpochEnd,
    Sampled,
    StepEnd,
    Stopped,
    TrainingSettings,
    evaluate,
    make_plan,
    train,
)
from nnstudio.engine.feeds import pixel_feed
from nnstudio.errors import NetworkError


@pytest.fixture(scope="module")
def prepared():
    """Three classes told apart by which third of the image is bright."""
    rng = np.random.default_rng(3)
    labels = np.arange(330) % 3
    images = rng.integers(0, 80, (330, 12, 12, 1), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 * label : 4 * label + 4] += 120
    dataset = Dataset(
        images, labels, ("top", "middle", "bottom"), np.zeros(330, np.uint8), (), "thirds"
    )
    parts = split(dataset, validation=0.1, test=0.1, seed=0)
    return Prepared(dataset, parts, fit(images, parts.train))


def plan_for(prepared, name="mlp", state=None, run_id=1, **settings):
    spec = templates.build(name, input_shape=(12, 12, 1), classes=3)
    settings = {"epochs": 3, "batch_size": 50, "threads": 2, **settings}
    return make_plan(spec, TrainingSettings(**settings), prepared, state=state, run_id=run_id)


def drive(plan, steps=None):
    """All events, or those up to a number of steps (then the generator is closed)."""
    events = []
    run = train(plan)
    for event in run:
        events.append(event)
        if steps is not None and sum(isinstance(e, StepEnd) for e in events) == steps:
            run.close()
            break
    return events


def test_events_count_and_learn(prepared):
    plan = plan_for(prepared, run_id=17)
    events = drive(plan)
    steps = [e for e in events if isinstance(e, StepEnd)]
    epochs = [e for e in events if isinstance(e, EpochEnd)]
    count = len(prepared.split.train)
    assert len(steps) == 3 * -(-count // 50)
    assert [e.step for e in steps] == list(range(1, len(steps) + 1))
    assert [e.batch for e in steps][: steps[0].batches] == list(range(1, steps[0].batches + 1))
    assert [e.epoch for e in epochs] == [1, 2, 3]
    assert all(e.run_id == 17 for e in events)
    assert events[-1].reason == FINISHED
    assert epochs[0].loss > epochs[-1].loss
    assert epochs[-1].validation_accuracy > 0.9
    data = prepared.dataset
    found = evaluate(
        plan.network, data.images, data.labels, prepared.preprocessing, prepared.split.test
    )
    assert found.accuracy > 0.9
    assert found.confusion.sum() == len(prepared.split.test)
    assert found.accuracy == np.trace(found.confusion) / found.confusion.sum()


def test_the_epoch_figures_are_means_over_all_images(prepared):
    events = drive(plan_for(prepared, epochs=1))
    count = len(prepared.split.train)
    sizes = [50] * (count // 50) + ([count % 50] if count % 50 else [])
    steps = [e for e in events if isinstance(e, StepEnd)]
    epoch = next(e for e in events if isinstance(e, EpochEnd))
    assert epoch.loss == pytest.approx(np.average([e.loss for e in steps], weights=sizes))
    assert epoch.accuracy == pytest.approx(np.average([e.accuracy for e in steps], weights=sizes))


def weights_of(plan):
    return {name: array.tobytes() for name, array in plan.network.parameters().items()}


def test_same_seed_same_bytes_and_another_seed_others(prepared):
    plans = [plan_for(prepared, seed=seed) for seed in (5, 5, 6)]
    for plan in plans:
        drive(plan)
    assert weights_of(plans[0]) == weights_of(plans[1])
    assert weights_of(plans[0]) != weights_of(plans[2])


@pytest.mark.parametrize("steps", [1, 4, 6, 11])
def test_resuming_gives_the_bytes_of_the_uninterrupted_run(prepared, steps):
    whole = plan_for(prepared)
    expected = drive(whole)
    begun = plan_for(prepared)
    first = drive(begun, steps)
    resumed = plan_for(prepared, state=begun.state())
    rest = drive(resumed)
    assert weights_of(resumed) == weights_of(whole)
    both = [e for e in first + rest if isinstance(e, StepEnd)]
    assert both == [e for e in expected if isinstance(e, StepEnd)]
    losses = [e.loss for e in first + rest if isinstance(e, EpochEnd)]
    assert losses == [e.loss for e in expected if isinstance(e, EpochEnd)]


@pytest.mark.parametrize("batch_size", [1, 100_000])
def test_batch_size_from_one_image_to_the_whole_set(prepared, batch_size):
    events = drive(plan_for(prepared, batch_size=batch_size, epochs=1, learning_rate=0.001))
    steps = sum(isinstance(e, StepEnd) for e in events)
    assert steps == (len(prepared.split.train) if batch_size == 1 else 1)


def test_numbers_that_break_stop_the_run_and_keep_finite_weights(prepared):
    plan = plan_for(prepared, name="lenet5")
    weights = plan.network.parameters()
    plan.network.load_parameters({name: array * 1e6 for name, array in weights.items()})
    events = drive(plan)
    end = events[-1]
    assert isinstance(end, Stopped)
    assert end.reason == NOT_FINITE
    assert end.step == plan.step + 1 == sum(isinstance(e, StepEnd) for e in events) + 1
    assert end.node in plan.network.spec
    assert "Convolution" in str(end.message) or "Dense" in str(end.message)
    assert all(np.isfinite(w).all() for w in plan.network.parameters().values())


def test_the_layer_where_numbers_break_is_named(prepared):
    plan = plan_for(prepared, name="lenet5")
    weights = plan.network.parameters()
    weights["conv2.weight"][:] = 1e38
    plan.network.load_parameters(weights)
    (end,) = drive(plan)
    assert (end.reason, end.node, end.step) == (NOT_FINITE, "conv2", 1)


def test_learning_rate_and_epochs_change_while_running(prepared):
    plan = plan_for(prepared, epochs=1)
    run = train(plan)
    next(run)
    plan.settings = plan.settings.replaced(learning_rate=0.0, momentum=0.0, epochs=2)
    frozen = plan.network.parameters()
    events = list(run)
    assert max(e.epoch for e in events if isinstance(e, EpochEnd)) == 2
    assert all((frozen[name] == now).all() for name, now in plan.network.parameters().items())


def test_every_epoch_has_an_order_of_its_own(prepared):
    plan, other = plan_for(prepared, seed=1), plan_for(prepared, seed=2)
    first = plan.order()
    assert sorted(first) == sorted(prepared.split.train)
    assert (first != np.sort(first)).any()
    assert (first == plan.order()).all()
    assert (first != other.order()).any()
    plan.epoch = 1
    assert (first != plan.order()).any()


def test_pixels_are_standardised_on_the_way_in(prepared):
    plan = plan_for(prepared, threads=1)
    rows = prepared.split.train[:5]
    data = prepared.dataset
    feed = pixel_feed(data.images, data.labels, rows, prepared.preprocessing, np.float32)
    program = plan.network._crew.shards[0].program(5, training=True)
    feed(program, 0, 5)
    pixels = data.images[rows].astype(np.float64) / 255
    mean, deviation = prepared.preprocessing.mean[0], prepared.preprocessing.deviation[0]
    expected = ((pixels - mean) / deviation).transpose(1, 3, 2, 0)
    np.testing.assert_allclose(program.x, expected, atol=1e-5)
    assert program.loss.labels.tolist() == data.labels[rows].tolist()


def test_confusion_counts_true_classes_in_rows(prepared):
    plan = plan_for(prepared)
    weights = plan.network.parameters()
    weights["dense3.weight"][:] = 0
    weights["dense3.bias"][:] = [0, 5, 0]  # always says "middle"
    plan.network.load_parameters(weights)
    data = prepared.dataset
    found = evaluate(plan.network, data.images, data.labels, prepared.preprocessing)
    assert found.confusion.tolist() == [[0, 110, 0], [0, 110, 0], [0, 110, 0]]
    # −ln of e⁵/(e⁵ + 2) for a third of the images, of 1/(e⁵ + 2) for the others
    total = np.exp(5) + 2
    assert found.loss == pytest.approx((2 * np.log(total) + np.log(total) - 5) / 3)


def test_cosine_schedule_halves_the_rate_half_way(prepared):
    plan = plan_for(prepared, epochs=4, learning_rate=0.08)
    assert plan.learning_rate() == pytest.approx(0.08)
    plan.epoch = 1
    assert plan.learning_rate() == pytest.approx(0.08 * (0.5 + 0.5**0.5 / 2))
    plan.epoch = 2
    assert plan.learning_rate() == pytest.approx(0.04)
    plan.settings = plan.settings.replaced(schedule="constant")
    assert plan.learning_rate() == pytest.approx(0.08)


def test_samples_are_copies_of_what_is_there(prepared):
    plan = plan_for(prepared, name="lenet5", epochs=1)
    plan.sample_seconds = 0.0
    plan.watched = prepared.dataset.images[0]
    events = drive(plan)
    samples = [e for e in events if isinstance(e, Sampled)]
    assert len(samples) == sum(isinstance(e, StepEnd) for e in events)
    first, last = samples[0], samples[-1]
    assert last.weights["conv1"].shape == (6, 1, 5, 5)
    assert (first.weights["conv1"] != last.weights["conv1"]).any()
    assert (last.weights["conv1"] == plan.network.parameters()["conv1.weight"]).all()
    assert last.activations["pool1"].shape == (6, 6, 6)
    assert last.activations["softmax1"].sum() == pytest.approx(1, abs=1e-6)
    # Not scaled by the schedule, which ends at 0.
    assert all(ratio > 0 for ratio in last.update_ratios.values())
    assert set(last.update_ratios) == {"conv1", "conv2", "dense1", "dense2", "dense3"}


def test_update_ratio_is_learning_rate_times_gradient_over_weight(prepared):
    plan = plan_for(
        prepared,
        name="lenet5",
        epochs=1,
        learning_rate=0.01,
        momentum=0.0,
        batch_size=64,
        schedule="constant",
    )
    plan.sample_seconds = 0.0
    before = plan.network.parameters()["dense3.weight"].astype(np.float64)
    run = train(plan)
    next(run)
    sampled = next(run)
    after = plan.network.parameters()["dense3.weight"].astype(np.float64)
    # without momentum the step is learning rate · gradient
    expected = np.sqrt(np.mean((after - before) ** 2)) / np.sqrt(np.mean(after**2))
    assert sampled.update_ratios["dense3"] == pytest.approx(expected, rel=1e-3)


def test_data_that_does_not_fit_is_refused_with_the_numbers(prepared):
    spec = templates.build("lenet5", input_shape=(12, 12, 1), classes=10)
    with pytest.raises(NetworkError, match="10 answers, but the data has 3 classes"):
        make_plan(spec, TrainingSettings(), prepared)
    with pytest.raises(NetworkError, match="28×28×1, but the images are 12×12×1"):
        make_plan(templates.build("lenet5", classes=3), TrainingSettings(), prepared)
