"""The base of every layer, the registry, and the builder that a layer's computation is told to."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from nnstudio.errors import NetworkError
from nnstudio.network.ops import Op
from nnstudio.settings import Settings
from nnstudio.text import Text

Shape = tuple[int, ...]
"""An image's (H, W, C) or a vector's (features,); the batch is left out."""

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class ParameterSpec:
    """A weight array that a layer learns.

    ``shape`` is how the engine holds it; ``np.transpose(array, exchange_axes)`` is how files and
    scripts see it: (out, in, kh, kw) and (out, in). ``initializer`` names a rule of the engine,
    which is given ``fan_in`` and ``fan_out``.
    """

    name: str
    shape: Shape
    exchange_axes: tuple[int, ...]
    fan_in: int
    fan_out: int
    initializer: str = "zeros"
    initial: float = 0.0
    """The number of those initializers that need one."""
    learned: bool = True
    """Whether the gradient changes it; a running average, say, is kept and saved but not learned."""
    l1: float = 0.0
    """λ of the penalty λ·Σ|w| that training adds to the loss."""
    l2: float = 0.0
    """λ of the penalty λ/2·Σw² that training adds to the loss."""

    @property
    def exchange_shape(self) -> Shape:
        return tuple(self.shape[axis] for axis in self.exchange_axes)


@dataclass(frozen=True)
class Example:
    """A layer with settings, the shapes it reads, and the shape that it must give (by hand)."""

    layer: Layer
    inputs: tuple[Shape, ...]
    output: Shape


class Value(Protocol):
    """An activation while a layer is compiled.

    ``value``: (H, C, W, N) or (features, N). ``grad``: the same shape, or None where no gradient
    is wanted; when the layer's backward calls run, ``grad`` of its output is filled.
    """

    value: Array
    grad: Array | None


class ParameterView(Protocol):
    """Views into the flat vectors: ``value`` and ``grad`` (None when not training)."""

    @property
    def value(self) -> Array: ...

    @property
    def grad(self) -> Array | None: ...


class Builder(Protocol):
    """Takes the NumPy calls of one layer; arrays are fixed for the life of the compiled network.

    Forward calls run in the order given. The backward calls of one stage run in the order given,
    and the stages in reverse.
    """

    batch: int
    dtype: np.dtype[Any]
    training: bool
    dropping: bool
    """Whether noise (dropout and the like) is wanted in this training program."""
    leads: bool
    """Of all workers that share a batch one leads: it alone changes what is kept from step to step."""

    def new(self, shape: Shape, *, kept: bool = False, rows_around: int = 0) -> Value:
        """A fresh value of ``shape`` without the batch axis: (H, C, W) or (features,).

        ``kept``: backward reads it, so nothing may overwrite it. ``rows_around``: the gradient lies
        in a buffer with that many zero rows before and after, see :meth:`with_rows_around`.
        """
        ...

    def with_rows_around(self, y: Value) -> Array:
        """The gradient of ``y`` including the zero rows asked for: (H + 2·rows, C, W, N)."""
        ...

    def overwrite(self, x: Value, *, kept: bool = False) -> Value:
        """A value of the shape of ``x``, in the same buffers where the graph allows it."""
        ...

    def reshaped(self, x: Value, shape: Shape) -> Value:
        """The same numbers under another shape, without a copy."""
        ...

    def scratch(self, shape: Shape, dtype: npt.DTypeLike | None = None) -> Array:
        """A zero-filled array that belongs to this layer alone; ``shape`` is complete."""
        ...

    def parameter(self, name: str) -> ParameterView: ...

    def gradient(self, x: Value) -> Array | None:
        """Where to write the gradient for ``x`` (complete, not added); None where none is wanted."""
        ...

    def forward(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> None: ...

    def backward(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> None: ...

    def then(
        self, emit: Callable[[Builder, Value], Value], y: Value, *, monotone: bool = False
    ) -> Value:
        """A following stage of the same layer.

        ``monotone``: it works on each number by a non-decreasing rule (the same within a channel),
        so that the compiler may do it after a max-pool that alone reads the result.
        """
        ...

    def random(self) -> Callable[[Array], object]:
        """A function that fills an array with uniform numbers in [0, 1), afresh each time."""
        ...

    def random_bits(self) -> Callable[[Array], object]:
        """A function that fills a uint16 array with uniform whole numbers; a third of the time of :meth:`random`."""
        ...

    def normal(self) -> Callable[[Array], object]:
        """A function that fills an array with standard normal numbers, afresh each time."""
        ...

    def add_up(self) -> Callable[[Array], object]:
        """A function that replaces an array by its sum over all workers that share the batch.

        Each worker computes a part of the images; what concerns the whole batch (its mean, say) is
        summed so. To be called by every worker, forward or backward, in the same order. A layer that
        uses it says ``mixes_images``.
        """
        ...


class Layer(Settings, ABC):
    """What one block is: its settings and its rules. Frozen, without arrays.

    A subclass is a frozen dataclass of :func:`nnstudio.settings.setting` fields, registered with
    ``@layer``.
    """

    label: ClassVar[str]
    """The name a person reads: "Convolution"."""
    stem: ClassVar[str]
    """What ids of such nodes begin with: "conv"."""
    category: ClassVar[str]
    """One of CATEGORIES; gives colour, icon and place in the palette."""
    EXAMPLES: ClassVar[tuple[Example, ...]] = ()
    reads: ClassVar[int] = 1
    """How many inputs it takes."""
    reads_more: ClassVar[bool] = False
    """Whether it also takes more than ``reads`` inputs."""
    mixes_images: ClassVar[bool] = False
    """Whether its output for one image depends on the other images of the batch."""
    monotone: ClassVar[bool] = False
    """Each output is a non-decreasing function of one input (ReLU, tanh), so max-pooling may go first."""
    takes_maximum: ClassVar[bool] = False
    """Each output is the largest of some inputs."""
    gives_probability: ClassVar[bool] = False
    """Each output lies between 0 and 1 and may, at the end of a network, be read as a probability."""
    is_output: ClassVar[bool] = False
    """Ends a network; the loss reads what goes into it."""

    @abstractmethod
    def output_shape(self, *inputs: Shape) -> Shape:
        """The shape given for these inputs. Raises ShapeError with the numbers and mends."""

    def parameters(self, *inputs: Shape) -> tuple[ParameterSpec, ...]:
        """What it learns, for inputs that :meth:`output_shape` accepts."""
        return ()

    @abstractmethod
    def emit(self, b: Builder, *inputs: Value) -> Value:
        """Tell the builder the computation and return the output."""

    def slope(self, y: Array) -> Array | None:
        """For a layer that ends in a function of each number: that function's slope where it gave ``y``.

        ``y``: (H, C, W, N) or (features, N). None where there is no such function, or where its slope
        does not follow from what it gives. Shows where a layer is saturated.
        """
        return None

    @abstractmethod
    def ops(self, *inputs: Shape) -> tuple[Op, ...]:
        """The computation at prediction time, for exporters."""

    def summary(self) -> str:
        """The settings that matter, in a few words: "6 @ 5×5, same". Empty for none."""
        return ""

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        """The shape rule worked out with these numbers, a line each; empty for a plain rule."""
        return ()

    def multiply_adds(self, *inputs: Shape) -> int:
        """Multiplications with a learned weight for one image, forward."""
        return 0


CATEGORIES: tuple[tuple[str, str], ...] = (
    ("input", "Input"),
    ("conv", "Convolution"),
    ("pool", "Pooling"),
    ("dense", "Dense"),
    ("act", "Activation"),
    ("norm", "Normalisation"),
    ("reg", "Regularisation"),
    ("shape", "Shape"),
    ("merge", "Merge"),
    ("output", "Output"),
)
"""(key, label) in palette order."""

_registry: dict[str, type[Layer]] = {}

L = TypeVar("L", bound=type[Layer])


def layer(cls: L) -> L:
    """Register a layer under its class name; it must explain itself and give examples."""
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"{cls.__name__} must be a frozen dataclass")
    if not cls.__doc__ or cls.__doc__.startswith(f"{cls.__name__}("):
        raise TypeError(
            f"{cls.__name__} needs a docstring: it is the layer's page in the reference"
        )
    if cls.category not in dict(CATEGORIES):
        raise TypeError(f"{cls.__name__} is of no known category: {cls.category}")
    _registry[cls.__name__] = cls
    return cls


def layer_types() -> dict[str, type[Layer]]:
    """Every registered layer by class name, in palette order."""
    order = [key for key, _ in CATEGORIES]
    return dict(sorted(_registry.items(), key=lambda item: order.index(item[1].category)))


def create(name: str, settings: dict[str, Any] | None = None) -> Layer:
    """A layer by its registered name. Raises NetworkError for an unknown name or setting."""
    cls = _registry.get(name)
    if cls is None:
        raise NetworkError(
            name,
            Text("There is no layer of this name."),
            Text("This version knows: {names}.", names=", ".join(layer_types())),
        )
    given = settings or {}
    known = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(set(given) - known)
    if unknown:
        raise NetworkError(
            name,
            Text("It has no setting called {names}.", names=", ".join(unknown)),
            Text("Open the file with the version of the program that wrote it."),
        )
    return cls(**given)


def shape_text(shape: Shape) -> str:
    """``28×28×6`` for an image, ``120`` for a vector."""
    return "×".join(str(size) for size in shape)
