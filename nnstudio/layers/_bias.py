"""One learned number per channel or unit, added as a stage of its own."""

from __future__ import annotations

import numpy as np

from nnstudio.network.layer import Array, Builder, Value


def add_bias(b: Builder, x: Value, *, axis: int) -> Value:
    """X + bias along ``axis`` (1 for (H, C, W, N), 0 for (features, N)), in place where allowed."""
    bias = b.parameter("bias")
    y = b.overwrite(x)
    shape = [1] * x.value.ndim
    shape[axis] = -1
    b.forward(np.add, x.value, bias.value.reshape(shape), out=y.value)
    if y.grad is not None:
        assert bias.grad is not None
        if y.grad.size == bias.grad.size:
            b.backward(np.copyto, bias.grad, y.grad.reshape(-1))
        else:
            _sum(b, y.grad, bias.grad)
        dx = b.gradient(x)
        if dx is not None and dx is not y.grad:
            b.backward(np.copyto, dx, y.grad)
    return y


def _sum(b: Builder, dy: Array, out: Array) -> None:
    """Sums of ``dy``, (H, C, W, N) or (C, N), over all but the channels into ``out`` (C,).

    A product with ones sums each row: three to eight times faster than np.add.reduce.
    """
    channels = out.size
    flat = dy.reshape(-1, channels, dy.size // (len(dy) * channels) if dy.ndim == 4 else dy.shape[1])
    ones = b.scratch(flat.shape[2:])
    ones.fill(1)
    by_row = out.reshape(1, -1) if len(flat) == 1 else b.scratch(flat.shape[:2])
    b.backward(np.dot, flat.reshape(-1, flat.shape[2]), ones, out=by_row.reshape(-1))
    if len(flat) > 1:
        b.backward(np.add.reduce, by_row, axis=0, out=out)
