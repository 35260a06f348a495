"""A network as a plain value: which layers, and what each reads. No weights, no positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any, Self

from nnstudio.errors import NetworkError, NNStudioError
from nnstudio.network.layer import Layer, Shape, create
from nnstudio.text import Text

INPUT_ID = "input"
LARGEST_STORED = 65_536
"""Of each number in the shape of what a network reads, as a file tells it."""


@dataclass(frozen=True)
class Node:
    """A layer at a place in the network: its id and the ids of the nodes that it reads."""

    id: str
    layer: Layer
    inputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.layer, Layer):
            raise NetworkError(
                self.id,
                Text("{value} is no layer.", value=f"{self.layer!r:.60}"),
                Text("Give a layer with its settings, such as Dense(10)."),
            )
        given = (self.inputs,) if isinstance(self.inputs, str) else tuple(self.inputs)
        object.__setattr__(self, "inputs", given)


@dataclass(frozen=True)
class NetworkSpec:
    """``input_shape`` (H, W, C) or (features,), and the nodes in the order they were written.

    The id "input" is what the network reads. An Input node shows it in the editor; a spec without
    one may name "input" directly, or leave the first node's inputs empty.
    A half-built network is a valid value; :func:`nnstudio.network.shapes.infer` says what it lacks.
    """

    input_shape: Shape
    nodes: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        given = self.input_shape
        shape = tuple(given) if isinstance(given, tuple | list) else ()
        if len(shape) not in (1, 3) or not all(map(_is_size, shape)):
            raise NetworkError(
                "input",
                Text("Its shape {value} does not fit.", value=f"{given!r:.60}"),
                Text("Give rows, columns and channels, or a number of features: each at least 1."),
            )
        object.__setattr__(self, "input_shape", tuple(int(size) for size in shape))
        object.__setattr__(self, "nodes", tuple(self.nodes))

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def node(self, node_id: str) -> Node:
        """The node with this id. Raises NetworkError."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise NetworkError(
            f"{node_id!s:.60}",
            Text("There is no layer of this name."),
            Text("Choose one of: {choices}.", choices=", ".join(node.id for node in self.nodes)),
        )

    def __contains__(self, node_id: object) -> bool:
        return any(node.id == node_id for node in self.nodes)

    @property
    def has_input_node(self) -> bool:
        return any(node.layer.reads == 0 for node in self.nodes)

    def inputs_of(self, node: Node) -> tuple[str, ...]:
        """What ``node`` reads; without an Input node, the first node reads the network's input."""
        if (
            not node.inputs
            and node.layer.reads
            and not self.has_input_node
            and node is self.nodes[0]
        ):
            return (INPUT_ID,)
        return node.inputs

    def consumers(self, node_id: str) -> tuple[Node, ...]:
        """The nodes that read ``node_id``."""
        return tuple(node for node in self.nodes if node_id in self.inputs_of(node))

    def ordered(self) -> tuple[Node, ...]:
        """The nodes with each after what it reads; nodes in or behind a circle are left out."""
        done: set[str] = {INPUT_ID} if not self.has_input_node else set()
        known = {node.id for node in self.nodes}
        ordered: list[Node] = []
        waiting = list(self.nodes)
        while waiting:
            ready = [
                node
                for node in waiting
                if all(source in done or source not in known for source in self.inputs_of(node))
            ]
            if not ready:
                break
            first = ready[0]
            ordered.append(first)
            done.add(first.id)
            waiting.remove(first)
        return tuple(ordered)

    def output(self) -> Node | None:
        """The node that gives the network's answer: the output layer, else the last unread one."""
        ordered = self.ordered()
        for node in ordered:
            if node.layer.is_output:
                return node
        unread = [node for node in ordered if not self.consumers(node.id)]
        return unread[-1] if unread else None

    def with_nodes(self, nodes: tuple[Node, ...]) -> Self:
        return replace(self, nodes=nodes)

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, ready for JSON."""
        return {
            "input_shape": list(self.input_shape),
            "nodes": [
                {
                    "id": node.id,
                    "layer": type(node.layer).__name__,
                    "settings": node.layer.as_dict(),
                    "inputs": list(node.inputs),
                }
                for node in self.nodes
            ],
        }

    @classmethod
    def from_dict(cls, data: Any, source: str = "network") -> Self:
        """The inverse of :meth:`as_dict`. Raises NetworkError naming ``source`` on anything else."""
        try:
            shape = data["input_shape"]
            if not isinstance(shape, list) or not all(
                _is_size(size) and size <= LARGEST_STORED for size in shape
            ):
                raise ValueError("input_shape")
            nodes = []
            for entry in data["nodes"]:
                inputs = entry["inputs"]
                if not isinstance(entry["id"], str) or not entry["id"]:
                    raise TypeError("id")
                if not isinstance(inputs, list) or not all(isinstance(i, str) for i in inputs):
                    raise TypeError("inputs")
                nodes.append(
                    Node(entry["id"], create(entry["layer"], entry["settings"]), tuple(inputs))
                )
            return cls(tuple(shape), tuple(nodes))
        except NNStudioError as error:
            raise NetworkError(f"{source}, {error.subject}", error.reason, error.remedy) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NetworkError(
                source,
                Text("It does not describe a network ({detail}).", detail=str(error)),
                Text("Choose a file that this program wrote."),
            ) from error


def _is_size(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1
