"""A compiled network for one batch size: flat lists of NumPy calls on buffers that never move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from nnstudio.network.layer import Array

Call = tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class LossBuffers:
    """What the loss reads and gives: ``labels`` (N,), ``scale`` of its gradient (0-d), and sums.

    ``total`` is the summed loss of the pass and ``hits`` the number of images named rightly, or their
    explained shares of the variance added up (0-d).
    """

    labels: Array
    scale: Array
    total: Array
    hits: Array


@dataclass
class Program:
    """``x``: (H, C, W, N) or (features, N) to fill before a pass; ``logits``: (classes, N) after it.

    ``values`` holds the output of every node where the program was compiled to observe them, and
    ``gradients`` the loss's gradient with respect to it, where it also was to train.
    Running it allocates nothing.
    """

    batch: int
    x: Array
    logits: Array
    forward_calls: list[Call] = field(default_factory=list)
    backward_calls: list[Call] = field(default_factory=list)
    loss: LossBuffers | None = None
    values: dict[str, Array] = field(default_factory=dict)
    gradients: dict[str, Array] = field(default_factory=dict)
    draws: bool = False
    """Whether it draws random numbers."""
    _pixels: Array | None = None

    def __post_init__(self) -> None:
        self._forward = [bound(call) for call in self.forward_calls]
        self._backward = [bound(call) for call in self.backward_calls]

    def fill(self, images: Array) -> None:
        """Copy ``images`` (N, C, H, W) or (N, features) into ``x``."""
        np.copyto(self.x, images.transpose(2, 1, 3, 0) if images.ndim == 4 else images.T)

    def fill_pixels(
        self,
        images: Array,
        rows: Array,
        scale: Array,
        shift: Array,
        change: Callable[[Array], Array] | None = None,
    ) -> None:
        """Copy ``images[rows]``, uint8 (all, H, W, C), into ``x`` as pixel·scale + shift a channel.

        ``rows``: (N,) int64; ``scale`` and ``shift``: (C, 1, 1) of the type of ``x``. ``change``
        is given the pixels (N, H, W, C) first.
        """
        if self._pixels is None:
            self._pixels = np.empty((self.batch, *images.shape[1:]), np.uint8)
        images.take(rows, axis=0, out=self._pixels, mode="clip")
        pixels = self._pixels if change is None else change(self._pixels)
        np.copyto(self.x, pixels.transpose(1, 3, 2, 0))
        np.multiply(self.x, scale, out=self.x)
        np.add(self.x, shift, out=self.x)

    def forward(self) -> None:
        """From ``x`` to ``logits``, and to the loss where there is one."""
        for call in self._forward:
            call()

    def backward(self) -> None:
        """From the loss to the gradient vector that the program was compiled on."""
        for call in self._backward:
            call()


_KEYWORD_ONLY = (np.maximum, np.minimum)
"""NumPy means to take the output of these by name only."""


def bound(call: Call) -> Callable[[], object]:
    """``call`` ready to be made; a ufunc gets its output by position, which halves NumPy's overhead."""
    function, arguments, options = call
    if (
        isinstance(function, np.ufunc)
        and set(options) == {"out"}
        and len(arguments) == function.nin
        and function not in _KEYWORD_ONLY
    ):
        return partial(function, *arguments, options["out"])
    return partial(function, *arguments, **options)
