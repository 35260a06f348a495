"""What a piece of work begins with: an empty canvas, a template cut to the images, a normalisation."""

from __future__ import annotations

from nnstudio import templates
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocess import Preprocessing, identity
from nnstudio.data.recipe import Prepared
from nnstudio.layers import Input
from nnstudio.network import NetworkSpec, Node, infer
from nnstudio.project.document import Snapshot
from nnstudio.project.store import Project


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


def preprocessing_of(
    snapshot: Snapshot, prepared: Prepared | None, project: Project | None
) -> Preprocessing:
    """How images are normalised: as the loaded ones are, else as the project said, else not at all."""
    if prepared is not None:
        return prepared.preprocessing
    if project is not None and project.preprocessing is not None:
        return project.preprocessing
    return identity(3 if snapshot.spec.input_shape[-1] == 3 else 1)
