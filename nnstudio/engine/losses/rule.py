"""The base of every loss."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.buffers import zeros
from nnstudio.engine.program import LossBuffers
from nnstudio.network.layer import Array, Builder, Value


@dataclass(frozen=True)
class Targets:
    """What the outputs are compared with.

    ``single`` (classes,): of a single output, what an image of each class should give; empty for an
    output per class, of which the true one should give ``on`` and the others ``off``.
    ``weights`` (classes,): how much such an image counts; empty for 1 each.
    ``boundary``: of a single output, above it the image is of the second class.
    ``variance``: for numbers, that of the training images; 0 for classes. What is called a hit is
    then 1 − (output − target)²/variance, whose mean is the explained share of the variance.
    """

    single: tuple[float, ...] = ()
    on: float = 1.0
    off: float = 0.0
    weights: tuple[float, ...] = ()
    boundary: float = 0.0
    variance: float = 0.0

    def of(self, labels: Array, outputs: int) -> Array:
        """(outputs, N) float64 for images of the classes ``labels`` (N,)."""
        if self.single:
            return np.array(self.single)[labels][None]
        true = np.arange(outputs)[:, None] == labels
        return np.where(true, self.on, self.off)

    def tell(self, b: Builder, labels: Array, target: Array) -> None:
        """The same told to a builder, into ``target`` (outputs, N)."""
        if self.single:
            known = np.array(self.single, b.dtype)
            b.forward(known.take, labels, out=target[0], mode="clip")
            return
        index, true = np.arange(len(target)).reshape(-1, 1), b.scratch(target.shape, bool)
        b.forward(np.equal, index, labels, out=true)
        b.forward(np.multiply, true, b.dtype.type(self.on - self.off), out=target)
        b.forward(np.add, target, b.dtype.type(self.off), out=target)


class Loss(ABC):
    """A rule that compares outputs with targets; ``label`` is in ``nnstudio.network.heads.LOSSES``."""

    @abstractmethod
    def each(self, outputs: Array, targets: Array) -> Array:
        """The loss of each image, (N,) float64: ``outputs`` and ``targets`` are (outputs, N)."""

    @abstractmethod
    def tell(self, b: Builder, y: Value, target: Array, each: Array) -> None:
        """Tell the loss of each image, written to ``each`` (N,), and its gradient, to ``y.grad``.

        ``y.value`` and ``target``: (outputs, N). The gradient is neither weighted nor scaled yet.
        """

    def emit(self, b: Builder, y: Value, targets: Targets) -> LossBuffers:
        """The summed loss of a pass and the scaled gradient."""
        outputs, batch = y.value.shape
        loss = LossBuffers(
            labels=zeros((batch,), np.int64),
            scale=zeros((), b.dtype),
            total=zeros((), b.dtype),
            hits=zeros((), b.dtype),
        )
        target, each = b.scratch((outputs, batch)), b.scratch((batch,))
        targets.tell(b, loss.labels, target)
        self.tell(b, y, target, each)
        if targets.weights:
            weights, weight = np.array(targets.weights, b.dtype), b.scratch((batch,))
            b.forward(weights.take, loss.labels, out=weight, mode="clip")
            b.forward(np.multiply, each, weight, out=each)
            if y.grad is not None:
                b.backward(np.multiply, y.grad, weight, out=y.grad)
        b.forward(np.add.reduce, each, out=loss.total)
        self._count(b, y.value, target, targets, loss)
        if y.grad is not None:
            b.backward(np.multiply, y.grad, loss.scale, out=y.grad)
        return loss

    @staticmethod
    def _count(
        b: Builder, outputs: Array, target: Array, targets: Targets, loss: LossBuffers
    ) -> None:
        """How many images are named rightly, or how much of the variance is explained."""
        batch = outputs.shape[1]
        if targets.variance:
            off = b.scratch((batch,))
            b.forward(np.subtract, outputs[0], target[0], out=off)
            b.forward(np.multiply, off, off, out=off)
            b.forward(np.multiply, off, b.dtype.type(-1 / targets.variance), out=off)
            b.forward(np.add, off, 1, out=off)
            b.forward(np.add.reduce, off, out=loss.hits)
            return
        named, hit = b.scratch((batch,), np.int64), b.scratch((batch,), bool)
        if len(outputs) == 1:
            second = b.scratch((batch,), bool)
            b.forward(np.greater, outputs[0], targets.boundary, out=second)
            b.forward(np.copyto, named, second)
        else:
            b.forward(np.argmax, outputs, axis=0, out=named)
        b.forward(np.equal, named, loss.labels, out=hit)
        b.forward(np.add.reduce, hit, dtype=b.dtype, out=loss.hits)
