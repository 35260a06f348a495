"""Collects the NumPy calls of the layers, and decides once which buffers and gradients are shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from nnstudio.engine.buffers import zeros
from nnstudio.engine.program import Call
from nnstudio.network.layer import Array, Builder, ParameterView, Shape, Value


@dataclass(eq=False)
class GraphValue:
    """An activation in the graph; ``uses`` counts its readers, ``served`` those compiled so far.

    ``kept``: backward reads ``value``. ``whole``: the gradient with its zero rows around.
    """

    value: Array
    grad: Array | None
    kept: bool = False
    whole: Array | None = None
    uses: int = 1
    served: int = 0


@dataclass(eq=False)
class Stage:
    """The backward calls of one part of the computation, in their order."""

    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True)
class Parameter:
    """Views of one parameter in the flat vectors of values and gradients."""

    value: Array
    grad: Array | None


T = TypeVar("T")
Emit = Callable[[Builder, Value], Value]


class CallBuilder:
    """The :class:`~nnstudio.network.layer.Builder` that the compiler hands to each layer.

    ``observing`` keeps every value apart, so that each node's output can be looked at.
    """

    def __init__(
        self,
        batch: int,
        dtype: np.dtype[Any],
        *,
        training: bool,
        dropping: bool,
        observing: bool,
        leads: bool = True,
        add_up: Callable[[Array], None] | None = None,
        generator: np.random.Generator,
        parameters: Callable[[str], Parameter],
    ) -> None:
        self.batch = batch
        self.dtype = dtype
        self.training = training
        self.dropping = dropping
        self.leads = leads
        self._add_up = add_up
        self._observing = observing
        self._generator = generator
        self._parameters = parameters
        self._stages: list[Stage] = []
        self._stage = Stage()
        self.node = ""
        self.forward_calls: list[Call] = []
        self.postpones = False
        self.postponed: list[tuple[str, Emit]] = []
        self.draws = False
        """Whether some call draws random numbers."""

    @property
    def backward_calls(self) -> list[Call]:
        """The stages from the last to the first, each in its own order."""
        return [call for stage in reversed(self._stages) for call in stage.calls]

    def run_stage(self, node: str, emit: Callable[[], T]) -> T:
        """Collect what ``emit`` tells as one stage of ``node``."""
        outer, outer_node = self._stage, self.node
        self._stage, self.node = Stage(), node
        self._stages.append(self._stage)
        try:
            return emit()
        finally:
            self._stage, self.node = outer, outer_node

    def _image(self, shape: Shape) -> Shape:
        if len(shape) == 3:
            height, width, channels = shape
            return (height, channels, width, self.batch)
        return (*shape, self.batch)

    def new(self, shape: Shape, *, kept: bool = False, rows_around: int = 0) -> GraphValue:
        full = self._image(shape)
        value = zeros(full, self.dtype)
        if not self.training:
            return GraphValue(value, None, kept)
        whole = zeros((full[0] + 2 * rows_around, *full[1:]), self.dtype)
        return GraphValue(value, whole[rows_around : rows_around + full[0]], kept, whole)

    def with_rows_around(self, y: Value) -> Array:
        assert isinstance(y, GraphValue) and y.whole is not None
        return y.whole

    def overwrite(self, x: Value, *, kept: bool = False) -> GraphValue:
        assert isinstance(x, GraphValue)
        alone = x.uses == 1 and not self._observing
        value = x.value if alone and not x.kept else zeros(x.value.shape, self.dtype)
        grad: Array | None = None
        if self.training:
            grad = x.grad if alone and x.grad is not None else zeros(x.value.shape, self.dtype)
        return GraphValue(value, grad, kept)

    def reshaped(self, x: Value, shape: Shape) -> GraphValue:
        assert isinstance(x, GraphValue)
        full = self._image(shape)
        alone = x.uses == 1
        y = GraphValue(x.value.reshape(full), None, x.kept or not alone)
        if x.grad is not None:
            if alone:
                y.grad = x.grad.reshape(full)
            else:
                y.grad = zeros(full, self.dtype)
                dx = self.gradient(x)
                assert dx is not None
                self.backward(np.copyto, dx.reshape(full), y.grad)
        return y

    def scratch(self, shape: Shape, dtype: npt.DTypeLike | None = None) -> Array:
        return zeros(shape, self.dtype if dtype is None else dtype)

    def parameter(self, name: str) -> ParameterView:
        return self._parameters(f"{self.node}.{name}")

    def gradient(self, x: Value) -> Array | None:
        """Where the running stage writes the gradient for ``x``.

        Backward runs the readers from the last to the first: the last one writes, the others add.
        """
        assert isinstance(x, GraphValue)
        if x.grad is None:
            return None
        x.served += 1
        if x.served == x.uses:
            return x.grad
        part = zeros(x.value.shape, self.dtype)
        # A stage of its own before this one runs after it: backward goes through the stages in reverse.
        adding = Stage([(np.add, (x.grad, part), {"out": x.grad})])
        self._stages.insert(self._stages.index(self._stage), adding)
        return part

    def forward(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        self.forward_calls.append((function, args, kwargs))

    def backward(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        if self.training:
            self._stage.calls.append((function, args, kwargs))

    def then(self, emit: Emit, y: Value, *, monotone: bool = False) -> Value:
        if monotone and self.postpones:
            self.postponed.append((self.node, emit))
            return y
        return self.run_stage(self.node, lambda: emit(self, y))

    def random(self) -> Callable[[Array], object]:
        self.draws = True
        return self._draw

    def _draw(self, array: Array) -> None:
        self._generator.random(out=array, dtype=array.dtype)

    def random_bits(self) -> Callable[[Array], object]:
        self.draws = True
        return self._draw_bits

    def _draw_bits(self, array: Array) -> None:
        words = self._generator.bit_generator.random_raw(-(-array.size // 4))
        np.copyto(array.reshape(-1), words.view(np.uint16)[: array.size])

    def normal(self) -> Callable[[Array], object]:
        self.draws = True
        return self._draw_normal

    def _draw_normal(self, array: Array) -> None:
        self._generator.standard_normal(out=array, dtype=array.dtype)

    def add_up(self) -> Callable[[Array], object]:
        return self._add_up or _alone


def _alone(array: Array) -> None:
    """The sum over a single worker: the array as it is."""
