"""What a piece of work begins with: an empty canvas, a template cut to the images, a normalisation."""

from __future__ import annotations

from nnstudio import templates
from nnstudio.app.figures import grouped
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocess import Preprocessing, identity
from nnstudio.data.recipe import Prepared
from nnstudio.layers import Input
from nnstudio.network import NetworkSpec, Node, infer
from nnstudio.network.heads import measured
from nnstudio.project.document import Snapshot
from nnstudio.project.store import Project
from nnstudio.text import Text


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
        for number in (False, True):
            made = templates.build(
                name, input_shape=spec.input_shape, classes=answers[-1], number=number
            )
            if made == spec:
                return templates.build_for(
                    name, dataset.shape, dataset.classes, images=len(dataset)
                )
    return None


def told_of(dataset: Dataset) -> Text:
    """What was loaded, in a sentence."""
    count, values = grouped(len(dataset)), measured(dataset.classes, len(dataset))
    if values is None:
        classes = len(dataset.classes)
        return Text("Loaded {count} images in {classes} classes.", count=count, classes=classes)
    low, high = f"{min(values):.4g}", f"{max(values):.4g}"
    return Text(
        "Loaded {count} images with numbers from {low} to {high}.", count=count, low=low, high=high
    )


def preprocessing_of(
    snapshot: Snapshot, prepared: Prepared | None, project: Project | None
) -> Preprocessing:
    """How images are normalised: as the loaded ones are, else as the project said, else not at all."""
    if prepared is not None:
        return prepared.preprocessing
    if project is not None and project.preprocessing is not None:
        return project.preprocessing
    return identity(3 if snapshot.spec.input_shape[-1] == 3 else 1)
