"""Augmented training: workers agree, a stopped training continues with the same bits, and it helps."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.augment import Augmentation, Augmenting
from nnstudio.data.recipe import DataRecipe, prepare
from nnstudio.engine import EpochEnd, TrainingSettings, evaluate, make_plan, processes, train
from nnstudio.layers import Dense, Flatten, Softmax
from nnstudio.network import NetworkSpec, Node

SPEC = NetworkSpec(
    (28, 28, 1),
    (
        Node("f", Flatten(), ("input",)),
        Node("d", Dense(40, "relu"), ("f",)),
        Node("o", Dense(10), ("d",)),
        Node("s", Softmax(), ("o",)),
    ),
)
CHANGED = TrainingSettings(
    epochs=2, batch_size=48, threads=2, augment_shift=0.1, augment_rotate=15, augment_cutout=0.2
)


@pytest.fixture(scope="module")
def digits():
    return prepare(DataRecipe(count=400))


def weights_after(plan, steps=None):
    for event in train(plan):
        if steps is not None and plan.step >= steps:
            break
        if isinstance(event, EpochEnd):
            continue
    return plan


def test_a_training_stopped_within_an_epoch_continues_with_the_same_bits(digits):
    whole = weights_after(make_plan(SPEC, CHANGED, digits))
    state = weights_after(make_plan(SPEC, CHANGED, digits), steps=10).state()
    assert state.epoch == 1 and state.position
    again = weights_after(make_plan(SPEC, CHANGED, digits, state=state))
    np.testing.assert_array_equal(again.network.weights, whole.network.weights)
    plain = weights_after(
        make_plan(SPEC, TrainingSettings(epochs=2, batch_size=48, threads=2), digits)
    )
    assert not (plain.network.weights == whole.network.weights).all()


@pytest.mark.skipif(not processes.possible(), reason="this system cannot share memory")
def test_threads_and_processes_see_the_same_changed_images(digits):
    threads = weights_after(make_plan(SPEC, CHANGED, digits))
    plan = make_plan(SPEC, CHANGED, digits)
    plan.network.start_processes()
    assert plan.network._crew._started() is not None
    np.testing.assert_array_equal(weights_after(plan).network.weights, threads.network.weights)


def test_only_training_images_are_changed(digits):
    """Validation of the same weights is the same with and without."""
    settings = TrainingSettings(epochs=1, learning_rate=0.0)
    found = [
        next(e for e in train(make_plan(SPEC, s, digits)) if isinstance(e, EpochEnd))
        for s in (settings, settings.replaced(augment_shift=0.4))
    ]
    assert found[0].validation_loss == found[1].validation_loss
    assert found[0].loss != found[1].loss


def test_shifts_in_training_help_with_shifted_digits():
    data = prepare(DataRecipe(count=1500))
    settings = TrainingSettings(epochs=6)
    moved = Augmenting(Augmentation(shift=0.15), 9, 9)(data.dataset.images, np.arange(1500))
    shifted = replace(data.dataset, images=moved)
    found = []
    for shift in (0.0, 0.15):
        plan = weights_after(make_plan(SPEC, settings.replaced(augment_shift=shift), data))
        judged = evaluate(
            plan.network, shifted.images, shifted.labels, data.preprocessing, data.split.test
        )
        found.append(judged.accuracy)
    assert found[1] > found[0] + 0.1


def test_images_are_changed_anew_in_every_epoch(digits):
    plan = make_plan(SPEC, TrainingSettings(threads=1, seed=5, augment_shift=0.3), digits)
    rows = plan.order()[:20]
    seen = []
    for epoch in (0, 1, 0):
        plan.epoch = epoch
        augmenting = plan.feed.augmenting
        assert (augmenting.seed, augmenting.epoch) == (5, epoch)
        seen.append(augmenting(digits.dataset.images[rows], rows))
    assert (seen[0] != seen[1]).any()
    np.testing.assert_array_equal(seen[0], seen[2])
