"""What steers a training: schedules, clipping, accumulated batches, early stopping, the best epoch."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nnstudio.engine import (
    NOT_FINITE,
    EpochEnd,
    Observation,
    StepEnd,
    Stopped,
    TrainingSettings,
    compile_network,
    make_plan,
    train,
    trainer,
)
from nnstudio.engine.clipping import clip_by_norm, shortening
from nnstudio.engine.feeds import pixel_feed
from nnstudio.engine.schedules import Pace, Standing, factor
from nnstudio.engine.training import NO_PROGRESS
from nnstudio.errors import NetworkError
from nnstudio.layers import BatchNorm, Conv2D, Dense, Flatten, Softmax
from nnstudio.network import NetworkSpec, Node
from tests.engine.test_trainer import drive, plan_for, prepared  # noqa: F401

PACE = Pace(epochs=10, every=3, factor=0.5, warmup=0)


@pytest.mark.parametrize(
    ("schedule", "done", "expected"),
    [
        ("constant", 7, 1),
        ("step", 2.99, 1),
        ("step", 3, 0.5),
        ("step", 9.5, 0.125),
        ("exponential", 1.5, math.sqrt(0.5)),
        ("exponential", 6, 0.25),
        ("cosine", 0, 1),
        ("cosine", 2.5, (1 + math.sqrt(0.5)) / 2),
        ("cosine", 10, 0),
    ],
)
def test_schedules_follow_their_formulas(schedule, done, expected):
    assert factor(schedule, PACE, done, done, 0) == pytest.approx(expected, abs=1e-12)


def test_a_plateau_reduces_and_a_warm_up_rises_beside_any_schedule():
    assert factor("plateau", PACE, 4, 4.1, reductions=2) == 0.25
    rising = Pace(10, 3, 0.5, warmup=2)
    assert factor("constant", rising, 0, 0.5, 0) == 0.25
    assert factor("step", rising, 3, 3.1, 0) == 0.5
    assert factor("cosine", rising, 0, 1, 0) == 0.5


def test_standing_counts_epochs_without_progress():
    standing = Standing()
    for epoch, loss in enumerate((1.0, 0.95, 0.7, 0.71, 0.69), 1):
        standing = standing.after(loss, epoch, least=0.1)
    assert standing == Standing(0.7, epoch=3, waited=2, stalled=2)
    assert standing.reduced() == Standing(0.7, epoch=3, waited=2, stalled=0, reductions=1)
    assert Standing().after(math.nan, 1, 0.0).waited == 1  # no number is no progress


def linear():
    spec = NetworkSpec(
        (12, 12, 1),
        (
            Node("f", Flatten(), ("input",)),
            Node("d", Dense(3), ("f",)),
            Node("s", Softmax(), ("d",)),
        ),
    )
    return compile_network(spec, dtype=np.float64, seed=2)


def feed_of(prepared, rows, dtype=np.float64):  # noqa: F811
    data = prepared.dataset
    return pixel_feed(data.images, data.labels, rows, prepared.preprocessing, dtype)


def test_parts_of_a_batch_give_its_gradient(prepared):  # noqa: F811
    """A full batch in pieces is a full batch, exact to rounding."""
    net, rows = linear(), np.arange(200)
    whole = net.compute(feed_of(prepared, rows), 200, dropping=False)
    expected = net.gradient().copy()
    pieces = np.split(rows, [64, 128, 190])
    parts = [(feed_of(prepared, piece), len(piece)) for piece in pieces]
    found = net.compute_in_parts(parts, dropping=False)
    assert np.abs(net.gradient() - expected).max() <= 1e-12 * np.abs(expected).max()
    assert found.loss == pytest.approx(whole.loss, rel=1e-12)
    assert (found.hits, found.finite) == (whole.hits, True)


def test_accumulated_training_is_training_with_larger_batches(prepared):  # noqa: F811
    ends = []
    for settings in ({"batch_size": 60}, {"batch_size": 20, "accumulate": 3}):
        spec = linear().spec
        chosen = TrainingSettings(epochs=3, threads=1, **settings)
        plan = make_plan(spec, chosen, prepared)
        events = drive(plan)
        ends.append((plan.network.weights, [e for e in events if isinstance(e, StepEnd)]))
    (weights, steps), (others, parts) = ends
    np.testing.assert_allclose(weights, others, atol=1e-5)
    assert len(steps) == len(parts) == 3 * math.ceil(264 / 60)
    assert [s.batch for s in steps] == [p.batch for p in parts]
    assert [s.loss for s in steps] == pytest.approx([p.loss for p in parts], rel=1e-4)


def test_a_batch_size_of_0_is_the_whole_set(prepared):  # noqa: F811
    plan = plan_for(prepared, batch_size=0, epochs=2)
    assert len([e for e in drive(plan) if isinstance(e, StepEnd)]) == 2
    assert plan.batch_size == len(prepared.split.train)


def test_clipping_by_hand():
    net = linear()
    layout = net.layout
    gradient = np.zeros(layout.learned)
    layout.view(gradient, "d.weight")[0, :2] = (3.0, 4.0)
    layout.view(gradient, "d.bias")[:] = (0.3, 0.4, 0.0)
    assert shortening([gradient], 2.0) == pytest.approx(2 / math.sqrt(25.25), rel=1e-6)
    assert shortening([gradient], 6.0) == 1.0
    clip_by_norm(layout, gradient, 1.0)
    assert layout.view(gradient, "d.weight")[0, :2] == pytest.approx([0.6, 0.8], rel=1e-5)
    assert layout.view(gradient, "d.bias").tolist() == [0.3, 0.4, 0.0]  # short enough


@pytest.mark.parametrize("clipping", ["value", "norm", "global"])
def test_a_clipped_step_is_as_short_as_asked(prepared, clipping):  # noqa: F811
    plan = plan_for(
        prepared,
        optimizer="sgd",
        learning_rate=1.0,
        schedule="constant",
        clipping=clipping,
        clip_at=1e-3,
    )
    before = plan.network.weights.copy()
    drive(plan, steps=1)
    moved = plan.network.weights - before
    layout = plan.network.layout
    norms = [np.linalg.norm(layout.view(moved, name)) for name in layout.slots]
    sizes = {"value": np.abs(moved).max(), "norm": max(norms), "global": np.linalg.norm(moved)}
    assert sizes[clipping] == pytest.approx(1e-3, rel=1e-3)


def test_training_stops_without_progress_and_keeps_the_best(prepared):  # noqa: F811
    """Weights that shrink fast from the third epoch on lose what the first two have learned."""
    plan = plan_for(
        prepared, epochs=50, patience=3, keep_best=True, schedule="constant", learning_rate=0.02
    )
    events = []
    for event in train(plan):
        events.append(event)
        if isinstance(event, EpochEnd):
            at_end = plan.network.parameters()
            if event.epoch == 2:
                good = at_end
                plan.settings = plan.settings.replaced(weight_decay=5.0)
    losses = [e.validation_loss for e in events if isinstance(e, EpochEnd)]
    stopped = events[-1]
    assert isinstance(stopped, Stopped)
    assert stopped.reason == NO_PROGRESS
    best = int(np.argmin(losses)) + 1
    assert len(losses) == best + 3 < 50
    assert f"epoch {best}" in str(stopped.message)
    kept = plan.network.parameters()
    if best == 2:
        assert all((kept[name] == good[name]).all() for name in good)
    assert any((kept[name] != at_end[name]).any() for name in kept)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "sgd", "schedule": "step", "schedule_epochs": 1},
        {"optimizer": "nesterov", "clipping": "global", "clip_at": 0.5},
        {"optimizer": "adagrad", "accumulate": 2, "batch_size": 20},
        {"optimizer": "rmsprop", "warmup_epochs": 2.0, "weight_decay": 1e-3},
        {"optimizer": "adam", "learning_rate": 1e-3, "keep_best": True},
        {"optimizer": "adamw", "schedule": "plateau", "schedule_epochs": 1, "weight_decay": 0.1},
    ],
    ids=lambda s: s["optimizer"],
)
def test_resuming_within_an_epoch_gives_the_same_bytes(prepared, settings):  # noqa: F811
    whole = plan_for(prepared, **settings)
    drive(whole)
    part = plan_for(prepared, **settings)
    drive(part, steps=8)
    assert 0 < part.position < len(prepared.split.train)
    resumed = plan_for(prepared, state=part.state(), **settings)
    drive(resumed)
    assert resumed.network.weights.tobytes() == whole.network.weights.tobytes()
    for ours, theirs in zip(resumed.network.memory, whole.network.memory, strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_a_huge_learning_rate_ends_with_the_layer_named(prepared):  # noqa: F811
    for optimizer in ("sgd", "adam"):
        plan = plan_for(
            prepared, optimizer=optimizer, learning_rate=1e10, schedule="constant", epochs=20
        )
        (*_, last) = drive(plan)
        if last.reason == "not finite":
            assert last.node in {"dense1", "dense2", "dense3", ""}
        assert np.isfinite(plan.network.weights).all()


def exploding(prepared, *layers, **settings):  # noqa: F811
    """A training at a rate of 10¹⁰; its weights before and after the step that broke, and how it ended."""
    nodes = [Node("first", layers[0], ("input",))]
    for layer in (*layers[1:], Flatten(), Dense(3), Softmax()):
        nodes.append(Node(f"n{len(nodes)}", layer, (nodes[-1].id,)))
    chosen = {"learning_rate": 1e10, "schedule": "constant", "epochs": 20, **settings}
    spec = NetworkSpec((12, 12, 1), tuple(nodes))
    plan = make_plan(spec, TrainingSettings(threads=1, **chosen), prepared)
    before, memory = plan.network.parameters(), ()
    for event in train(plan):
        if isinstance(event, StepEnd):
            before = plan.network.parameters()
            memory = [vector.copy() for vector in plan.network.memory]
    # What the optimiser keeps is as it was before the step that broke, too.
    for vector, kept in zip(plan.network.memory, memory, strict=True):
        np.testing.assert_array_equal(vector, kept)
    return plan, before, event


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adamw"])
def test_weights_that_decay_turns_around_stay_finite(prepared, optimizer):  # noqa: F811
    """1 − 10¹⁰·10 at each step: 10³³ after three, too much after four, and no loss tells."""
    plan, before, last = exploding(prepared, Flatten(), optimizer=optimizer, weight_decay=10.0)
    assert (last.reason, last.node, last.step) == (NOT_FINITE, "n2", 4)
    after = plan.network.parameters()
    assert all((after[name] == before[name]).all() for name in before)
    assert all(np.isfinite(values).all() for values in after.values())
    assert all(np.isfinite(vector).all() for vector in plan.network.memory)
    assert max(np.abs(values).max() for values in after.values()) > 1e30


def test_averages_that_grow_beyond_numbers_end_the_training_at_their_layer(prepared):  # noqa: F811
    """Numbers of 10²⁰ are finite and normalised; their variance of 10⁴⁰ is no number any more."""
    plan, before, last = exploding(
        prepared, Conv2D(4, (3, 3)), Conv2D(4, (3, 3)), BatchNorm(), optimizer="sgd"
    )
    assert (last.reason, last.node) == (NOT_FINITE, "n2")
    after = plan.network.parameters()
    assert all((after[name] == before[name]).all() for name in before)
    assert np.isfinite(after["n2.running_variance"]).all()


def test_the_layer_whose_averages_broke_is_named_whatever_the_gradients(prepared):  # noqa: F811
    nodes = (
        Node("f", Flatten(), ("input",)),
        Node("d", Dense(5), ("f",)),
        Node("b", BatchNorm(), ("d",)),
        Node("e", Dense(3), ("b",)),
        Node("s", Softmax(), ("e",)),
    )
    plan = make_plan(NetworkSpec((12, 12, 1), nodes), TrainingSettings(threads=1), prepared)
    weights = plan.network.parameters()
    weights["d.weight"] *= np.float32(1e20)
    weights["e.weight"] *= np.float32(
        1e-6
    )  # so that the last layer has by far the largest gradient
    plan.network.load_parameters(weights)
    (last,) = drive(plan)
    assert (last.reason, last.node, last.step) == (NOT_FINITE, "b", 1)


def test_a_state_of_other_data_or_of_broken_numbers_is_refused(prepared):  # noqa: F811
    plan = plan_for(prepared, optimizer="adam")
    drive(plan, steps=2)
    state = plan.state()
    count = len(prepared.split.train)
    plan_for(prepared, state=replace(state, position=count), optimizer="adam")
    with pytest.raises(NetworkError, match=f"after {count + 1} images, but there are {count}"):
        plan_for(prepared, state=replace(state, position=count + 1), optimizer="adam")
    for name, value, fits in (
        ("square", math.inf, True),  # g² outgrew single precision: steps of 0
        ("square", math.nan, False),
        ("mean", math.inf, False),
        ("mean", math.nan, False),
    ):
        broken = {key: np.full_like(a, value) for key, a in state.memory[name].items()}
        changed = replace(state, memory={**state.memory, name: broken})
        if fits:
            plan_for(prepared, state=changed, optimizer="adam")
            continue
        with pytest.raises(NetworkError, match=r"dense1\.weight: It holds"):
            plan_for(prepared, state=changed, optimizer="adam")


def test_schedules_at_their_edges():
    assert factor("cosine", PACE, 12, 12, 0) == 0  # epochs were lowered while it ran
    # 0.3/0.1 is 2.9999999999999996 in binary numbers
    assert factor("step", Pace(10, 0.1, 0.5, 0), 0.3, 0.3, 0) == 0.125


def test_the_same_loss_again_is_no_progress():
    standing = Standing().after(0.7, 1, 0.0).after(0.7, 2, 0.0)
    assert (standing.epoch, standing.waited) == (1, 1)


def test_a_norm_is_shortened_as_torch_does_it():
    # clip_grad_norm_: max_norm/(total + 10⁻⁶)
    assert shortening([np.array([3.0]), np.array([4.0])], 2.5) == pytest.approx(
        2.5 / 5.000001, rel=1e-12
    )


def test_a_batch_is_no_larger_than_the_set(prepared):  # noqa: F811
    plan = plan_for(prepared, batch_size=5000, accumulate=2)
    assert plan.batch_size == 264 and plan.images_a_step == 528


def test_the_rate_of_a_step_follows_from_the_images_before_and_after_it(prepared):  # noqa: F811
    plan = plan_for(prepared, epochs=4, learning_rate=0.08)
    plan.position = 132
    assert plan.learning_rate() == pytest.approx(0.04 * (1 + math.cos(math.pi / 8)))
    rising = plan_for(
        prepared, learning_rate=0.08, schedule="constant", warmup_epochs=2.0, batch_size=50
    )
    rising.position = 132
    assert rising.learning_rate() == pytest.approx(0.08 * 182 / 264 / 2)
    rising.position = 250  # 14 images are left
    assert rising.learning_rate() == pytest.approx(0.08 / 2)


def test_a_plateau_is_counted_in_epochs_and_lowers_the_rate(prepared):  # noqa: F811
    """At a rate of 0 no loss ever falls again after the first: reduced after epochs 3 and 5."""
    plan = plan_for(
        prepared, epochs=6, learning_rate=0.0, schedule="plateau", schedule_epochs=2, patience=0
    )
    seen = [plan.standing for event in train(plan) if isinstance(event, EpochEnd)]
    assert [(s.reductions, s.stalled, s.waited) for s in seen] == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 2),
        (1, 1, 3),
        (2, 0, 4),
        (2, 1, 5),
    ]


def test_progress_is_that_of_the_validation_loss(prepared):  # noqa: F811
    plan = plan_for(prepared, epochs=2)
    losses = [e.validation_loss for e in drive(plan) if isinstance(e, EpochEnd)]
    assert plan.standing.loss == min(losses)


def test_the_best_is_mentioned_only_where_it_is_not_the_last(prepared):  # noqa: F811
    plan = plan_for(prepared, epochs=2, keep_best=True, learning_rate=0.005)
    *_, last = drive(plan)
    assert plan.standing.epoch == 2  # it still learned
    assert str(last.message) == "Training is finished."


def test_the_best_is_forgotten_when_it_is_no_longer_wanted(prepared):  # noqa: F811
    plan = plan_for(prepared, epochs=3, keep_best=True)
    for event in train(plan):
        if isinstance(event, EpochEnd) and event.epoch == 1:
            assert plan.best is not None
            plan.settings = plan.settings.replaced(keep_best=False)
        if isinstance(event, EpochEnd) and event.epoch == 2:
            assert plan.best is None
            break


def test_figures_of_an_epoch_begin_afresh(prepared):  # noqa: F811
    events = drive(plan_for(prepared, epochs=2, batch_size=66))
    epochs = [e for e in events if isinstance(e, EpochEnd)]
    for epoch in epochs:
        steps = [e for e in events if isinstance(e, StepEnd) and e.epoch == epoch.epoch]
        assert len(steps) == 4  # of 66 images each
        assert epoch.accuracy == pytest.approx(np.mean([e.accuracy for e in steps]))
        assert epoch.loss == pytest.approx(np.mean([e.loss for e in steps]))


def test_a_look_takes_the_next_images_and_goes_round_at_the_end(prepared, monkeypatch):  # noqa: F811
    seen = []
    monkeypatch.setattr(trainer, "Watch", lambda network, wanted, feed, count: seen.append(feed))
    plan = plan_for(prepared, batch_size=100)
    order = plan.order()
    for images, position in ((70, 200), (1000, 0)):
        plan.observation = Observation(frozenset({"gradients"}), every_steps=1, images=images)
        plan.looked_at = -math.inf
        plan.position = position
        trainer._watch(plan, order)
    assert seen[0].rows.tolist() == [*order[200:], *order[:6]]
    assert seen[1].rows.tolist() == order.tolist()


def test_the_step_that_broke_is_named(prepared):  # noqa: F811
    plan, _, last = exploding(prepared, Flatten(), weight_decay=10.0, optimizer="sgd")
    assert str(last.message).startswith(f"At step {plan.step + 1} the numbers in Dense grew")


def test_nothing_to_train_on_is_refused(prepared):  # noqa: F811
    empty = replace(prepared.split, train=np.zeros(0, np.int64))
    with pytest.raises(NetworkError, match="thirds: No images are left for training"):
        plan_for(replace(prepared, split=empty))
