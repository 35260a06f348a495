"""Training as a generator of events: pausing is not asking for the next, stopping is closing it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from nnstudio.data.recipe import Prepared
from nnstudio.engine import probes
from nnstudio.engine.breakage import first_not_finite
from nnstudio.engine.evaluation import evaluate
from nnstudio.engine.feeds import pixel_feed
from nnstudio.engine.network import CompiledNetwork, Outcome, compile_network
from nnstudio.engine.observation import Observation
from nnstudio.engine.optimizers import Step
from nnstudio.engine.schedules import SCHEDULES
from nnstudio.engine.training import (
    FINISHED,
    NOT_FINITE,
    EpochEnd,
    Event,
    Sampled,
    StepEnd,
    Stopped,
    TrainingSettings,
    TrainingState,
)
from nnstudio.engine.watch import Watch
from nnstudio.errors import NetworkError
from nnstudio.network import NetworkSpec, training_problems
from nnstudio.network.layer import Array
from nnstudio.network.titles import titles
from nnstudio.text import Text


class Plan:
    """A training under way: the network with its weights, the data, and how far it has come.

    Whoever drives :func:`train` may, between two events, read :meth:`state`, exchange ``settings``
    (learning rate, schedule, momentum and epochs take effect at the next step), ``watched``, the uint8
    image (H, W, C) whose activations :class:`Sampled` carries, and ``observation``, what is asked to be
    seen of a step.
    """

    def __init__(
        self, network: CompiledNetwork, settings: TrainingSettings, prepared: Prepared, run_id: int
    ) -> None:
        self.network = network
        self.settings = settings
        self.prepared = prepared
        self.run_id = run_id
        data = prepared.dataset
        self.feed = pixel_feed(
            data.images, data.labels, prepared.split.train, prepared.preprocessing, network.dtype
        )
        self.watched: Array | None = None
        self.sample_seconds: float | None = 0.25
        self.observation = Observation()
        self.looked_at = time.monotonic()
        self.batch_size = settings.batch_size
        self.step = 0
        self.epoch = 0
        self.position = 0
        self.loss_sum = 0.0
        self.hits = 0

    @property
    def threads(self) -> int:
        return self.network.threads

    def learning_rate(self) -> float:
        """What the next step uses: the setting times the schedule's factor."""
        total = self.settings.epochs * len(self.prepared.split.train)
        done = self.epoch * len(self.prepared.split.train) + self.position
        return self.settings.learning_rate * SCHEDULES[self.settings.schedule](done / total)

    def update(self, learning_rate: float) -> Step:
        """The numbers of an update with this learning rate."""
        return Step(learning_rate, self.settings.momentum)

    def state(self) -> TrainingState:
        """Copies of everything that continues this training with the same bits."""
        return TrainingState(
            parameters=self.network.parameters(),
            velocity=self.network.layout.to_exchange(self.network.memory[0]),
            step=self.step,
            epoch=self.epoch,
            position=self.position,
            loss_sum=self.loss_sum,
            hits=self.hits,
        )

    def restore(self, state: TrainingState) -> None:
        """Continue from ``state``. Raises NetworkError when its weights are of another network."""
        self.network.load_parameters(state.parameters)
        self.network.layout.from_exchange(state.velocity, self.network.memory[0])
        self.step, self.epoch, self.position = state.step, state.epoch, state.position
        self.loss_sum, self.hits = state.loss_sum, state.hits

    def order(self) -> Array:
        """The rows of the training images in the order of the running epoch, (count,) int64."""
        stream = np.random.SeedSequence((self.settings.seed, 2, self.epoch))
        return np.random.Generator(np.random.PCG64(stream)).permutation(self.prepared.split.train)


def make_plan(
    spec: NetworkSpec,
    settings: TrainingSettings,
    prepared: Prepared,
    *,
    run_id: int = 1,
    state: TrainingState | None = None,
) -> Plan:
    """A training of ``spec`` on ``prepared``, from fresh weights or from ``state``.

    Raises NetworkError with the first problem when network and data do not fit.
    """
    dataset = prepared.dataset
    problems = training_problems(spec, dataset.shape, len(dataset.classes))
    if problems:
        first = problems[0]
        raise NetworkError(str(titles(spec).get(first.node, "network")), first.what, first.why)
    if not len(prepared.split.train):
        raise NetworkError(
            dataset.source,
            Text("No images are left for training."),
            Text("Make the other parts smaller."),
        )
    network = compile_network(
        spec,
        batch_size=min(settings.batch_size, len(prepared.split.train)),
        seed=settings.seed,
        threads=settings.threads,
        processes=True,
    )
    plan = Plan(network, settings, prepared, run_id)
    if state is not None:
        plan.restore(state)
    return plan


def train(plan: Plan) -> Iterator[Event]:
    """Train until the epochs of ``plan.settings`` are done; the last event is a Stopped.

    Between two events the plan is a whole: :meth:`Plan.state` continues from there, bit for bit.
    When loss or gradient are not finite, the weights stay as they were before that step.
    """
    sampled_at = time.monotonic()
    while plan.epoch < plan.settings.epochs:
        order = plan.order()
        batches = -(-len(order) // plan.batch_size)
        seconds, images = 0.0, 0
        while plan.position < len(order):
            watch = _watch(plan, order)
            began = time.perf_counter()
            rows = order[plan.position : plan.position + plan.batch_size]
            outcome = _compute(plan, rows)
            if not outcome.finite:
                yield _not_finite(plan, rows)
                return
            plan.network.update(plan.update(plan.learning_rate()))
            plan.step += 1
            plan.position += len(rows)
            plan.loss_sum += outcome.loss * len(rows)
            plan.hits += outcome.hits
            seconds += time.perf_counter() - began
            images += len(rows)
            batch = -(-plan.position // plan.batch_size)
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
        yield _end_epoch(plan, len(order), seconds, images)
    yield Stopped(plan.run_id, FINISHED, plan.step, Text("Training is finished."))


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
    return plan.network.compute(plan.feed.at(rows), len(rows), dropping=True, step=plan.step)


def _end_epoch(plan: Plan, count: int, seconds: float, images: int) -> EpochEnd:
    loss, accuracy = plan.loss_sum / count, plan.hits / count
    plan.epoch += 1
    plan.position, plan.loss_sum, plan.hits = 0, 0.0, 0
    validation_loss = validation_accuracy = None
    rows = plan.prepared.split.validation
    if len(rows):
        data = plan.prepared.dataset
        found = evaluate(plan.network, data.images, data.labels, plan.prepared.preprocessing, rows)
        validation_loss, validation_accuracy = found.loss, found.accuracy
    speed = images / seconds if seconds > 0 else 0.0
    return EpochEnd(
        plan.run_id,
        plan.epoch,
        plan.step,
        loss,
        accuracy,
        validation_loss,
        validation_accuracy,
        seconds,
        speed,
    )


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
        "The weights from before that step are kept. Try a smaller learning rate.",
        step=plan.step + 1,
        node=titles(plan.network.spec).get(node, Text("the loss")),
    )
    return Stopped(plan.run_id, NOT_FINITE, plan.step + 1, message, node)
