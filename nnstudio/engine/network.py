"""A compiled network with its weights: the engine's face to scripts, the trainer and the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnstudio.engine.blas import hold_to_one_thread
from nnstudio.engine.compiler import check
from nnstudio.engine.crew import Crew
from nnstudio.engine.given import images_of, labels_of
from nnstudio.engine.losses import Objective
from nnstudio.engine.memory import check_weights
from nnstudio.engine.observing import ObservingPrograms
from nnstudio.engine.optimizers import OPTIMIZERS, Momentum, Step
from nnstudio.engine.options import check_options
from nnstudio.engine.program import Program
from nnstudio.engine.shards import Feed
from nnstudio.engine.threads import available_threads
from nnstudio.errors import NetworkError
from nnstudio.network import NetworkSpec, Node
from nnstudio.network.layer import Array
from nnstudio.text import Text

_PARTS_APART = 1 << 32
"""Between the step numbers from which the noise of two parts of one step follows."""


class Outcome(NamedTuple):
    """Of one batch: mean ``loss``, sum of ``hits``, and whether loss and gradient are finite."""

    loss: float
    hits: float
    finite: bool


class CompiledNetwork:
    """A network ready to compute, holding its weights in one flat vector.

    Images enter as (N, C, H, W) floats, already preprocessed; vectors as (N, features).
    Made by :func:`compile_network`.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        *,
        batch_size: int,
        dtype: npt.DTypeLike,
        seed: int,
        threads: int,
        processes: bool,
        optimizer: str,
        objective: Objective | None,
    ) -> None:
        hold_to_one_thread()
        self._blueprint = check(spec, objective)
        check_weights(self._blueprint, np.dtype(dtype).itemsize)
        self.spec = spec
        self.batch_size = batch_size
        self.dtype = np.dtype(dtype)
        self.threads = threads or available_threads()
        self.layout = self._blueprint.layout
        self._crew = Crew(
            self._blueprint, self.dtype, seed, self.threads, allow_processes=processes
        )
        self.weights = self._crew.vectors.values
        np.copyto(self.weights, self.layout.initial(seed, self.dtype))
        self.observing = ObservingPrograms(self._blueprint, self.weights)
        self.optimizer = OPTIMIZERS[optimizer]()
        self._asked = 0

    @property
    def outputs(self) -> int:
        """How many numbers the loss reads of one image."""
        return self._blueprint.outputs

    @property
    def objective(self) -> Objective:
        """What the network is trained for, and what its answers mean."""
        return self._blueprint.objective

    @property
    def multiply_adds(self) -> int:
        """Multiplications with a weight for one image, forward."""
        return self._blueprint.multiply_adds

    def start_processes(self) -> None:
        """Do not wait for a training to last: start the worker processes, if it may have any, now."""
        self._crew.start_processes()

    def program(self, batch: int, *, training: bool) -> Program:
        """The calls with which the first worker computes ``batch`` images, to look at."""
        return self._crew.shards[0].program(batch, training=training, dropping=training)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Those that the logits depend on, each after what it reads; without the output layer."""
        return self._blueprint.nodes

    @property
    def mixes_images(self) -> bool:
        """Whether a layer's output for one image depends on the other images of its batch."""
        return self._blueprint.mixes_images

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        return self.layout.learned

    def parameters(self) -> dict[str, Array]:
        """Copies by name ("conv1.weight"): (out, in, kh, kw), (out, in) and (out,)."""
        return self.layout.to_exchange(self.weights)

    def load_parameters(self, arrays: Mapping[str, Array]) -> None:
        """Take over all weights.

        Raises NetworkError, changing nothing, when one is missing, unfit or not finite.
        """
        self.layout.from_exchange(arrays, self.weights)

    def gradients(self) -> dict[str, Array]:
        """The gradient of the last batch by name, laid out as parameters; zeros before the first."""
        total = np.zeros(self.layout.learned, self.dtype)
        for gradient in self._crew.vectors.gradients[: self._crew.busy]:
            np.add(total, gradient, out=total)
        return self.layout.to_exchange(total)

    @property
    def memory(self) -> tuple[Array, ...]:
        """What the optimiser keeps, a vector (learned,) for each name in ``optimizer.memory``."""
        return self._crew.vectors.memory[: len(self.optimizer.memory)]

    def compute(
        self,
        feed: Feed,
        count: int,
        *,
        dropping: bool,
        step: int = 0,
        scale: float | None = None,
    ) -> Outcome:
        """Loss and gradient of ``count`` images; weights stay as they are until :meth:`update`.

        ``step``: from its number follows the noise of dropout; ``scale``: of each image's gradient,
        if it is not 1/count.
        """
        averages = self.weights[self.layout.learned :]
        before = averages.copy() if averages.size else averages
        lesson = self._crew.learn(
            feed, count, scale=1 / count if scale is None else scale, dropping=dropping, step=step
        )
        finite = lesson.finite
        if averages.size:
            finite = finite and bool(np.isfinite(averages).all())
        if not finite:
            # What a layer keeps without learning it was changed on the way, maybe to infinity.
            np.copyto(averages, before)
        return Outcome(lesson.loss / count, lesson.hits, finite)

    def next_change(self, step: Step) -> Array:
        """What :meth:`update` would add to the learned weights now, (learned,); nothing is changed."""
        learned = self.weights[: self.layout.learned]
        if not self._crew.busy:
            return np.zeros_like(learned)
        moved = learned.copy()
        gradients = self._crew.vectors.gradients[: self._crew.busy]
        self.optimizer.update(moved, gradients, [m.copy() for m in self.memory], step)
        return np.subtract(moved, learned, out=moved)

    def compute_in_parts(
        self, parts: Sequence[tuple[Feed, int]], *, dropping: bool, step: int = 0
    ) -> Outcome:
        """As :meth:`compute` for all parts together, one after the other: the same sum of gradients."""
        count = sum(size for _, size in parts)
        total = np.zeros(self.layout.learned, self.dtype)
        loss, hits, finite = 0.0, 0.0, True
        for number, (feed, size) in enumerate(parts):
            # Noise of its own for each part: far from that of any other step.
            noise = step + number * _PARTS_APART
            outcome = self.compute(feed, size, dropping=dropping, step=noise, scale=1 / count)
            np.add(total, self.gradient(), out=total)
            loss, hits = loss + outcome.loss * size, hits + outcome.hits
            finite = finite and outcome.finite
        np.copyto(self.gradient(), total)
        return Outcome(loss / count, hits, finite)

    def gradient(self) -> Array:
        """The gradient of the last batch as a vector (learned,), summed over the workers.

        What is written into it is what :meth:`update` follows.
        """
        return self._crew.gradient()

    def update(self, step: Step) -> bool:
        """Let the optimiser change the weights along the gradient of the last batch.

        False, with everything as it was, where weights would no longer be finite.
        """
        # A finite gradient alone leads to finite weights. Decay that turns weights around makes them
        # larger at each step, and no loss need tell.
        if step.learning_rate * step.weight_decay <= 1:
            self._crew.update(self.optimizer, step)
            return True
        kept = (self.weights, *self.memory)
        before = [array.copy() for array in kept]
        with np.errstate(all="ignore"):
            self._crew.update(self.optimizer, step)
        if np.isfinite(self.weights).all():
            return True
        for array, values in zip(kept, before, strict=True):
            np.copyto(array, values)
        return False

    def logits(self, feed: Feed, count: int) -> Array:
        """(count, outputs) for the images that ``feed`` gives: what the loss reads."""
        out = np.empty((count, self.outputs), self.dtype)
        if count:
            self._crew.predict(feed, count, out)
        return out

    def predict(self, x: Array) -> Array:
        """Logits (N, classes) of images (N, C, H, W); any N.

        Raises NetworkError for another shape, and for numbers that are not finite.
        """
        images = images_of(x, self.spec.input_shape, self.dtype)
        return self.logits(lambda program, a, b: program.fill(images[a:b]), len(images))

    def loss_and_gradients(
        self, x: Array, labels: Array, dropout: bool = False
    ) -> tuple[float, dict[str, Array]]:
        """Mean loss of (N, C, H, W) images with int labels (N,), and its gradient by name.

        Both with the penalties of layers that have some. Raises NetworkError for what does not fit.
        """
        images = images_of(x, self.spec.input_shape, self.dtype)
        classes = labels_of(labels, len(images), self.objective.classes)

        def feed(program: Program, start: int, end: int) -> None:
            program.fill(images[start:end])
            assert program.loss is not None
            np.copyto(program.loss.labels, classes[start:end])

        self._asked += dropout
        outcome = self.compute(feed, len(images), dropping=dropout, step=self._asked)
        return outcome.loss + self.layout.penalty(self.weights), self.gradients()

    def activations(self, x: Array) -> dict[str, Array]:
        """What every node gives for images (N, C, H, W): (N, C, H, W) or (N, features), copies."""
        images = images_of(x, self.spec.input_shape, self.dtype)
        if not len(images):
            raise NetworkError(
                "images", Text("There are none."), Text("Give at least one image to look at.")
            )
        program = self.observing.program(len(images))
        program.fill(images)
        # Numbers that overflow are shown as what they are.
        with np.errstate(all="ignore"):
            program.forward()
        return {name: to_exchange(value) for name, value in program.values.items()}


