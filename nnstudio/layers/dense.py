"""A dense (fully connected) layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from nnstudio.engine.initializers import initial_setting, initializer_setting
from nnstudio.layers._activation import Activation
from nnstudio.layers._bias import add_bias
from nnstudio.layers._penalties import l1_setting, l2_setting
from nnstudio.layers._products import multiply
from nnstudio.layers.elu import ELU
from nnstudio.layers.gelu import GELU
from nnstudio.layers.hardsigmoid import HardSigmoid
from nnstudio.layers.leakyrelu import LeakyReLU
from nnstudio.layers.relu import ReLU
from nnstudio.layers.selu import SELU
from nnstudio.layers.sigmoid import Sigmoid
from nnstudio.layers.silu import SiLU
from nnstudio.layers.softplus import Softplus
from nnstudio.layers.tanh import Tanh
from nnstudio.network import edits
from nnstudio.network.layer import (
    Array,
    Builder,
    Example,
    Layer,
    ParameterSpec,
    Shape,
    Value,
    create,
    layer,
    shape_text,
)
from nnstudio.network.ops import Op
from nnstudio.network.problems import Mend, ShapeError
from nnstudio.settings import setting
from nnstudio.text import Text

NONE = "none"
_ACTIVATIONS: dict[str, Activation] = {
    "relu": ReLU(),
    "tanh": Tanh(),
    "sigmoid": Sigmoid(),
    "leaky_relu": LeakyReLU(),
    "elu": ELU(),
    "selu": SELU(),
    "gelu": GELU(),
    "silu": SiLU(),
    "softplus": Softplus(),
    "hard_sigmoid": HardSigmoid(),
}


@layer
@dataclass(frozen=True)
class Dense(Layer):
    """Every unit reads every input: y = W·x + b, then the activation if one is chosen."""

    units: int = setting(
        64,
        minimum=1,
        maximum=65536,
        label="Units",
        help="How many outputs. The last dense layer needs one per class.",
    )
    activation: str = setting(
        NONE,
        choices=((NONE, "none"), *((name, of.label) for name, of in _ACTIVATIONS.items())),
        label="Activation",
        help="The function applied to each output. Without one, two dense layers in a row are no more than one.",
    )
    initializer: str = initializer_setting()
    initial: float = initial_setting()
    l1: float = l1_setting()
    l2: float = l2_setting()

    label = "Dense"
    stem = "dense"
    category = "dense"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 1:
            raise ShapeError(
                Text("Dense needs a vector, but {given} arrives.", given=shape_text(shape)),
                Text(
                    "It reads one row of numbers; rows, columns and channels must be laid out first."
                ),
                Mend(Text("Insert Flatten"), partial(edits.insert_before, layer=create("Flatten"))),
                label=f"{shape_text(shape)} ≠ {int(np.prod(shape))}",
            )
        return (self.units,)

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        (size,) = inputs[0]
        weight = ParameterSpec(
            "weight",
            (self.units, size),
            (0, 1),
            size,
            self.units,
            self.initializer,
            self.initial,
            l1=self.l1,
            l2=self.l2,
        )
        return weight, ParameterSpec("bias", (self.units,), (0,), size, self.units)

    def emit(self, b: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        weight = b.parameter("weight")
        y = b.new((self.units,))
        multiply(b.forward, weight.value, x.value, y.value)
        if y.grad is not None:
            # One image makes an outer product, for which BLAS is several times slower.
            product = np.multiply if b.batch == 1 else np.matmul
            b.backward(product, y.grad, x.value.T, out=weight.grad)
            dx = b.gradient(x)
            if dx is not None:
                multiply(b.backward, weight.value.T, y.grad, dx)
        y = b.then(add_bias, y)
        if self.activation != NONE:
            activation = _ACTIVATIONS[self.activation]
            y = b.then(activation.emit, y)
        return y

    def slope(self, y: Array) -> Array | None:
        return None if self.activation == NONE else _ACTIVATIONS[self.activation].slope(y)

    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        attributes = {"transB": 1}
        if self.activation == NONE:
            return (Op("Gemm", ("input", "weight", "bias"), attributes=dict(attributes)),)
        linear = Op("Gemm", ("input", "weight", "bias"), "linear", dict(attributes))
        following = [
            replace(op, inputs=tuple("linear" if name == "input" else name for name in op.inputs))
            for op in _ACTIVATIONS[self.activation].ops(self.output_shape(*inputs))
        ]
        return linear, *following

    def summary(self) -> str:
        return f"{self.units}" if self.activation == NONE else f"{self.units}, {self.activation}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        (size,) = inputs[0]
        return (f"{self.units}·{size} + {self.units} = {self.units * (size + 1)}",)

    def multiply_adds(self, *inputs: Shape) -> int:
        return self.units * inputs[0][0]


Dense.EXAMPLES = (
    Example(Dense(units=4), ((7,),), (4,)),
    Example(Dense(units=3, activation="tanh", initializer="xavier_uniform"), ((5,),), (3,)),
    *(Example(Dense(units=3, activation=name), ((6,),), (3,)) for name in _ACTIVATIONS),
)
