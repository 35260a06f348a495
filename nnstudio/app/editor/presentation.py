"""Says, without drawing anything, what the canvas shows: a pure function of the network and its shapes."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from PySide6.QtCore import QCoreApplication

from nnstudio.app.translate import say
from nnstudio.network import Inference, Layer, NetworkSpec, Node, Problem, Shape, shape_text
from nnstudio.network.titles import titles
from nnstudio.settings import CHOICE, INTEGER, NUMBER, PAIR, matters, settings_of

OK, ERROR, WAITING = "ok", "error", "waiting"
translate = QCoreApplication.translate
_NO_BREAK = "\u00a0"
_QUIET = ("activation", "initializer")
"""Choices that the second line leaves out: the chip shows one, the other changes no shape."""


@dataclass(frozen=True)
class BlockView:
    """One block and its ledger line. Counts are None while its shapes are unknown."""

    id: str
    name: str
    summary: str
    category: str
    chip: str
    state: str
    spoken: str
    reads: int
    is_output: bool
    values: int | None
    parameters: int | None
    multiply_adds: int | None


@dataclass(frozen=True)
class WireView:
    """One wire: what it joins, and the shape on it (or why that shape does not fit)."""

    source: str
    target: str
    label: str
    state: str


@dataclass(frozen=True)
class Picture:
    """All that the canvas shows, except places, selection and live numbers."""

    blocks: tuple[BlockView, ...] = ()
    wires: tuple[WireView, ...] = ()
    problems: tuple[Problem, ...] = ()

    def problem_at(self, node_id: str) -> Problem | None:
        """The first problem of this block."""
        return next((p for p in self.problems if p.node == node_id), None)


def names_of(spec: NetworkSpec) -> dict[str, str]:
    """What each node is called: its label, numbered by its id where there are several.

    The number stays with the block when others come and go, as curves and kernels need it.
    """
    return {node_id: say(title) for node_id, title in titles(spec).items()}


def picture_of(
    spec: NetworkSpec, inference: Inference, problems: tuple[Problem, ...] = ()
) -> Picture:
    """What to show for a network; ``problems`` may hold more than the inference found."""
    shown = problems or inference.problems
    culprits = {problem.node: problem for problem in reversed(shown)}
    names = names_of(spec)
    ordered = in_order(spec)
    blocks = []
    for place, node in enumerate(ordered, 1):
        shape = inference.shapes.get(node.id)
        state = ERROR if node.id in culprits else OK if shape is not None else WAITING
        counts = _counts(spec, inference, node)
        blocks.append(
            BlockView(
                node.id,
                names[node.id],
                summary_of(node.layer, spec) or _outcome(spec, inference, node),
                type(node.layer).category,
                _chip(node.layer),
                state,
                _spoken(node, place, len(ordered), shape, state),
                node.layer.reads,
                node.layer.is_output,
                *counts,
            )
        )
    wires = [
        _wire(spec, inference, source, node, culprits)
        for node in ordered
        for source in node.inputs
        if source in spec
    ]
    return Picture(tuple(blocks), tuple(wires), tuple(shown))


def ranks(spec: NetworkSpec) -> dict[str, int]:
    """Node id to the number of wires on the longest way to it; 0 for nodes in a circle."""
    found = {node.id: 0 for node in spec.nodes}
    for node in spec.ordered():
        behind = [found[source] + 1 for source in node.inputs if source in found]
        found[node.id] = max(behind, default=0)
    return found


def in_order(spec: NetworkSpec) -> tuple[Node, ...]:
    """The rows of the table: what the input reaches first, then loose blocks, then circles."""
    ordered = spec.ordered()
    reached = {node.id for node in ordered[:1] if spec.nodes and node is spec.nodes[0]}
    reached |= {node.id for node in ordered if not node.layer.reads}
    for node in ordered:
        if any(source in reached for source in node.inputs):
            reached.add(node.id)
    rank = ranks(spec)
    main = sorted((n for n in ordered if n.id in reached), key=lambda node: rank[node.id])
    rest = [node for node in ordered if node.id not in reached]
    circles = [node for node in spec.nodes if node not in ordered]
    return (*main, *rest, *circles)


def summary_of(layer: Layer, spec: NetworkSpec) -> str:
    """The second line of a block: the settings that decide its shape, "6 filters · 5×5 · same"."""
    if layer.reads == 0:
        colours = {1: translate("editor", "grey"), 3: translate("editor", "colour")}
        kind = colours.get(spec.input_shape[-1], "") if len(spec.input_shape) == 3 else ""
        shape = spec.input_shape[:2] if kind else spec.input_shape
        return f"{shape_text(shape)} {kind}".strip()
    parts: list[str] = []
    kinds: set[str] = set()
    for declared in settings_of(type(layer)):
        value = getattr(layer, declared.name)
        aside = declared.group and value == declared.default
        if aside or not matters(layer, declared):
            continue
        label = say(declared.label).lower()
        first = declared.kind not in kinds
        kinds.add(declared.kind)
        if declared.kind == INTEGER and (first or value != declared.default):
            # English labels that count are plurals on "s", and one is enough of it for a block.
            one = value == 1 and label.endswith("s")
            parts.append(f"{value} {label[:-1] if one else label}")
        elif declared.kind == PAIR and first:
            parts.append(shape_text(value))
        elif declared.kind == PAIR and value != (1, 1):
            parts.append(f"{label} {value[0] if value[0] == value[1] else shape_text(value)}")
        elif declared.kind == CHOICE and declared.name not in _QUIET:
            parts.append(say(dict(declared.choices)[value]))
        elif declared.kind == NUMBER and (first or value != declared.default):
            parts.append(f"{label} {value:g}")
    return " · ".join(parts)


def _outcome(spec: NetworkSpec, inference: Inference, node: Node) -> str:
    """The second line of a layer without settings: what comes out of it, if that is worth saying."""
    shape = inference.shapes.get(node.id)
    inputs = inference.inputs_of(spec, node)
    if shape is None or inputs is None:
        return ""
    if node.layer.is_output:
        return translate("editor", "{count} classes").format(count=shape[-1])
    return next(iter(node.layer.formula(*inputs)), "")


def _chip(layer: Layer) -> str:
    value = getattr(layer, "activation", "none")
    if value == "none":
        return ""
    choices = {s.name: dict(s.choices) for s in settings_of(type(layer))}
    return say(choices.get("activation", {}).get(value, str(value)))


def _counts(
    spec: NetworkSpec, inference: Inference, node: Node
) -> tuple[int | None, int | None, int | None]:
    """(values out, parameters, multiply-adds) for one image."""
    shape = inference.shapes.get(node.id)
    if shape is None:
        return None, None, None
    if node.layer.reads == 0:
        return prod(shape), 0, 0
    inputs = inference.inputs_of(spec, node)
    if inputs is None:
        return prod(shape), None, None
    learned = sum(prod(p.shape) for p in inference.learned(spec, node) or ())
    return prod(shape), learned, node.layer.multiply_adds(*inputs)


def _spoken(node: Node, place: int, count: int, shape: Shape | None, state: str) -> str:
    label = say(type(node.layer).label)
    if shape is None:
        output = translate("editor", "output unknown")
    else:
        size = translate("editor", " by ").join(str(s) for s in shape)
        output = translate("editor", "output {size}").format(size=size)
    health = {
        OK: translate("editor", "no problems"),
        ERROR: translate("editor", "has a problem"),
        WAITING: translate("editor", "waits for a shape"),
    }[state]
    return translate("editor", "{name} {place} of {count}, {output}, {health}").format(
        name=label, place=place, count=count, output=output, health=health
    )


def _wire(
    spec: NetworkSpec,
    inference: Inference,
    source: str,
    target: Node,
    culprits: dict[str, Problem],
) -> WireView:
    shape = inference.shapes.get(source)
    problem = culprits.get(target.id)
    if problem is not None and source == target.inputs[0] and problem.label:
        return WireView(source, target.id, problem.label, ERROR)
    if shape is None:
        return WireView(source, target.id, "", WAITING)
    return WireView(source, target.id, shape_text(shape), OK)


def grouped(number: int) -> str:
    """61706 as "61 706", the space not breaking."""
    return f"{number:,}".replace(",", _NO_BREAK)


def rounded(number: int) -> str:
    """117600 as "118 k": a number to compare at a glance."""
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size:
            scaled = number / size
            digits = 1 if scaled < 10 and unit != "k" else 0
            return f"{scaled:.{digits}f}{_NO_BREAK}{unit}"
    return str(number)
