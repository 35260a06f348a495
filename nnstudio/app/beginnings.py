"""What a piece of work begins with: an empty canvas, or a template cut to the images at hand."""

from __future__ import annotations

from nnstudio import templates
from nnstudio.data.dataset import Dataset
from nnstudio.layers import Input
from nnstudio.network import NetworkSpec, Node, infer
from nnstudio.project.document import Snapshot


def empty() -> Snapshot:
    """An input for the drawn digits and nothing else."""
    return Snapshot(NetworkSpec((28, 28, 1), (Node("input", Input()),)))


def fitted(spec: NetworkSpec, dataset: Dataset) -> NetworkSpec | None:
    """The template that ``spec`` is, for images and classes of ``dataset``; None if it is none."""
    shapes = infer(spec).shapes
    answers = shapes[spec.nodes[-1].id] if spec.nodes else None
    if answers is None:
        return None
    for name in templates.TEMPLATES:
        if templates.build(name, input_shape=spec.input_shape, classes=answers[-1]) == spec:
            return templates.build(name, input_shape=dataset.shape, classes=len(dataset.classes))
    return None
