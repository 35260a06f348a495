"""All that a network learns as one flat vector, with a named view for each weight and bias."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnstudio.engine.buffers import zeros
from nnstudio.engine.given import check_finite, numbers_of
from nnstudio.engine.initializers import INITIALIZERS
from nnstudio.errors import NetworkError
from nnstudio.network import Inference, NetworkSpec
from nnstudio.network.layer import Array, ParameterSpec, Shape
from nnstudio.text import Text


@dataclass(frozen=True)
class Slot:
    """Where one parameter lies in the flat vector: numbers ``start`` to ``end``."""

    node: str
    spec: ParameterSpec
    start: int
    end: int

    @property
    def name(self) -> str:
        return f"{self.node}.{self.spec.name}"


class Layout:
    """The order of all parameters of a network; turns flat vectors into named arrays and back.

    ``size`` numbers in all. Those that are learned come first, ``learned`` of them: vectors of
    gradients and of an optimiser's memory end there.
    """

    def __init__(self, spec: NetworkSpec, inference: Inference) -> None:
        found = [
            (node.id, parameter)
            for node in spec.ordered()
            for parameter in inference.parameters(spec, node) or ()
        ]
        slots: dict[str, Slot] = {}
        start = 0
        for node_id, parameter in sorted(found, key=lambda entry: not entry[1].learned):
            end = start + math.prod(parameter.shape)
            slot = Slot(node_id, parameter, start, end)
            slots[slot.name] = slot
            start = end
        self.slots = slots
        self.size = start
        self.learned = sum(s.end - s.start for s in slots.values() if s.spec.learned)
        self.penalised = tuple(s for s in slots.values() if s.spec.l1 or s.spec.l2)

    def penalty(self, vector: Array) -> float:
        """λ/2·Σw² + λ·Σ|w| over all weights that have such a penalty, in float64."""
        total = 0.0
        for slot in self.penalised:
            weights = vector[slot.start : slot.end].astype(np.float64)
            total += slot.spec.l2 / 2 * float(np.dot(weights, weights))
            total += slot.spec.l1 * float(np.abs(weights).sum())
        return total

    def within(self, vector: Array) -> dict[str, Slot]:
        """The slots that ``vector`` (size,) or (learned,) has a place for."""
        return {name: slot for name, slot in self.slots.items() if slot.end <= vector.size}

    def view(self, vector: Array, name: str) -> Array:
        """The part of ``vector`` called ``name``, in the engine's layout, without a copy."""
        slot = self.slots[name]
        return vector[slot.start : slot.end].reshape(slot.spec.shape)

    def initial(self, seed: int, dtype: npt.DTypeLike) -> Array:
        """A fresh vector (size,); each parameter draws from a stream of its own, by its place."""
        vector = zeros((self.size,), dtype)
        streams = np.random.SeedSequence(seed).spawn(len(self.slots))
        for slot, stream in zip(self.slots.values(), streams, strict=True):
            rng = np.random.Generator(np.random.PCG64(stream))
            self.view(vector, slot.name)[...] = INITIALIZERS[slot.spec.initializer](slot.spec, rng)
        return vector

    def to_exchange(self, vector: Array) -> dict[str, Array]:
        """Copies of all parameters as files and scripts see them: (out, in, kh, kw), (out, in), (out,)."""
        return {
            name: np.ascontiguousarray(
                self.view(vector, name).transpose(slot.spec.exchange_axes)
            ).copy()
            for name, slot in self.within(vector).items()
        }

    def from_exchange(
        self, arrays: Mapping[str, Array], vector: Array, *, infinity: bool = False
    ) -> None:
        """Fill ``vector`` from named arrays. Raises NetworkError and changes nothing if one does not fit.

        ``infinity``: whether infinite numbers may be among them.
        """
        slots = self.within(vector)
        if not isinstance(arrays, Mapping):
            raise NetworkError(
                "weights",
                Text("They are given as {kind}, not by name.", kind=type(arrays).__name__),
                Text("Load weights that were saved with this network."),
            )
        missing = sorted(set(slots) - set(arrays))
        surplus = sorted(map(str, set(arrays) - set(slots)))
        if missing or surplus:
            name = (missing or surplus)[0]
            reason = (
                Text("The weights lack it.")
                if missing
                else Text("The network has no such weights.")
            )
            raise NetworkError(
                name, reason, Text("Load weights that were saved with this network.")
            )
        found = {name: numbers_of(name, arrays[name], vector.dtype) for name in slots}
        for name, slot in slots.items():
            _check_shape(name, found[name].shape, slot.spec.exchange_shape)
            check_finite(name, found[name], infinity=infinity)
        for name, slot in slots.items():
            self.view(vector, name).transpose(slot.spec.exchange_axes)[...] = found[name]


def _check_shape(name: str, given: Shape, wanted: Shape) -> None:
    if tuple(given) != tuple(wanted):
        raise NetworkError(
            name,
            Text(
                "The weights are {given}, the network needs {wanted}.", given=given, wanted=wanted
            ),
            Text("Load weights that were saved with this network."),
        )
