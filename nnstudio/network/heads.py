"""How a network ends, and which loss suits that end and the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nnstudio.network import edits
from nnstudio.network.layer import Layer, create
from nnstudio.network.problems import Mend, Problem
from nnstudio.network.shapes import Inference
from nnstudio.network.spec import NetworkSpec, Node
from nnstudio.text import Text

AUTO = "auto"
CROSS_ENTROPY = "cross_entropy"
BINARY = "binary_cross_entropy"
SQUARED = "squared_error"
ABSOLUTE = "absolute_error"
HINGE = "hinge"
LOSSES = (
    (AUTO, "automatic"),
    (CROSS_ENTROPY, "cross-entropy"),
    (BINARY, "binary cross-entropy"),
    (SQUARED, "mean squared error"),
    (ABSOLUTE, "mean absolute error"),
    (HINGE, "hinge"),
)
"""(key, label)."""
OF_NUMBERS = (SQUARED, ABSOLUTE)
"""Losses that can compare with any number, and so with classes whose names are numbers."""
OF_LOGITS = (CROSS_ENTROPY, BINARY)
"""Losses that read what goes into a Softmax or Sigmoid at the end, where logarithms are exact."""


@dataclass(frozen=True)
class Answers:
    """What the data asks for: so many ``classes``, and whether all their names are ``numbers``."""

    classes: int
    numbers: bool = False


def answers_of(names: tuple[str, ...]) -> Answers:
    """What images of the classes ``names`` ask for."""
    return Answers(len(names), values_of(names) is not None)


def number_of(text: str) -> float | None:
    """The number that ``text`` writes, or None. To Python 1_0 is ten; to people it is a name."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def values_of(names: tuple[str, ...]) -> tuple[float, ...] | None:
    """The classes' names as finite numbers, or None if one of them is none."""
    known = [number_of(name) for name in names]
    values = tuple(value for value in known if value is not None)
    if len(values) < len(names):
        return None
    fine = all(abs(value) < 1e30 for value in values) and len(set(values)) > 1
    # Differences whose squares vanish have no deviation to divide by.
    return values if fine and max(values) - min(values) > 1e-30 else None


MOST_CLASSES, SEVERAL = 100, 5
"""With more labels than ``MOST_CLASSES`` numbers are taken for measurements, unless they are whole
and there are ``SEVERAL`` images of each: then they number classes."""


def measured(names: tuple[str, ...], images: int) -> tuple[float, ...] | None:
    """The labels ``names`` of so many images as numbers, if they are measurements and no classes."""
    values = values_of(names) if len(names) > MOST_CLASSES else None
    if values is None:
        return None
    counted = images >= SEVERAL * len(names) and all(value.is_integer() for value in values)
    return None if counted else values


@dataclass(frozen=True)
class Head:
    """``loss``: one of LOSSES but AUTO; ``answer``: id of the node whose output it reads.

    ``final``: the node behind that, which only predictions go through, or None.
    """

    loss: str
    answer: str
    final: Node | None


def head_of(
    spec: NetworkSpec, output: Node, units: int, *, loss: str = AUTO, asked: Answers | None = None
) -> Head:
    """How ``spec``, whose last node ``output`` gives ``units`` numbers, is trained with this ``loss``."""
    squashes = output.layer.is_output or output.layer.gives_probability
    decided = loss if loss != AUTO else _usual(output.layer, units, asked)
    if squashes and (decided in OF_LOGITS or output.layer.is_output):
        return Head(decided, spec.inputs_of(output)[0], output)
    return Head(decided, output.id, None)


def _usual(last: Layer, units: int, asked: Answers | None) -> str:
    if last.gives_probability:
        return BINARY
    if last.is_output or asked is None:
        return CROSS_ENTROPY
    if units == 1:
        return SQUARED if asked.numbers and asked.classes > 2 else BINARY
    return CROSS_ENTROPY