def to_exchange(value: Array) -> Array:
    """(H, C, W, N) to a copy (N, C, H, W); (features, N) to (N, features)."""
    turned = value.transpose(3, 1, 0, 2) if value.ndim == 4 else value.T
    return np.ascontiguousarray(turned).copy()


def compile_network(
    spec: NetworkSpec,
    *,
    batch_size: int = 64,
    dtype: npt.DTypeLike = np.float32,
    seed: int = 0,
    threads: int = 1,
    processes: bool = False,
    optimizer: str = Momentum.name,
    objective: Objective | None = None,
) -> CompiledNetwork:
    """Prepare ``spec`` for computing, with fresh weights drawn from ``seed``.

    ``batch_size`` is the number of images per training step; ``dtype`` float32, or float64 to check
    gradients; ``threads`` 0 uses all cores; ``processes``: whether, in a longer training, worker
    processes may take the place of threads, which gives the same bits sooner; ``objective``: what it is
    trained for, by default cross-entropy over its answers. Raises NetworkError naming the first problem,
    and for weights that memory has no room for.
    """
    check_options(batch_size, threads, seed, dtype, optimizer)
    try:
        return CompiledNetwork(
            spec,
            batch_size=batch_size,
            dtype=dtype,
            seed=seed,
            threads=threads,
            processes=processes,
            optimizer=optimizer,
            objective=objective,
        )
    except MemoryError as error:
        raise NetworkError(
            "network",
            Text("There is not enough memory for it ({detail}).", detail=str(error)),
            Text("Use smaller images, batches or layers."),
        ) from error
