"""Networks to begin with, as specs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnstudio.errors import NetworkError
from nnstudio.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nnstudio.network import Layer, NetworkSpec, Node, Shape
from nnstudio.text import Text

_ACTIVATION_LAYERS: dict[str, Layer] = {"relu": ReLU(), "tanh": Tanh(), "sigmoid": Sigmoid()}
ACTIVATIONS = tuple(_ACTIVATION_LAYERS)


@dataclass(frozen=True)
class Template:
    """A named network: ``build(input_shape, classes, activation)`` gives its spec."""

    name: str
    title: str
    summary: str
    build: Callable[[Shape, int, str], NetworkSpec]


def _chain(input_shape: Shape, *layers: tuple[str, Layer]) -> NetworkSpec:
    nodes = [Node("input", Input())]
    for node_id, layer in layers:
        nodes.append(Node(node_id, layer, (nodes[-1].id,)))
    return NetworkSpec(input_shape, tuple(nodes))


def _lenet5(input_shape: Shape, classes: int, activation: str) -> NetworkSpec:
    initializer = "he_uniform" if activation == "relu" else "xavier_uniform"
    squash = _ACTIVATION_LAYERS[activation]
    return _chain(
        input_shape,
        ("conv1", Conv2D(6, (5, 5), padding="same", initializer=initializer)),
        (f"{squash.stem}1", squash),
        ("pool1", MaxPool2D()),
        ("conv2", Conv2D(16, (5, 5), initializer=initializer)),
        (f"{squash.stem}2", squash),
        ("pool2", MaxPool2D()),
        ("flatten1", Flatten()),
        ("dense1", Dense(120, activation, initializer)),
        ("dense2", Dense(84, activation, initializer)),
        ("dense3", Dense(classes, initializer="xavier_uniform")),
        ("softmax1", Softmax()),
    )


def _mlp(input_shape: Shape, classes: int, activation: str) -> NetworkSpec:
    initializer = "he_uniform" if activation == "relu" else "xavier_uniform"
    return _chain(
        input_shape,
        ("flatten1", Flatten()),
        ("dense1", Dense(512, activation, initializer)),
        ("dropout1", Dropout(0.5)),
        ("dense2", Dense(256, activation, initializer)),
        ("dropout2", Dropout(0.5)),
        ("dense3", Dense(classes, initializer="xavier_uniform")),
        ("softmax1", Softmax()),
    )


TEMPLATES: dict[str, Template] = {
    "lenet5": Template(
        "lenet5",
        "LeNet-5",
        "The first famous convolutional network: two convolutions, three dense layers.",
        _lenet5,
    ),
    "mlp": Template(
        "mlp", "Perceptron", "Two hidden dense layers of 512 and 256 units with dropout.", _mlp
    ),
}


def build(
    name: str, *, input_shape: Shape = (28, 28, 1), classes: int = 10, activation: str = "relu"
) -> NetworkSpec:
    """The template ``name`` for images of ``input_shape`` (H, W, C) in ``classes`` classes.

    ``activation``: "relu", "tanh" or "sigmoid". Raises NetworkError for an unknown name.
    """
    if name not in TEMPLATES:
        raise NetworkError(
            name,
            Text("There is no template of this name."),
            Text("Choose one of: {names}.", names=", ".join(TEMPLATES)),
        )
    if activation not in ACTIVATIONS:
        raise NetworkError(
            activation,
            Text("There is no activation of this name."),
            Text("Choose one of: {names}.", names=", ".join(ACTIVATIONS)),
        )
    return TEMPLATES[name].build(input_shape, classes, activation)
