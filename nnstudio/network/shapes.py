"""What every node gives, and what keeps it from giving anything: never raises on a half-built network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nnstudio.network import edits
from nnstudio.network.layer import Layer, ParameterSpec, Shape
from nnstudio.network.problems import Mend, Problem, ShapeError
from nnstudio.network.spec import INPUT_ID, NetworkSpec, Node
from nnstudio.network.titles import titles
from nnstudio.text import Text


@dataclass(frozen=True)
class Inference:
    """``shapes``: node id to shape, None where it cannot be known; ``problems`` in network order.

    Only culprits are named: a node that merely waits for a shape has none and no problem.
    """

    shapes: dict[str, Shape | None]
    problems: tuple[Problem, ...]

    def inputs_of(self, spec: NetworkSpec, node: Node) -> tuple[Shape, ...] | None:
        """The shapes that ``node`` reads, or None when one of them is unknown."""
        found = [self.shapes.get(source) for source in spec.inputs_of(node)]
        known = tuple(shape for shape in found if shape is not None)
        return known if len(known) == len(found) and takes(node.layer, len(found)) else None

    def parameters(self, spec: NetworkSpec, node: Node) -> tuple[ParameterSpec, ...] | None:
        """What ``node`` learns or keeps, or None when its shapes are unknown."""
        inputs = self.inputs_of(spec, node)
        if inputs is None or self.shapes.get(node.id) is None:
            return None
        return node.layer.parameters(*inputs)

    def learned(self, spec: NetworkSpec, node: Node) -> tuple[ParameterSpec, ...] | None:
        """Of :meth:`parameters` those that the gradient changes: what is meant by a number of parameters."""
        found = self.parameters(spec, node)
        return None if found is None else tuple(p for p in found if p.learned)


def takes(layer: Layer, inputs: int) -> bool:
    """Whether ``layer`` can read so many values."""
    return inputs == layer.reads or (layer.reads_more and inputs > layer.reads)


def infer(spec: NetworkSpec) -> Inference:
    """Shapes of all nodes and every Problem of the graph and of its shape rules."""
    shapes: dict[str, Shape | None] = {INPUT_ID: spec.input_shape}
    problems: list[Problem] = []
    ids = [node.id for node in spec.nodes]
    ordered = spec.ordered()
    problems += _circles(spec, ordered)
    problems += _duplicates(ids)
    for node in ordered:
        problem = _wiring(spec, node)
        if problem is not None:
            problems.append(problem)
            shapes[node.id] = None
            continue
        if node.layer.reads == 0:
            shapes[node.id] = spec.input_shape
            continue
        inputs = [shapes.get(source) for source in spec.inputs_of(node)]
        known = tuple(shape for shape in inputs if shape is not None)
        if len(known) < len(inputs):
            shapes[node.id] = None
            continue
        try:
            shapes[node.id] = node.layer.output_shape(*known)
        except ShapeError as error:
            shapes[node.id] = None
            problems.append(Problem(node.id, error.what, error.why, error.mends, error.label))
    for node in spec.nodes:
        shapes.setdefault(node.id, None)
    return Inference(shapes, tuple(problems))


def _circles(spec: NetworkSpec, ordered: tuple[Node, ...]) -> list[Problem]:
    left = [node for node in spec.nodes if node not in ordered]
    names = titles(spec)
    if not left:
        return []
    return [
        Problem(
            left[0].id,
            Text("This layer waits for its own output."),
            Text(
                "Wires must not form a circle: a network is computed from the input to the output."
            ),
            tuple(
                Mend(
                    Text("Remove the wire from {source}", source=names.get(source, source)),
                    partial(_cut, source=source),
                )
                for source in left[0].inputs
            ),
        )
    ]


def _cut(spec: NetworkSpec, node_id: str, source: str) -> NetworkSpec:
    return edits.disconnect(spec, source, node_id)


def _duplicates(ids: list[str]) -> list[Problem]:
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    return [
        Problem(
            i,
            Text("Two layers are both called {id}.", id=i),
            Text("Each layer needs an id of its own."),
        )
        for i in repeated
    ]


def _wiring(spec: NetworkSpec, node: Node) -> Problem | None:
    """A missing, surplus or dangling wire into ``node``, or a second input."""
    names = titles(spec)
    remove = Mend(Text("Remove this layer"), edits.remove)
    if node.layer.reads == 0:
        first = next(n for n in spec.nodes if n.layer.reads == 0)
        if first.id != node.id:
            return Problem(
                node.id,
                Text("A network has one input, and this is the second."),
                Text("All images enter at one place."),
                (remove,),
            )
        return None
    if node.id == INPUT_ID:
        return Problem(
            node.id,
            Text("Only what the network reads may be called {id}.", id=INPUT_ID),
            Text("Each layer needs an id of its own."),
        )
    if node.layer.is_output:
        first = next(n for n in spec.nodes if n.layer.is_output)
        if first.id != node.id:
            return Problem(
                node.id,
                Text("A network has one output layer, and this is the second."),
                Text("The loss compares one answer with the true one."),
                (remove,),
            )
    sources = spec.inputs_of(node)
    if len(sources) < node.layer.reads:
        mends = tuple(
            Mend(
                Text("Connect it to {source}", source=names[other.id]),
                partial(_join, source=other.id),
            )
            for other in _loose_ends(spec, node)
        )
        return Problem(
            node.id,
            Text("This layer needs another input.")
            if sources
            else Text("Nothing is connected to this layer's input."),
            _how_many(node, len(sources)),
            (*mends, remove),
        )
    if not takes(node.layer, len(sources)):
        return Problem(
            node.id,
            Text("Too many wires lead into this layer."),
            _how_many(node, len(sources)),
            (Mend(Text("Keep the first wire"), _keep_first),),
        )
    return _dangling(spec, node, sources)


def _how_many(node: Node, given: int) -> Text:
    if node.layer.reads_more:
        return Text(
            "It reads {needed} or more; so far it has {given}. Draw a wire to it from another block.",
            needed=node.layer.reads,
            given=given,
        )
    return Text("It reads {needed}; it has {given}.", needed=node.layer.reads, given=given)


def _dangling(spec: NetworkSpec, node: Node, sources: tuple[str, ...]) -> Problem | None:
    """A wire into ``node`` that begins nowhere, or behind the network's end."""
    for source in sources:
        outside = source == INPUT_ID and not spec.has_input_node
        if source not in spec and not outside:
            return Problem(
                node.id,
                Text("It reads {source}, which is not in the network.", source=source),
                Text("The wire has lost its beginning."),
                (
                    Mend(
                        Text("Remove the wire from {source}", source=source),
                        partial(_cut, source=source),
                    ),
                ),
            )
        if source in spec and spec.node(source).layer.is_output:
            return Problem(
                node.id,
                Text("It reads the output layer."),
                Text("The output layer ends the network; the loss reads it and nothing else."),
                (Mend(Text("Remove this layer"), edits.remove),),
            )
    return None


