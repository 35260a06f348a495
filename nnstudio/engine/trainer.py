"""Training as a generator of events: pausing is not asking for the next, stopping is closing it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnstudio.engine import probes
from nnstudio.engine.breakage import first_not_finite
from nnstudio.engine.evaluation import evaluate
from nnstudio.engine.network import Outcome
from nnstudio.engine.plan import Plan
from nnstudio.engine.schedules import PLATEAU
from nnstudio.engine.training import (
    FINISHED,
    NO_PROGRESS,
    NOT_FINITE,
    EpochEnd,
    Event,
    Sampled,
    StepEnd,
    Stopped,
)
from nnstudio.engine.watch import Watch
from nnstudio.network.layer import Array
from nnstudio.network.titles import titles
from nnstudio.text import Text


def train(plan: Plan) -> Iterator[Event]:
    """Train until the epochs of ``plan.settings`` are done; the last event is a Stopped.

    Between two events the plan is a whole: :meth:`Plan.state` continues from there, bit for bit.
    When loss or gradient are not finite, the weights stay as they were before that step.
    """
    sampled_at = time.monotonic()
    while plan.epoch < plan.settings.epochs:
        order = plan.order()
        batches = -(-len(order) // plan.images_a_step)
        seconds, images, rate = 0.0, 0, plan.learning_rate()
        while plan.position < len(order):
            watch = _watch(plan, order)
            began = time.perf_counter()
            rows = order[plan.position : plan.position + plan.images_a_step]
            outcome = _compute(plan, rows)
            if not outcome.finite:
                yield _not_finite(plan, rows)
                return
            rate = plan.learning_rate()
            if not plan.network.update(plan.update(rate)):
                yield _not_finite(plan, rows)
                return
            plan.step += 1
            plan.position += len(rows)
            plan.loss_sum += outcome.loss * len(rows)
            plan.hits += outcome.hits
            seconds += time.perf_counter() - began
            images += len(rows)
            batch = -(-plan.position // plan.images_a_step)
            accuracy = outcome.hits / len(rows)
            seen = watch.finish(plan.run_id, plan.step, plan.epoch + 1) if watch else None
            yield StepEnd(
                plan.run_id, plan.step, plan.epoch + 1, batch, batches, outcome.loss, accuracy
            )
            if seen is not None:
                yield seen
            if (
                plan.sample_seconds is not None
                and time.monotonic() - sampled_at >= plan.sample_seconds
            ):
                yield sample(plan)
                sampled_at = time.monotonic()
        yield _end_epoch(plan, len(order), Spent(seconds, images, rate))
        if 0 < plan.settings.patience <= plan.standing.waited:
            break
    yield _stopped(plan)


def _stopped(plan: Plan) -> Stopped:
    """The last event of a training that did not break, with the best weights put back if wanted."""
    text = Text("Training is finished.")
    best = plan.standing.epoch
    early = plan.epoch < plan.settings.epochs
    if early:
        text = Text(
            "Stopped early: no progress in {waited} epochs since epoch {best}.",
            waited=plan.standing.waited,
            best=best,
        )
    if plan.best is not None:
        plan.network.load_parameters(plan.best)
        plan.best = None
        if best < plan.epoch:
            kept = Text("The weights of epoch {best} are kept, the best.", best=best)
            text = Text("{first} {second}", first=text, second=kept)
    return Stopped(plan.run_id, NO_PROGRESS if early else FINISHED, plan.step, text)


def _watch(plan: Plan, order: Array) -> Watch | None:
    """A look at the next step, if it is to be watched: at its images, and as many more as it takes."""
    wanted = plan.observation
    if not wanted.what or not wanted.due(plan.step + 1, time.monotonic() - plan.looked_at):
        return None
    plan.looked_at = time.monotonic()
    count = min(wanted.images, len(order))
    rows = np.take(order, np.arange(plan.position, plan.position + count), mode="wrap")
    return Watch(plan.network, wanted, plan.feed.at(rows), count)


def _compute(plan: Plan, rows: Array) -> Outcome:
    if plan.settings.accumulate == 1:
        return plan.network.compute(plan.feed.at(rows), len(rows), dropping=True, step=plan.step)
    parts = [rows[at : at + plan.batch_size] for at in range(0, len(rows), plan.batch_size)]
    feeds = [(plan.feed.at(part), len(part)) for part in parts]
    return plan.network.compute_in_parts(feeds, dropping=True, step=plan.step)


@dataclass(frozen=True)
class Spent:
    """What an epoch took: seconds, images, and the learning rate of its last step."""

    seconds: float
    images: int
    rate: float


def _end_epoch(plan: Plan, count: int, spent: Spent) -> EpochEnd:
    loss, accuracy = plan.loss_sum / count, plan.hits / count
    plan.epoch += 1
    plan.position, plan.loss_sum, plan.hits = 0, 0.0, 0.0
    validation_loss = validation_accuracy = None
    rows = plan.prepared.split.validation
    if len(rows):
        data = plan.prepared.dataset
        found = evaluate(plan.network, data.images, data.labels, plan.prepared.preprocessing, rows)
        validation_loss, validation_accuracy = found.loss, found.accuracy
    _take_standing(plan, loss if validation_loss is None else validation_loss)
    return EpochEnd(
        run_id=plan.run_id,
        epoch=plan.epoch,
        step=plan.step,
        loss=loss,
        accuracy=accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        seconds=spent.seconds,
        images_per_second=spent.images / spent.seconds if spent.seconds > 0 else 0.0,
        learning_rate=spent.rate,
    )


def _take_standing(plan: Plan, loss: float) -> None:
    """Whether this epoch was the best; what a plateau and the wish to keep the best make of it."""
    settings = plan.settings
    plan.standing = plan.standing.after(loss, plan.epoch, settings.least_progress)
    if not settings.keep_best:
        plan.best = None
    elif plan.standing.epoch == plan.epoch:
        plan.best = plan.network.parameters()
    if settings.schedule == PLATEAU and plan.standing.stalled >= settings.schedule_epochs:
        plan.standing = plan.standing.reduced()


def sample(plan: Plan) -> Sampled:
    """What panels show of the training as it stands between two events."""
    activations: dict[str, Array] = {}
    watched = plan.watched
    if watched is not None:
        images = plan.prepared.preprocessing.apply(watched[None])
        activations = {node: values[0] for node, values in plan.network.activations(images).items()}
    ratios = probes.update_ratios(plan.network, plan.update(plan.settings.learning_rate))
    return Sampled(plan.run_id, plan.step, probes.weights(plan.network), ratios, activations)


def _not_finite(plan: Plan, rows: Array) -> Stopped:
    node = first_not_finite(plan.network, plan.feed.at(rows), len(rows))
    message = Text(
        "At step {step} the numbers in {node} grew beyond what can be computed. "
        "The weights from before that step are kept. Try a smaller learning rate, or clip the gradient by global norm.",
        step=plan.step + 1,
        node=titles(plan.network.spec).get(node, Text("the loss")),
    )
    return Stopped(plan.run_id, NOT_FINITE, plan.step + 1, message, node)
