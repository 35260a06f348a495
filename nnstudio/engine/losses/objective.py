"""Which loss trains a network on some data, and what its outputs then mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nnstudio.engine.losses.absolute_error import AbsoluteError
from nnstudio.engine.losses.binary_cross_entropy import BinaryCrossEntropy
from nnstudio.engine.losses.cross_entropy import CrossEntropy, probabilities
from nnstudio.engine.losses.hinge import Hinge
from nnstudio.engine.losses.rule import Loss, Targets
from nnstudio.engine.losses.squared_error import SquaredError
from nnstudio.errors import NetworkError
from nnstudio.network import NetworkSpec, infer
from nnstudio.network.heads import (
    ABSOLUTE,
    AUTO,
    BINARY,
    CROSS_ENTROPY,
    HINGE,
    SQUARED,
    answers_of,
    head_of,
    values_of,
)
from nnstudio.network.layer import Array
from nnstudio.text import Text

RULES: dict[str, Loss] = {
    CROSS_ENTROPY: CrossEntropy(),
    BINARY: BinaryCrossEntropy(),
    SQUARED: SquaredError(),
    ABSOLUTE: AbsoluteError(),
    HINGE: Hinge(),
}
NO_WEIGHTS, BALANCED = "none", "balanced"


class LossSettings(Protocol):
    """The part of a training's settings that concerns the loss."""

    @property
    def loss(self) -> str: ...
    @property
    def label_smoothing(self) -> float: ...
    @property
    def class_weights(self) -> str: ...


@dataclass(frozen=True)
class LossChoice:
    """The settings with which a trained network is used: nothing but which ``loss`` it was trained for."""

    loss: str = AUTO
    label_smoothing: float = 0.0
    class_weights: str = NO_WEIGHTS


@dataclass(frozen=True)
class Objective:
    """``loss``: its key; ``answer``: id of the node whose output it reads, ``final`` of that behind it.

    ``classes`` of the data. ``middle`` and ``spread``: for numbers, an output y means the number
    y·spread + middle; ``spread`` is 0 for classes.
    """

    loss: str
    answer: str
    final: str
    classes: int
    targets: Targets
    middle: float = 0.0
    spread: float = 0.0

    @property
    def of_numbers(self) -> bool:
        """Whether the network answers with a number, and not with a class."""
        return self.spread > 0

    @property
    def rule(self) -> Loss:
        return RULES[self.loss]

    def numbers(self, outputs: Array) -> Array:
        """(N,) float64 in the data's own unit, of ``outputs`` (N, 1)."""
        found: Array = np.asarray(outputs[:, 0], np.float64) * self.spread + self.middle
        return found

    def shares(self, outputs: Array) -> Array:
        """(N, classes) from 0 to 1, of ``outputs`` (N, outputs): the largest is the answer.

        Probabilities where the loss makes them so; those of a yes or no for each class need not add
        up to 1. Of hinge and errors, which know of none, they keep the order of the outputs.
        """
        if self.loss == CROSS_ENTROPY:
            return probabilities(outputs)
        y = np.asarray(outputs, np.float64)
        if y.shape[1] == 1:
            errors = self.loss in (SQUARED, ABSOLUTE)
            second = np.clip(y, 0, 1) if errors else np.exp(-np.logaddexp(0, -y))
            both: Array = np.concatenate([1 - second, second], axis=1).astype(outputs.dtype)
            return both
        if self.loss == BINARY:
            found: Array = np.exp(-np.logaddexp(0, -y)).astype(outputs.dtype)
            return found
        return probabilities(outputs)

    def losses(self, outputs: Array, labels: Array) -> Array:
        """The loss of each image, (N,) float64, without weights or smoothing: to judge by."""
        targets = self.targets.of(labels, outputs.shape[1])
        if not self.of_numbers and self.loss != HINGE:
            targets = np.round(targets)
        return self.rule.each(outputs.T, targets)


def objective_of(
    spec: NetworkSpec,
    names: tuple[str, ...],
    settings: LossSettings,
    counts: tuple[int, ...] = (),
) -> Objective:
    """For a network without problems on data of the classes ``names``.

    ``counts``: training images of each class, for weights and for the variance; none to predict.
    """
    output = spec.output()
    shape = infer(spec).shapes[output.id] if output is not None else None
    if output is None or shape is None:
        raise NetworkError(
            "network", Text("It has no layers."), Text("Add layers or begin with a template.")
        )
    asked = answers_of(names)
    head = head_of(spec, output, shape[-1], loss=settings.loss, asked=asked)
    final = head.final.id if head.final is not None else ""
    values = values_of(names)
    if shape[-1] == 1 and head.loss in (SQUARED, ABSOLUTE) and values and len(values) > 2:
        return _of_numbers(head.loss, head.answer, values, counts)
    off, on = _ends(head.loss, shape[-1], settings.label_smoothing)
    boundary = 0.5 if head.loss in (SQUARED, ABSOLUTE) else 0.0
    weights = _weights(counts) if settings.class_weights == BALANCED else ()
    single = (off, on) if shape[-1] == 1 else ()
    targets = Targets(single, on, off, weights, boundary)
    return Objective(head.loss, head.answer, final, len(names), targets)


def plain_objective(answer: str, final: str, outputs: int) -> Objective:
    """Cross-entropy over as many classes as there are outputs: of a network without any data."""
    return Objective(CROSS_ENTROPY, answer, final, outputs, Targets())


def _of_numbers(
    loss: str, answer: str, values: tuple[float, ...], counts: tuple[int, ...]
) -> Objective:
    """Compare with numbers brought to mean 0 and deviation 1 over the classes, so that any unit will do."""
    known = np.array(values)
    middle, spread = float(known.mean()), float(known.std())
    standard = (known - middle) / spread
    share = np.array(counts or (1,) * len(known), float)
    share /= max(1.0, share.sum())
    variance = float(share @ np.square(standard - share @ standard)) or 1.0
    targets = Targets(tuple(standard.tolist()), variance=variance)
    return Objective(loss, answer, "", len(known), targets, middle, spread)


def _ends(loss: str, outputs: int, smoothing: float) -> tuple[float, float]:
    """What a class that an image is not of should give, and what the one that it is of."""
    if loss == HINGE:
        return -1.0, 1.0
    if loss == CROSS_ENTROPY:
        return smoothing / outputs, 1 - smoothing + smoothing / outputs
    return (smoothing / 2, 1 - smoothing / 2) if loss == BINARY else (0.0, 1.0)


def _weights(counts: tuple[int, ...]) -> tuple[float, ...]:
    """n/(K·n_c): all classes count alike, and the mean over the images is 1."""
    present = sum(count > 0 for count in counts)
    total = sum(counts)
    return tuple(total / (present * count) if count else 0.0 for count in counts)
