"""The settings of penalties that training adds to the loss, the same for every layer with weights."""

from __future__ import annotations

from typing import Any

from nnstudio.settings import setting


def l1_setting() -> Any:
    """λ of λ·Σ|w|."""
    return setting(
        0.0,
        minimum=0.0,
        maximum=10.0,
        label="L1 penalty λ",
        group="Regularisation",
        help="Adds λ·Σ|w| to the loss: weights that help little become zero. The bias is left out.",
    )


def l2_setting() -> Any:
    """λ of λ/2·Σw²."""
    return setting(
        0.0,
        minimum=0.0,
        maximum=10.0,
        label="L2 penalty λ",
        group="Regularisation",
        help="Adds λ/2·Σw² to the loss: weights stay small. The bias is left out.",
    )
