"""What a network needs to be trained on a data set: an output, no loose ends, fitting shapes."""

from __future__ import annotations

from functools import partial

from nnstudio.network import edits
from nnstudio.network.layer import Shape, create, shape_text
from nnstudio.network.problems import Mend, Problem
from nnstudio.network.shapes import Inference, infer
from nnstudio.network.spec import NetworkSpec, Node
from nnstudio.text import Text


def training_problems(
    spec: NetworkSpec, data_shape: Shape | None = None, classes: int | None = None
) -> tuple[Problem, ...]:
    """All that keeps ``spec`` from being trained on images of ``data_shape`` in ``classes`` classes.

    Includes the problems of :func:`infer`; what concerns the data is only asked once those are mended.
    """
    inference = infer(spec)
    if inference.problems:
        return inference.problems
    output = spec.output()
    if output is None:
        return (
            Problem(
                "", Text("The network is empty."), Text("It needs layers between input and output.")
            ),
        )
    problems = [
        Problem(
            node.id,
            Text("Nothing reads this layer."),
            Text("Its output leads nowhere, so it can learn nothing."),
            (Mend(Text("Remove this layer"), edits.remove),),
        )
        for node in spec.nodes
        if node.id != output.id and not spec.consumers(node.id)
    ]
    if not output.layer.is_output:
        mend = Mend(Text("Add a Softmax output"), _append_softmax)
        problems.append(
            Problem(
                output.id,
                Text("The network has no output layer."),
                Text("The loss compares probabilities, one per class, with the true class."),
                (mend,),
            )
        )
    if problems:
        return tuple(problems)
    return tuple(_data_problems(spec, inference, output, data_shape, classes))


def _data_problems(
    spec: NetworkSpec,
    inference: Inference,
    output: Node,
    data_shape: Shape | None,
    classes: int | None,
) -> list[Problem]:
    problems = []
    source = next((n.id for n in spec.nodes if n.layer.reads == 0), "")
    if data_shape is not None and tuple(data_shape) != spec.input_shape:
        wanted, given = shape_text(spec.input_shape), shape_text(data_shape)
        mend = Mend(
            Text("Read {given} images", given=given), partial(_reshape, shape=tuple(data_shape))
        )
        problems.append(
            Problem(
                source,
                Text(
                    "The network reads {wanted}, but the images are {given}.",
                    wanted=wanted,
                    given=given,
                ),
                Text("Rows, columns and channels must be the same."),
                (mend,),
            )
        )
    answers = inference.shapes[output.id]
    if classes is not None and answers is not None and answers[-1] != classes:
        last = _last_with_units(spec, output)
        mends: tuple[Mend, ...] = ()
        if last is not None:
            mends = (
                Mend(Text("Set {units} units", units=classes), partial(_set_units, units=classes)),
            )
        problems.append(
            Problem(
                last.id if last is not None else output.id,
                Text(
                    "It gives {given} answers, but the data has {classes} classes.",
                    given=answers[-1],
                    classes=classes,
                ),
                Text("The last dense layer needs one unit per class."),
                mends,
                label=f"{answers[-1]} ≠ {classes}",
            )
        )
    return problems


def _last_with_units(spec: NetworkSpec, output: Node) -> Node | None:
    node = output
    while True:
        sources = spec.inputs_of(node)
        if not sources or sources[0] not in spec:
            return None
        node = spec.node(sources[0])
        if hasattr(node.layer, "units"):
            return node


def _append_softmax(spec: NetworkSpec, node_id: str) -> NetworkSpec:
    return edits.insert_after(spec, node_id, create("Softmax"))


def _reshape(spec: NetworkSpec, _node_id: str, shape: Shape) -> NetworkSpec:
    return edits.set_input_shape(spec, shape)


def _set_units(spec: NetworkSpec, node_id: str, units: int) -> NetworkSpec:
    return edits.change_settings(spec, node_id, units=units)
