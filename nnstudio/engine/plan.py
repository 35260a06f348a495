"""A training under way: what it needs to take its next step, and to continue later with the same bits."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from nnstudio.data.augment import Augmenting
from nnstudio.data.recipe import Prepared
from nnstudio.engine import free_memory
from nnstudio.engine.clipping import GLOBAL_NORM, NORM, VALUE, clip_by_norm, shortening
from nnstudio.engine.compiler import check
from nnstudio.engine.feeds import PixelFeed, pixel_feed
from nnstudio.engine.losses import Objective, objective_of
from nnstudio.engine.memory import MemoryEstimate, check_weights, memory_estimate
from nnstudio.engine.network import CompiledNetwork, compile_network
from nnstudio.engine.observation import Observation
from nnstudio.engine.optimizers import OPTIMIZERS, Step
from nnstudio.engine.schedules import Standing, factor
from nnstudio.engine.threads import available_threads
from nnstudio.engine.training import TrainingSettings, TrainingState
from nnstudio.errors import NetworkError
from nnstudio.network import NetworkSpec, training_problems
from nnstudio.network.heads import answers_of
from nnstudio.network.layer import Array
from nnstudio.network.titles import titles
from nnstudio.text import Text


class Plan:
    """A training under way: the network with its weights, the data, and how far it has come.

    Whoever drives :func:`train` may, between two events, read :meth:`state`, exchange ``settings``
    (learning rate, schedule, momentum and epochs take effect at the next step), ``watched``, the uint8
    image (H, W, C) whose activations :class:`Sampled` carries, and ``observation``, what is asked to be
    seen of a step. ``memory`` is what it will take at most, on top of the program and the images.
    """

    def __init__(
        self,
        network: CompiledNetwork,
        settings: TrainingSettings,
        prepared: Prepared,
        run_id: int,
        memory: MemoryEstimate,
    ) -> None:
        self.network = network
        self.settings = settings
        self.prepared = prepared
        self.run_id = run_id
        self.memory = memory
        data = prepared.dataset
        self._feed = pixel_feed(
            data.images, data.labels, prepared.split.train, prepared.preprocessing, network.dtype
        )
        self._augmentation = settings.augmentation()
        self.watched: Array | None = None
        self.sample_seconds: float | None = 0.25
        self.observation = Observation()
        self.looked_at = time.monotonic()
        count = len(prepared.split.train)
        self.batch_size = min(settings.batch_size, count) or count
        self.step = 0
        self.epoch = 0
        self.position = 0
        self.loss_sum = 0.0
        self.hits = 0.0
        self.standing = Standing()
        self.best: dict[str, Array] | None = None

    @property
    def threads(self) -> int:
        return self.network.threads

    @property
    def feed(self) -> PixelFeed:
        """The training images as they are in the running epoch."""
        how = self._augmentation
        told = self._feed.augmenting
        if how.changes and (told is None or told.epoch != self.epoch):
            changing = Augmenting(how, self.settings.seed, self.epoch)
            self._feed = replace(self._feed, augmenting=changing)
        return self._feed

    @property
    def images_a_step(self) -> int:
        """How many images an update is made of: a batch, or several with their gradients added up."""
        return self.batch_size * self.settings.accumulate

    def learning_rate(self) -> float:
        """What the next step uses: the setting times the schedule's factor."""
        count = len(self.prepared.split.train)
        done = self.epoch + self.position / count
        after = self.epoch + min(count, self.position + self.images_a_step) / count
        settings = self.settings
        return settings.learning_rate * factor(
            settings.schedule, settings.pace(), done, after, self.standing.reductions
        )

    def update(self, learning_rate: float) -> Step:
        """The numbers of an update with this learning rate.

        Clipping that needs the whole gradient looks at that of the last batch, and by norm cuts it.
        """
        settings, network = self.settings, self.network
        scale, clip_value = 1.0, math.inf
        if settings.clipping == VALUE:
            clip_value = settings.clip_at
        elif settings.clipping == NORM:
            clip_by_norm(network.layout, network.gradient(), settings.clip_at)
        elif settings.clipping == GLOBAL_NORM:
            scale = shortening([network.gradient()], settings.clip_at)
        return Step(
            learning_rate=learning_rate,
            momentum=settings.momentum,
            second=settings.second_momentum,
            weight_decay=settings.weight_decay,
            number=self.step + 1,
            clip_value=clip_value,
            scale=scale,
        )

    def state(self) -> TrainingState:
        """Copies of everything that continues this training with the same bits."""
        layout, network = self.network.layout, self.network
        return TrainingState(
            parameters=network.parameters(),
            memory={
                name: layout.to_exchange(vector)
                for name, vector in zip(network.optimizer.memory, network.memory, strict=True)
            },
            step=self.step,
            epoch=self.epoch,
            position=self.position,
            loss_sum=self.loss_sum,
            hits=self.hits,
            standing=self.standing,
            best=self.best,
            loss=self.settings.loss,
        )

    def restore(self, state: TrainingState) -> None:
        """Continue from ``state``. Raises NetworkError when it is of another network or other data.

        An optimiser that did not train it so far begins with an empty memory.
        """
        count = len(self.prepared.split.train)
        if state.position > count:
            raise NetworkError(
                "training state",
                Text(
                    "It stopped within an epoch after {position} images, but there are {count}.",
                    position=state.position,
                    count=count,
                ),
                Text("Train on the images that it was begun with, or from the beginning."),
            )
        self.network.load_parameters(state.parameters)
        for name, vector in zip(self.network.optimizer.memory, self.network.memory, strict=True):
            if name in state.memory:
                # Sums of squares may have outgrown single precision: their steps are 0 then.
                self.network.layout.from_exchange(
                    state.memory[name], vector, infinity=name == "square"
                )
        self.step, self.epoch, self.position = state.step, state.epoch, state.position
        self.loss_sum, self.hits = state.loss_sum, state.hits
        self.standing, self.best = state.standing, state.best

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
    asked = answers_of(dataset.classes)
    problems = training_problems(spec, dataset.shape, asked, settings.loss)
    if problems:
        first = problems[0]
        raise NetworkError(str(titles(spec).get(first.node, "network")), first.what, first.why)
    if not len(prepared.split.train):
        raise NetworkError(
            dataset.source,
            Text("No images are left for training."),
            Text("Make the other parts smaller."),
        )
    count = len(prepared.split.train)
    batch = min(settings.batch_size, count) or count
    objective = objective_of(
        spec, dataset.classes, settings, dataset.counts_of(prepared.split.train)
    )
    told = _told_memory(spec, settings, batch, objective)
    network = compile_network(
        spec,
        batch_size=batch,
        seed=settings.seed,
        threads=settings.threads,
        processes=True,
        optimizer=settings.optimizer,
        objective=objective,
    )
    plan = Plan(network, settings, prepared, run_id, told)
    if state is not None:
        plan.restore(state)
    return plan


def _told_memory(
    spec: NetworkSpec, settings: TrainingSettings, batch: int, objective: Objective
) -> MemoryEstimate:
    """What a step will need. Raises NetworkError when that is more memory than there is."""
    free = free_memory.available()
    kept = len(OPTIMIZERS[settings.optimizer].memory)
    # Weights, gradient, and what the optimiser keeps: no smaller batch would help.
    check_weights(check(spec, objective), np.dtype(np.float32).itemsize, 2 + kept)
    told = memory_estimate(
        spec,
        batch,
        threads=settings.threads or available_threads(),
        processes=True,
        optimizer=settings.optimizer,
        objective=objective,
    )
    if free is not None and told.total > free:
        raise NetworkError(
            "batch size",
            Text(
                "A step on {batch} images needs {needed} MB of memory, and {free} MB are free.",
                batch=batch,
                needed=-(-told.total >> 20),
                free=free >> 20,
            ),
            Text(
                "Make the batch smaller; with Accumulate several of them make one step all the same."
            ),
        )
    return told
