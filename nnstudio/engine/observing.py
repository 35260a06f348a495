"""Programs in which the output of every node lies apart, compiled once for each number of images."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from nnstudio.engine.buffers import zeros
from nnstudio.engine.compiler import Blueprint, Target, compile_program
from nnstudio.engine.free_memory import check_images
from nnstudio.engine.program import Program
from nnstudio.engine.shards import bytes_of_image
from nnstudio.network.layer import Array

MANY_PROGRAMS = 4
"""The watched image, the observed images with gradients, and two sizes of the search for broken numbers."""

MOST_IMAGES = 256
"""Programs for more images are compiled each time they are asked for, rather than kept in memory."""


class ObservingPrograms:
    """Those of one network, on its weights ``values`` (parameters,). For one thread at a time.

    Nothing that they compute stays: dropout is off, running averages are left as they are.
    """

    def __init__(self, blueprint: Blueprint, values: Array) -> None:
        self._blueprint = blueprint
        self._values = values
        self._gradient = zeros((0,), values.dtype)
        self._programs: OrderedDict[tuple[int, bool], Program] = OrderedDict()

    def program(self, batch: int, *, gradients: bool = False) -> Program:
        """``values`` of the program are what nodes give when predicting.

        With ``gradients`` they are what nodes give when training, and after ``backward()``
        ``gradients`` are those of the loss with respect to them.
        """
        key = (batch, gradients)
        program = self._programs.pop(key, None)
        if program is None:
            program = self._compiled(batch, gradients)
        if batch > MOST_IMAGES:
            return program
        self._programs[key] = program
        if len(self._programs) > MANY_PROGRAMS:
            self._programs.popitem(last=False)
        return program

    def parameter_gradients(self) -> dict[str, Array]:
        """The gradient of the last ``backward()`` by name ("conv1.weight"), in the engine's layout; views."""
        layout = self._blueprint.layout
        return {name: layout.view(self._gradient, name) for name in layout.within(self._gradient)}

    def _compiled(self, batch: int, gradients: bool) -> Program:
        check_images(batch, bytes_of_image(self._blueprint, self._values, training=gradients))
        learned = self._blueprint.layout.learned
        if gradients and self._gradient.size != learned:
            self._gradient = zeros((learned,), self._values.dtype)
        target = Target(
            batch,
            self._values,
            self._gradient if gradients else None,
            observing=True,
            leads=False,
        )
        unused = np.random.Generator(np.random.PCG64(0))
        return compile_program(self._blueprint, target, unused)
