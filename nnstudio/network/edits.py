"""Every change to a network as a pure function: the old spec in, the new spec out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnstudio.network.layer import Layer, Shape
from nnstudio.network.spec import NetworkSpec, Node


def fresh_id(spec: NetworkSpec, layer: Layer) -> str:
    """The layer's stem with the first number that is free: "conv3"; "input" for the Input layer."""
    if layer.reads == 0 and layer.stem not in spec:
        return layer.stem
    number = 1
    while f"{layer.stem}{number}" in spec:
        number += 1
    return f"{layer.stem}{number}"


def add(spec: NetworkSpec, layer: Layer, inputs: tuple[str, ...] = ()) -> NetworkSpec:
    """A new node, last in the list, reading ``inputs``."""
    return spec.with_nodes((*spec.nodes, Node(fresh_id(spec, layer), layer, inputs)))


def insert_after(spec: NetworkSpec, node_id: str, layer: Layer) -> NetworkSpec:
    """A new node behind ``node_id``; all that read ``node_id`` read the new node instead."""
    new = Node(fresh_id(spec, layer), layer, (node_id,))
    return _spliced(spec, new, behind=node_id, readers=None)


def insert_before(spec: NetworkSpec, node_id: str, layer: Layer) -> NetworkSpec:
    """A new node on the (first) wire into ``node_id``."""
    sources = spec.inputs_of(spec.node(node_id))
    if not sources:
        return spec
    return insert_between(spec, sources[0], node_id, layer)


def insert_between(spec: NetworkSpec, source: str, target: str, layer: Layer) -> NetworkSpec:
    """A new node on the wire from ``source`` to ``target``; other wires stay."""
    new = Node(fresh_id(spec, layer), layer, (source,))
    return _spliced(spec, new, behind=source, readers=target)


def _spliced(spec: NetworkSpec, new: Node, *, behind: str, readers: str | None) -> NetworkSpec:
    nodes: list[Node] = []
    placed = behind not in spec
    if placed:
        nodes.append(new)
    for node in spec.nodes:
        rewired = node
        sources = spec.inputs_of(node)
        if behind in sources and (readers is None or node.id == readers):
            rewired = replace(node, inputs=tuple(new.id if s == behind else s for s in sources))
        nodes.append(rewired)
        if node.id == behind:
            nodes.append(new)
    return spec.with_nodes(tuple(nodes))


def remove(spec: NetworkSpec, *node_ids: str) -> NetworkSpec:
    """Without these nodes; what read a removed node reads that node's first input instead."""
    for node_id in node_ids:
        gone = spec.node(node_id)
        sources = spec.inputs_of(gone)
        heir = sources[:1]
        nodes = []
        for node in spec.nodes:
            if node.id == node_id:
                continue
            if node_id in node.inputs:
                inputs: tuple[str, ...] = ()
                for source in node.inputs:
                    inputs += heir if source == node_id else (source,)
                nodes.append(replace(node, inputs=inputs))
            else:
                nodes.append(node)
        spec = spec.with_nodes(tuple(nodes))
    return spec


def connect(spec: NetworkSpec, source: str, target: str) -> NetworkSpec:
    """A wire from ``source`` to ``target``; a full input is replaced, the last one first."""
    node = spec.node(target)
    if source in node.inputs:
        return spec
    free = node.layer.reads_more or len(node.inputs) < node.layer.reads
    inputs = (*node.inputs, source) if free else (*node.inputs[:-1], source)
    return replace_node(spec, replace(node, inputs=inputs))


def disconnect(spec: NetworkSpec, source: str, target: str) -> NetworkSpec:
    """Without the wire from ``source`` to ``target``."""
    node = spec.node(target)
    return replace_node(spec, replace(node, inputs=tuple(s for s in node.inputs if s != source)))


def replace_node(spec: NetworkSpec, changed: Node) -> NetworkSpec:
    """With the node of the same id exchanged."""
    return spec.with_nodes(tuple(changed if n.id == changed.id else n for n in spec.nodes))


def change_settings(spec: NetworkSpec, node_id: str, **changes: Any) -> NetworkSpec:
    """With settings of one layer changed. Raises SettingError for a value that is not allowed."""
    node = spec.node(node_id)
    return replace_node(spec, replace(node, layer=node.layer.replaced(**changes)))


def set_input_shape(spec: NetworkSpec, shape: Shape) -> NetworkSpec:
    """Reading images of another shape (H, W, C)."""
    return replace(spec, input_shape=tuple(shape))


def move(spec: NetworkSpec, node_id: str, behind: str, reader: str | None = None) -> NetworkSpec:
    """A chain block taken out of its place (which heals) and put behind another.

    ``reader``: put it only on the wire from ``behind`` to this node; others keep reading ``behind``.
    """
    if node_id in (behind, reader):
        return spec
    node = spec.node(node_id)
    healed = remove(spec, node_id)
    if reader is None:
        moved = insert_after(healed, behind, node.layer)
    else:
        moved = insert_between(healed, behind, reader, node.layer)
    new_id = next(n.id for n in moved.nodes if n.id not in healed)
    return _renamed(moved, new_id, node_id)


def _renamed(spec: NetworkSpec, old: str, new: str) -> NetworkSpec:
    nodes = tuple(
        replace(
            node,
            id=new if node.id == old else node.id,
            inputs=tuple(new if s == old else s for s in node.inputs),
        )
        for node in spec.nodes
    )
    return spec.with_nodes(nodes)
