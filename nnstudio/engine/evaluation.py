"""How well a network reads images that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.data.preprocess import Preprocessing
from nnstudio.engine.feeds import pixel_feed
from nnstudio.engine.losses import cross_entropy
from nnstudio.engine.network import CompiledNetwork
from nnstudio.network.layer import Array


@dataclass(frozen=True, eq=False)
class Evaluation:
    """``loss``: mean cross-entropy; ``accuracy``: 0–1; ``confusion``: (true, predicted) counts."""

    loss: float
    accuracy: float
    confusion: Array


def evaluate(
    network: CompiledNetwork,
    images: Array,
    labels: Array,
    preprocessing: Preprocessing,
    rows: Array | None = None,
) -> Evaluation:
    """Predict ``images`` uint8 (n, H, W, C), or those at ``rows`` only, and compare with ``labels``.

    No images give NaN for loss and accuracy.
    """
    chosen = np.arange(len(images)) if rows is None else np.asarray(rows, np.int64)
    feed = pixel_feed(images, None, chosen, preprocessing, network.dtype)
    logits = network.logits(feed, len(chosen))
    truth = np.asarray(labels, np.int64)[chosen]
    confusion = np.zeros((network.classes, network.classes), np.int64)
    if not len(chosen):
        return Evaluation(float("nan"), float("nan"), confusion)
    named = logits.argmax(axis=1)
    np.add.at(confusion, (truth, named), 1)
    # An exploding network answers with infinities: its loss is then not finite, which is no error here.
    with np.errstate(all="ignore"):
        loss = cross_entropy(logits, truth)
    return Evaluation(loss, float(np.mean(named == truth)), confusion)
