"""Networks to begin with, as specs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nnstudio.engine import TrainingSettings
from nnstudio.engine.clipping import GLOBAL_NORM, NONE
from nnstudio.errors import NetworkError
from nnstudio.layers import (
    Add,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Input,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nnstudio.network import Layer, NetworkSpec, Node, Shape, edits
from nnstudio.network.heads import measured
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


class _Sketch:
    """A network while it is written down; each layer's id is its stem and the next free number."""

    def __init__(self, input_shape: Shape) -> None:
        self.spec = NetworkSpec(input_shape, (Node("input", Input()),))
        self.last = "input"

    def add(self, *layers: Layer, after: tuple[str, ...] = ()) -> str:
        """A chain behind ``after``, or else behind the newest layer; returns the id of its end."""
        inputs = after or (self.last,)
        for layer in layers:
            self.spec = edits.add(self.spec, layer, inputs)
            self.last = self.spec.nodes[-1].id
            inputs = (self.last,)
        return self.last


def _chain(input_shape: Shape, *layers: tuple[str, Layer]) -> NetworkSpec:
    nodes = [Node("input", Input())]
    for node_id, layer in layers:
        nodes.append(Node(node_id, layer, (nodes[-1].id,)))
    return NetworkSpec(input_shape, tuple(nodes))


def _lenet5(input_shape: Shape, classes: int, activation: str) -> NetworkSpec:
    initializer = _initializer(activation)
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
    initializer = _initializer(activation)
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


def _vgg(input_shape: Shape, classes: int, activation: str) -> NetworkSpec:
    initializer, squash = _initializer(activation), _ACTIVATION_LAYERS[activation]
    sketch = _Sketch(input_shape)
    for filters in (32, 64):
        for _ in range(2):
            sketch.add(Conv2D(filters, padding="same", initializer=initializer), squash)
        sketch.add(MaxPool2D())
    sketch.add(Flatten(), Dense(256, activation, initializer))
    return _answered(sketch, classes)


def _resnet(input_shape: Shape, classes: int, activation: str, *, blocks: int) -> NetworkSpec:
    """3 stages of ``blocks`` residual blocks: 6·blocks + 2 layers with weights in a row."""
    initializer, squash = _initializer(activation), _ACTIVATION_LAYERS[activation]

    def convolution(filters: int, size: int, stride: int) -> tuple[Layer, Layer]:
        kernel, strides = (size, size), (stride, stride)
        convolved = Conv2D(filters, kernel, strides, "same", initializer=initializer)
        return convolved, BatchNorm()

    sketch = _Sketch(input_shape)
    before = sketch.add(*convolution(16, 3, 1), squash)
    for filters in (16, 32, 64):
        for block in range(blocks):
            halves = filters > 16 and block == 0
            stride = 2 if halves else 1
            through = sketch.add(*convolution(filters, 3, stride), squash, after=(before,))
            through = sketch.add(*convolution(filters, 3, 1))
            around = (
                sketch.add(*convolution(filters, 1, stride), after=(before,)) if halves else before
            )
            before = sketch.add(Add(), squash, after=(through, around))
    sketch.add(GlobalAveragePool())
    return _answered(sketch, classes)


def _deep(input_shape: Shape, classes: int, _activation: str, *, shortcuts: bool) -> NetworkSpec:
    """20 dense layers, sigmoid after each but the last; with shortcuts around each but the first."""
    sketch = _Sketch(input_shape)
    before = sketch.add(Flatten(), Dense(64, "sigmoid", "xavier_uniform"))
    for _ in range(18):
        layer = sketch.add(Dense(64, "sigmoid", "xavier_uniform"))
        before = sketch.add(Add(), after=(before, layer)) if shortcuts else layer
    return _answered(sketch, classes)


def _initializer(activation: str) -> str:
    return "he_uniform" if activation == "relu" else "xavier_uniform"


def _answered(sketch: _Sketch, classes: int) -> NetworkSpec:
    sketch.add(Dense(classes, initializer="xavier_uniform"), Softmax())
    return sketch.spec


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
    "vgg": Template(
        "vgg", "Small VGG", "Pairs of 3×3 convolutions, pooled twice, and a dense layer.", _vgg
    ),
    "resnet8": Template(
        "resnet8",
        "ResNet-8",
        "Three residual blocks with batch normalisation: shortcuts let gradients through.",
        partial(_resnet, blocks=1),
    ),
    "resnet20": Template(
        "resnet20",
        "ResNet-20",
        "Nine residual blocks: twenty layers deep, and yet it learns.",
        partial(_resnet, blocks=3),
    ),
    "deep-sigmoid": Template(
        "deep-sigmoid",
        "Deep sigmoid stack",
        "Twenty dense layers with sigmoid: watch the gradients vanish on their way down.",
        partial(_deep, shortcuts=False),
    ),
    "deep-residual": Template(
        "deep-residual",
        "Deep residual stack",
        "The same twenty layers with a shortcut around each: now the gradients arrive.",
        partial(_deep, shortcuts=True),
    ),
}


def build(
    name: str,
    *,
    input_shape: Shape = (28, 28, 1),
    classes: int = 10,
    activation: str = "relu",
    number: bool = False,
) -> NetworkSpec:
    """The template ``name`` for images of ``input_shape`` (H, W, C) in ``classes`` classes.

    ``activation``: "relu", "tanh" or "sigmoid"; ``number``: whether it answers with one number
    instead. Raises NetworkError for an unknown name.
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
    if number:
        spec = TEMPLATES[name].build(input_shape, 1, activation)
        return edits.remove(spec, spec.nodes[-1].id)
    return TEMPLATES[name].build(input_shape, classes, activation)


def build_for(
    name: str, input_shape: Shape, classes: tuple[str, ...], *, images: int
) -> NetworkSpec:
    """The template for so many images with these labels: an output for each, or one for measurements."""
    number = measured(classes, images) is not None
    return build(name, input_shape=input_shape, classes=len(classes), number=number)


def suited(
    settings: TrainingSettings, classes: tuple[str, ...], *, images: int
) -> TrainingSettings:
    """``settings`` for such labels: with measurements the gradient is clipped, if nothing else is said.

    That of a squared error grows with the error, and with what is usual for classes explodes at once.
    """
    if settings.clipping != NONE or measured(classes, images) is None:
        return settings
    return settings.replaced(clipping=GLOBAL_NORM)