def head_problems(
    spec: NetworkSpec, inference: Inference, output: Node, loss: str, asked: Answers | None
) -> list[Problem]:
    """What keeps the loss and the end of the network from going together, with mends."""
    shape = inference.shapes[output.id]
    units = shape[-1] if shape else 0
    head = head_of(spec, output, units, loss=loss, asked=asked)
    label = Text(dict(LOSSES)[head.loss])
    wanted = {CROSS_ENTROPY: "Softmax", BINARY: "Sigmoid"}.get(head.loss)
    ending = type(output.layer).__name__
    if wanted is not None and ending != wanted:
        return [_no_output(output, wanted, label)]
    if head.loss not in OF_LOGITS and output.layer.is_output:
        return [_reads_numbers(output, label)]
    if head.loss == HINGE and output.layer.gives_probability:
        return [_reads_numbers(output, label)]
    if asked is None or _fits(units, head.loss, asked):
        return []
    return [_units(spec, output, units, head.loss, asked)]


def _fits(units: int, loss: str, asked: Answers) -> bool:
    if units == asked.classes and asked.classes > 1:
        return True
    if units != 1 or loss == CROSS_ENTROPY:
        return False
    return asked.classes == 2 or (loss in OF_NUMBERS and asked.numbers)


def _no_output(output: Node, wanted: str, label: Text) -> Problem:
    mend = Mend(
        Text("Add a Softmax output") if wanted == "Softmax" else Text("Add a Sigmoid at the end"),
        partial(_append, name=wanted),
    )
    if wanted == "Softmax":
        why = Text("The loss compares probabilities, one per class, with the true class.")
    else:
        why = Text("The loss compares a probability with yes or no.")
    mends = (mend,)
    if output.layer.is_output or output.layer.gives_probability:
        instead = Text("Put {layer} in its place", layer=Text(wanted))
        mends = (Mend(instead, partial(_exchange, name=wanted)),)
        what = Text(
            "{layer} at the end does not go with {loss}.",
            loss=label,
            layer=Text(output.layer.label),
        )
    else:
        what = Text("The network has no output layer.")
    return Problem(output.id, what, why, mends)


def _reads_numbers(output: Node, label: Text) -> Problem:
    return Problem(
        output.id,
        Text(
            "{layer} at the end does not go with {loss}.",
            loss=label,
            layer=Text(output.layer.label),
        ),
        Text("It compares the numbers as they are, before they are made probabilities."),
        (Mend(Text("Remove this layer"), edits.remove),),
    )


def _units(spec: NetworkSpec, output: Node, units: int, loss: str, asked: Answers) -> Problem:
    last = _last_with_units(spec, output)
    wanted = [asked.classes]
    if loss != CROSS_ENTROPY and _fits(1, loss, asked):
        wanted.append(1)
    mends = tuple(
        Mend(Text("Set {units} units", units=count), partial(_set_units, units=count))
        for count in wanted
    )
    return Problem(
        last.id if last is not None else output.id,
        Text(
            "It gives {given} answers, but the data has {classes} classes.",
            given=units,
            classes=asked.classes,
        ),
        Text("The last dense layer needs one unit per class."),
        mends if last is not None else (),
        label=f"{units} ≠ {asked.classes}",
    )


def _last_with_units(spec: NetworkSpec, output: Node) -> Node | None:
    node = output
    while True:
        if hasattr(node.layer, "units"):
            return node
        sources = spec.inputs_of(node)
        if not sources or sources[0] not in spec:
            return None
        node = spec.node(sources[0])


def _append(spec: NetworkSpec, node_id: str, *, name: str) -> NetworkSpec:
    if getattr(spec.node(node_id).layer, "activation", None) == name.lower():
        # It is there already, but where the loss cannot see what goes into it.
        spec = edits.change_settings(spec, node_id, activation="none")
    return edits.insert_after(spec, node_id, create(name))


def _exchange(spec: NetworkSpec, node_id: str, *, name: str) -> NetworkSpec:
    return edits.remove(edits.insert_after(spec, node_id, create(name)), node_id)


def _set_units(spec: NetworkSpec, node_id: str, units: int) -> NetworkSpec:
    return edits.change_settings(spec, node_id, units=units)
