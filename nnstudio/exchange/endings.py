"""What follows a network's last layer in an exported model, so that it answers as ``predict`` does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from nnstudio.engine.losses import Objective
from nnstudio.network.heads import ABSOLUTE, BINARY, CROSS_ENTROPY, SQUARED

PROBABILITIES, NUMBER = "probabilities", "number"


@dataclass
class Ending:
    """The output ``name``, (N, ``width``), and the operators that make it."""

    name: str
    width: int
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output

    def constant(self, name: str, value: float) -> str:
        full = f"{self.name}/{name}"
        self.constants.append(numpy_helper.from_array(np.array([value], np.float32), full))
        return full


def of(objective: Objective, last: str) -> Ending:
    """Behind the value ``last``: what :meth:`Objective.shares` or :meth:`Objective.numbers` computes."""
    if objective.of_numbers:
        found = Ending(NUMBER, 1)
        scaled = found.add(
            "Mul", [last, found.constant("spread", objective.spread)], "number/scaled"
        )
        found.add("Add", [scaled, found.constant("middle", objective.middle)], NUMBER)
        return found
    found = Ending(PROBABILITIES, objective.classes)
    if objective.targets.single:
        _both(found, objective, last)
    elif objective.loss in (CROSS_ENTROPY, BINARY):
        found.add("Identity", [last], PROBABILITIES)
    else:
        found.add("Softmax", [last], PROBABILITIES, axis=1)
    return found


def _both(found: Ending, objective: Objective, last: str) -> None:
    """From one number the shares of both classes."""
    second = f"{PROBABILITIES}/second"
    if objective.loss in (SQUARED, ABSOLUTE):
        low, high = (_scalar(found, name, value) for name, value in (("low", 0.0), ("high", 1.0)))
        found.add("Clip", [last, low, high], second)
    elif objective.final:
        found.add("Identity", [last], second)
    else:
        found.add("Sigmoid", [last], second)
    first = found.add("Sub", [found.constant("one", 1.0), second], f"{PROBABILITIES}/first")
    found.add("Concat", [first, second], PROBABILITIES, axis=1)


def _scalar(found: Ending, name: str, value: float) -> str:
    full = f"{found.name}/{name}"
    found.constants.append(numpy_helper.from_array(np.array(value, np.float32), full))
    return full
