"""The self-normalising exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnstudio.layers._activation import Activation, examples
from nnstudio.layers.elu import emit_exponential
from nnstudio.network.layer import Array, Builder, Shape, Value, layer
from nnstudio.network.ops import Op

ALPHA = 1.6732632423543772
SCALE = 1.0507009873554805
"""Numbers with which mean 0 and variance 1 stay as they are from layer to layer (Klambauer et al. 2017)."""


@layer
@dataclass(frozen=True)
class SELU(Activation):
    """Self-normalising ELU: y = λ·x for x > 0, else λ·α·(eˣ − 1), with λ ≈ 1.0507 and α ≈ 1.6733.

    With LeCun initialisation, activations keep mean 0 and variance 1 through deep stacks of dense
    layers without any normalisation (Klambauer et al. 2017).
    """

    label = "SELU"
    stem = "selu"

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        return emit_exponential(b, x, ALPHA, SCALE)

    def slope(self, y: Array) -> Array:
        return np.where(y > 0, SCALE, y + SCALE * ALPHA)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        return (Op("Selu", attributes={"alpha": ALPHA, "gamma": SCALE}),)


SELU.EXAMPLES = examples(SELU())