def _keep_first(spec: NetworkSpec, node_id: str) -> NetworkSpec:
    node = spec.node(node_id)
    for source in node.inputs[node.layer.reads :]:
        spec = edits.disconnect(spec, source, node_id)
    return spec


def _join(spec: NetworkSpec, node_id: str, source: str) -> NetworkSpec:
    return edits.connect(spec, source, node_id)


def _loose_ends(spec: NetworkSpec, node: Node) -> list[Node]:
    """Nodes that nothing reads and that do not themselves wait for ``node``."""
    return [
        other
        for other in spec.ordered()
        if other.id != node.id
        and not other.layer.is_output
        and not spec.consumers(other.id)
        and can_connect(spec, other.id, node.id)
        and (other.layer.reads == 0 or spec.inputs_of(other))
    ]


def can_connect(spec: NetworkSpec, source: str, target: str) -> bool:
    """Whether a wire from ``source`` to ``target`` keeps the network free of circles."""
    if source not in spec or target not in spec:
        return False
    if spec.node(target).layer.reads == 0 or spec.node(source).layer.is_output:
        return False
    seen, waiting = set(), [target]
    while waiting:
        current = waiting.pop()
        if current == source:
            return False
        if current not in seen:
            seen.add(current)
            waiting += [node.id for node in spec.consumers(current)]
    return True
