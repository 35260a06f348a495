"""One learned number per channel or unit, added as a stage of its own."""

from __future__ import annotations

import numpy as np

from nnstudio.network.layer import Builder, Value


def add_bias(b: Builder, x: Value, *, axis: int) -> Value:
    """X + bias along ``axis`` (1 for (H, C, W, N), 0 for (features, N)), in place where allowed."""
    bias = b.parameter("bias")
    y = b.overwrite(x)
    shape = [1] * x.value.ndim
    shape[axis] = -1
    b.forward(np.add, x.value, bias.value.reshape(shape), out=y.value)
    if y.grad is not None:
        if y.grad.ndim == 4:
            # A product with ones sums each row: three times faster than np.add.reduce.
            height, channels = y.grad.shape[:2]
            flat = y.grad.reshape(height, channels, -1)
            ones = b.scratch((flat.shape[2], 1))
            ones.fill(1)
            sums = b.scratch((height, channels, 1))
            b.backward(np.matmul, flat, ones, out=sums)
            b.backward(np.add.reduce, sums, axis=(0, 2), out=bias.grad)
        elif b.batch == 1:
            b.backward(np.copyto, bias.grad, y.grad[:, 0])
        else:
            b.backward(np.add.reduce, y.grad, axis=1, out=bias.grad)
        dx = b.gradient(x)
        if dx is not None and dx is not y.grad:
            b.backward(np.copyto, dx, y.grad)
    return y
