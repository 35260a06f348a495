"""What a network needs to be trained on a data set: an output, no loose ends, fitting shapes."""

from __future__ import annotations

from functools import partial

from nnstudio.network import edits
from nnstudio.network.heads import AUTO, Answers, head_problems
from nnstudio.network.layer import Shape, shape_text
from nnstudio.network.problems import Mend, Problem
from nnstudio.network.shapes import infer
from nnstudio.network.spec import NetworkSpec
from nnstudio.text import Text


def training_problems(
    spec: NetworkSpec,
    data_shape: Shape | None = None,
    asked: Answers | None = None,
    loss: str = AUTO,
) -> tuple[Problem, ...]:
    """All that keeps ``spec`` from being trained on images of ``data_shape`` for what is ``asked``.

    ``loss``: one of LOSSES. Includes the problems of :func:`infer`; what concerns the data is only
    asked once those are mended.
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
    ending = head_problems(spec, inference, output, loss, asked)
    # A wrong number of answers may follow from other images: those come first.
    early = [problem for problem in ending if problem.node == output.id]
    if problems or early:
        return (*problems, *early)
    return (*_image_problems(spec, data_shape), *ending)


def _image_problems(spec: NetworkSpec, data_shape: Shape | None) -> list[Problem]:
    source = next((n.id for n in spec.nodes if n.layer.reads == 0), "")
    if data_shape is None or tuple(data_shape) == spec.input_shape:
        return []
    wanted, given = shape_text(spec.input_shape), shape_text(data_shape)
    mend = Mend(
        Text("Read {given} images", given=given), partial(_reshape, shape=tuple(data_shape))
    )
    return [
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
    ]


def _reshape(spec: NetworkSpec, _node_id: str, shape: Shape) -> NetworkSpec:
    return edits.set_input_shape(spec, shape)
