"""How well a network reads images that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.data.preprocess import Preprocessing
from nnstudio.engine.feeds import pixel_feed
from nnstudio.engine.given import check_pixels, labels_of, rows_of
from nnstudio.engine.losses import Objective
from nnstudio.engine.network import CompiledNetwork
from nnstudio.network.layer import Array


@dataclass(frozen=True, eq=False)
class Evaluation:
    """``loss``: the mean; ``accuracy``: 0–1; ``confusion``: (true, predicted) counts.

    Of a network that answers with numbers: ``accuracy`` is the explained share of their variance
    (R², 1 at best), ``mean_error`` the mean absolute error in the data's unit, ``confusion`` empty.
    """

    loss: float
    accuracy: float
    confusion: Array
    mean_error: float | None = None


def evaluate(
    network: CompiledNetwork,
    images: Array,
    labels: Array,
    preprocessing: Preprocessing,
    rows: Array | None = None,
) -> Evaluation:
    """Predict ``images`` uint8 (n, H, W, C), or those at ``rows`` only, and compare with ``labels``.

    No images give NaN for loss and accuracy. Raises NetworkError or DataError for what does not fit.
    """
    chosen = np.arange(len(images)) if rows is None else rows_of(rows, len(images))
    objective = network.objective
    check_pixels(images, network.spec.input_shape)
    truth = np.zeros(0, np.int64)
    if len(images):
        truth = labels_of(labels, len(images), objective.classes)[chosen]
    feed = pixel_feed(images, None, chosen, preprocessing, network.dtype)
    outputs = network.logits(feed, len(chosen))
    confusion = np.zeros((0 if objective.of_numbers else objective.classes,) * 2, np.int64)
    if not len(chosen):
        return Evaluation(float("nan"), float("nan"), confusion)
    # An exploding network answers with infinities: its loss is then not finite, which is no error here.
    with np.errstate(all="ignore"):
        loss = float(objective.losses(outputs, truth).mean())
        if objective.of_numbers:
            return _of_numbers(objective, outputs, truth, loss)
        named = objective.shares(outputs).argmax(axis=1)
    np.add.at(confusion, (truth, named), 1)
    return Evaluation(loss, float(np.mean(named == truth)), confusion)


def _of_numbers(objective: Objective, outputs: Array, truth: Array, loss: float) -> Evaluation:
    wanted = objective.numbers(objective.targets.of(truth, 1).T)
    off = objective.numbers(outputs) - wanted
    variance = float(wanted.var())
    explained = 1 - float(np.square(off).mean()) / variance if variance else float("nan")
    return Evaluation(loss, explained, np.zeros((0, 0), np.int64), float(np.abs(off).mean()))
