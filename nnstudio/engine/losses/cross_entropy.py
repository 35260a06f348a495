"""Softmax and cross-entropy: for one of several classes."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.buffers import zeros
from nnstudio.engine.given import labels_of
from nnstudio.engine.losses.rule import Loss, Targets
from nnstudio.engine.program import LossBuffers
from nnstudio.network.layer import Array, Builder, Value


class CrossEntropy(Loss):
    """−Σ t·ln softmax(z) for targets t that add up to 1; its gradient is softmax(z) − t.

    With label smoothing ε a target is 1 − ε + ε/K for the true class and ε/K for the others, so that
    the network need not become ever surer of itself (Szegedy et al. 2016).
    """

    def each(self, outputs: Array, targets: Array) -> Array:
        z = np.asarray(outputs, np.float64)
        z = z - z.max(axis=0)
        found: Array = np.log(np.exp(z).sum(axis=0)) - (z * targets).sum(axis=0)
        return found

    def emit(self, b: Builder, y: Value, targets: Targets) -> LossBuffers:
        plain = (targets.on, targets.off) == (1, 0) and not targets.weights
        return emit_softmax_cross_entropy(b, y) if plain else super().emit(b, y, targets)

    def tell(self, b: Builder, y: Value, target: Array, each: Array) -> None:
        classes, batch = y.value.shape
        shifted, powers = (b.scratch((classes, batch)) for _ in range(2))
        row, picked = b.scratch((batch,)), b.scratch((batch,))
        b.forward(np.maximum.reduce, y.value, axis=0, out=row)
        b.forward(np.subtract, y.value, row, out=shifted)
        b.forward(np.multiply, shifted, target, out=powers)
        b.forward(np.add.reduce, powers, axis=0, out=picked)
        b.forward(np.exp, shifted, out=powers)
        b.forward(np.add.reduce, powers, axis=0, out=row)
        b.forward(np.log, row, out=each)
        b.forward(np.subtract, each, picked, out=each)
        if y.grad is not None:
            b.backward(np.divide, powers, row, out=y.grad)
            b.backward(np.subtract, y.grad, target, out=y.grad)


def emit_softmax_cross_entropy(b: Builder, logits: Value) -> LossBuffers:
    """−ln softmax(z)[label], summed over the batch; its gradient is (softmax(z) − one-hot)·scale.

    ``logits``: (classes, N). The largest logit is subtracted first, so that nothing overflows.
    """
    classes, batch = logits.value.shape
    alone = batch == 1
    each, hit = b.scratch((batch,)), b.scratch((batch,), bool)
    loss = LossBuffers(
        labels=zeros((batch,), np.int64),
        scale=zeros((), b.dtype),
        total=each.reshape(()) if alone else zeros((), b.dtype),
        hits=hit.reshape(()) if alone else zeros((), np.int64),
    )
    one_hot = np.eye(classes, dtype=b.dtype)
    # The sums over classes are products with ones: half the time of np.add.reduce for so few rows.
    ones = np.ones(classes, b.dtype)
    true_class, shifted, powers = (b.scratch((classes, batch)) for _ in range(3))
    row, true_logit = b.scratch((batch,)), b.scratch((batch,))
    of_each = row.reshape(()) if alone else row

    b.forward(one_hot.take, loss.labels, axis=1, out=true_class, mode="clip")
    b.forward(np.maximum.reduce, logits.value, axis=0, out=row)
    b.forward(np.subtract, logits.value, of_each, out=shifted)
    b.forward(np.multiply, shifted, true_class, out=powers)
    b.forward(np.dot, ones, powers, out=true_logit)
    b.forward(np.exp, shifted, out=powers)
    b.forward(np.dot, ones, powers, out=row)
    if logits.grad is not None:
        b.backward(np.divide, powers, of_each, out=logits.grad)
        b.backward(np.subtract, logits.grad, true_class, out=logits.grad)
        b.backward(np.multiply, logits.grad, loss.scale, out=logits.grad)
    # The gradient reads the sums of powers in ``row``, so the logarithm goes elsewhere.
    b.forward(np.log, row, out=each)
    b.forward(np.subtract, each, true_logit, out=each)
    # Less the largest, the true logit is 0 where it is the largest itself.
    b.forward(np.equal, true_logit, b.scratch(()), out=hit)
    if not alone:
        b.forward(np.add.reduce, each, axis=None, out=loss.total)
        b.forward(np.add.reduce, hit, axis=None, dtype=np.int64, out=loss.hits)
    return loss


def probabilities(logits: Array) -> Array:
    """softmax(logits) over the last axis: (N, classes) to (N, classes), each row summing to 1."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result


def cross_entropy(logits: Array, labels: Array) -> float:
    """The mean of −ln softmax(logits)[label] in float64; ``logits`` (N, classes), ``labels`` (N,).

    Raises NetworkError for labels that do not fit.
    """
    z = np.asarray(logits, np.float64)
    true = labels_of(labels, len(z), z.shape[1])
    z = z - z.max(axis=1, keepdims=True)
    each = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), true]
    return float(each.mean())
