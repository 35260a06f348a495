"""One learned number per channel or unit, added as a stage of its own."""

from __future__ import annotations

import numpy as np

from nnstudio.layers._channels import rows, stretched, sum_rows
from nnstudio.network.layer import Builder, Value


def add_bias(b: Builder, x: Value) -> Value:
    """X + bias of the channel in (H, C, W, N), of the unit in (features, N), in place where allowed."""
    bias = b.parameter("bias")
    y = b.overwrite(x)
    if y.value.ndim == 2:
        b.forward(np.add, x.value, bias.value[:, None], out=y.value)
    else:
        into = rows(y.value)
        b.forward(np.add, rows(x.value), stretched(b, b.forward, bias.value, into), out=into)
    if y.grad is not None:
        assert bias.grad is not None
        sum_rows(b, b.backward, rows(y.grad), bias.grad)
        dx = b.gradient(x)
        if dx is not None and dx is not y.grad:
            b.backward(np.copyto, dx, y.grad)
    return y
