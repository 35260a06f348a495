"""Looking at one training step: begun before it, finished after its update."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.network import CompiledNetwork
from nnstudio.engine.observation import (
    ACTIVATIONS,
    GRADIENTS,
    SATURATION,
    UPDATES,
    Histogram,
    LayerObserved,
    Observation,
    Observed,
    Saturation,
    Size,
)
from nnstudio.engine.shards import Feed
from nnstudio.engine.statistics import histogram_of, saturation_of, size_of


class Watch:
    """One look at ``network``; ``feed`` gives ``images`` images with labels for a pass of its own.

    That pass sees the weights from before the step, as does the gradient that the step computes.
    """

    def __init__(
        self, network: CompiledNetwork, wanted: Observation, feed: Feed, images: int
    ) -> None:
        self._network = network
        self._what = wanted.what
        self._images = images
        self._layers = [
            node for node in network.nodes if node.layer.reads and wanted.covers(node.id)
        ]
        self._before = network.weights.copy() if UPDATES in self._what else None
        self._arriving: dict[str, Size] = {}
        self._activations: dict[str, Histogram] = {}
        self._saturation: dict[str, Saturation | None] = {}
        if self._what - {UPDATES}:
            # Numbers that overflow end the training in the step itself.
            with np.errstate(all="ignore"):
                self._look(wanted, feed)

    def _look(self, wanted: Observation, feed: Feed) -> None:
        program = self._network.observing.program(self._images, gradients=True)
        feed(program, 0, self._images)
        assert program.loss is not None
        program.loss.scale[...] = 1 / self._images
        program.forward()
        ids = [node.id for node in self._layers]
        if ACTIVATIONS in self._what:
            self._activations = {id: histogram_of(program.values[id], wanted) for id in ids}
        if SATURATION in self._what:
            self._saturation = {
                node.id: saturation_of(node.layer, program.values[node.id]) for node in self._layers
            }
        if GRADIENTS in self._what:
            program.backward()
            gradients = program.gradients
            self._arriving = {id: size_of(gradients[id]) for id in ids if id in gradients}

    def finish(self, run_id: int, step: int, epoch: int) -> Observed:
        """What was seen, once the step has its gradient and has changed the weights."""
        gradients = self._network.gradients() if GRADIENTS in self._what else {}
        layers = []
        for node in self._layers:
            own = {
                slot.spec.name: gradients[name]
                for name, slot in self._network.layout.slots.items()
                if slot.node == node.id and name in gradients
            }
            layers.append(
                LayerObserved(
                    node=node.id,
                    gradients={name: size_of(gradient) for name, gradient in own.items()},
                    gradient=size_of(*own.values()) if own else None,
                    arriving=self._arriving.get(node.id),
                    updates=self._updates(node.id),
                    activations=self._activations.get(node.id),
                    saturation=self._saturation.get(node.id),
                )
            )
        return Observed(run_id, step, epoch, self._images, tuple(layers))

    def _updates(self, node: str) -> dict[str, float]:
        if self._before is None:
            return {}
        layout, after = self._network.layout, self._network.weights
        found = {}
        for name, slot in layout.slots.items():
            if slot.node == node and slot.spec.learned:
                before = layout.view(self._before, name)
                change = size_of(layout.view(after, name).astype(np.float64) - before)
                scale = size_of(before)
                if scale.rms > 0:
                    found[slot.spec.name] = change.rms / scale.rms
        return found
