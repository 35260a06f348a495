"""What a hand does in the editor, said as labelled edits of the network."""

from __future__ import annotations

from dataclasses import replace

from nnstudio.app.session import Session
from nnstudio.network import NetworkSpec, Problem, create, edits
from nnstudio.network.problems import Mend
from nnstudio.network.shapes import can_connect
from nnstudio.text import Text


def _named(layer_name: str) -> Text:
    return Text(create(layer_name).label)


def insert(session: Session, layer_name: str, source: str, target: str) -> None:
    """Dropped on a wire."""
    label = Text("Insert {layer}", layer=_named(layer_name))
    layer = create(layer_name)
    session.edit(label, lambda spec: edits.insert_between(spec, source, target, layer))


def add(session: Session, layer_name: str, after: str, place: tuple[float, float] | None) -> None:
    """Put behind a block, or loose where nothing is near; ``place`` is where a loose block lies."""
    label = Text("Add {layer}", layer=_named(layer_name))
    layer = create(layer_name)

    def change(spec: NetworkSpec) -> NetworkSpec:
        if after not in spec or layer.reads == 0:
            return edits.add(spec, layer)
        if spec.node(after).layer.is_output:
            return edits.insert_before(spec, after, layer)
        return edits.insert_after(spec, after, layer)

    before = {node.id for node in session.spec}
    session.edit(label, change)
    new = [node for node in session.spec if node.id not in before]
    if place is not None and new and not session.spec.inputs_of(new[0]):
        move(session, {new[0].id: place})


def add_from_palette(session: Session, layer_name: str, selected: list[str]) -> None:
    """Chosen without a place: behind the selected block, else as the last before the output."""
    spec = session.spec
    output = spec.output()
    after = selected[-1] if selected else (output.id if output is not None else "")
    add(session, layer_name, after, None)


def remove(session: Session, ids: list[str]) -> None:
    """Take blocks out; the wires close over them."""
    present = [node_id for node_id in ids if node_id in session.spec]
    if present:
        session.edit(Text("Delete"), lambda spec: edits.remove(spec, *present))


def duplicate(session: Session, ids: list[str]) -> None:
    """A copy of each block behind it."""

    def change(spec: NetworkSpec) -> NetworkSpec:
        for node_id in ids:
            node = spec.node(node_id)
            if node.layer.reads and not node.layer.is_output:
                spec = edits.insert_after(spec, node_id, node.layer)
        return spec

    if ids:
        session.edit(Text("Duplicate"), change)


def connect(session: Session, source: str, target: str) -> None:
    """Draw a wire, where the model allows one."""
    if can_connect(session.spec, source, target):
        session.edit(Text("Connect"), lambda spec: edits.connect(spec, source, target))
    else:
        session.told.emit(Text("A wire here would form a circle or leave the output."))


def disconnect(session: Session, source: str, target: str) -> None:
    """Take a wire away."""
    session.edit(Text("Disconnect"), lambda spec: edits.disconnect(spec, source, target))


def mend(session: Session, problem: Problem, remedy: Mend) -> None:
    """Do what a problem proposes."""
    session.edit(remedy.label, lambda spec: remedy.edit(spec, problem.node))


def change_setting(
    session: Session, node_id: str, name: str, value: object, merge_key: str = ""
) -> None:
    """Change one setting of one layer."""
    label = Text("Change {layer}", layer=Text(session.spec.node(node_id).layer.label))
    session.edit(
        label, lambda spec: edits.change_settings(spec, node_id, **{name: value}), merge_key
    )


def move(session: Session, places: dict[str, tuple[float, float]]) -> None:
    """Put blocks where a hand has put them."""
    snapshot = session.snapshot
    positions = {node: (x, y) for node, x, y in snapshot.positions} | places
    rows = tuple((node, x, y) for node, (x, y) in sorted(positions.items()))
    session.document.apply(Text("Move"), replace(snapshot, positions=rows))


def reorder(session: Session, node_id: str, source: str, target: str) -> None:
    """Take a block from its place and put it on another wire; there it joins the column again.

    ``target`` is "" when it goes behind ``source``, which nothing reads.
    """
    snapshot = session.snapshot
    label = Text("Move {layer}", layer=Text(session.spec.node(node_id).layer.label))
    spec = edits.move(session.spec, node_id, source, target or None)
    if spec != session.spec:
        rows = tuple(row for row in snapshot.positions if row[0] != node_id)
        session.document.apply(label, replace(snapshot, spec=spec, positions=rows))


def tidy(session: Session) -> None:
    """Forget all places given by hand."""
    session.document.apply(Text("Tidy up"), replace(session.snapshot, positions=()))
