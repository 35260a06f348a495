"""What every exporter needs of a project: a network with weights that give finite answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from nnstudio.data.preprocess import Preprocessing
from nnstudio.data.readers.survey import printable
from nnstudio.engine.losses import LossChoice, Objective, objective_of
from nnstudio.engine.training import TrainingState
from nnstudio.errors import ExportError
from nnstudio.network import NetworkSpec, training_problems
from nnstudio.network.heads import answers_of
from nnstudio.network.layer import Array
from nnstudio.text import Text


class HasTraining(Protocol):
    """A project, as far as exporters are concerned."""

    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def preprocessing(self) -> Preprocessing: ...
    @property
    def state(self) -> TrainingState | None: ...
    @property
    def trained_spec(self) -> NetworkSpec | None: ...


@dataclass(frozen=True)
class Trained:
    """A network with its weights in the exchange layout, complete and finite."""

    spec: NetworkSpec
    weights: dict[str, Array]
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    objective: Objective

    def metadata(self) -> dict[str, str]:
        """What a reader of the exported file needs to prepare images and name answers, as JSON texts."""
        return {
            "classes": json.dumps(self.classes),
            "preprocessing": json.dumps(self.preprocessing.as_dict()),
            "input_shape": json.dumps(self.spec.input_shape),
        }


def trained(project: HasTraining, path: str | Path) -> Trained:
    """The trained network in ``project``; ``path`` is named in errors.

    Raises ExportError: it was not trained, or its weights are no longer finite.
    """
    spec, state = project.trained_spec, project.state
    if spec is None or state is None:
        raise ExportError(
            printable(path),
            Text("The network has not been trained, so there is no model to export."),
            Text("Train first."),
        )
    problems = training_problems(spec, None, answers_of(project.classes), state.loss)
    if problems:
        raise ExportError(printable(path), problems[0].what, problems[0].why)
    for name, array in state.parameters.items():
        if not np.isfinite(array).all():
            raise ExportError(
                printable(path),
                Text("The weights {name} are no longer finite numbers.", name=name),
                Text("Train again with a smaller learning rate."),
            )
    objective = objective_of(spec, project.classes, LossChoice(state.loss))
    return Trained(spec, state.parameters, project.classes, project.preprocessing, objective)


def unwritable(path: str | Path, error: OSError) -> ExportError:
    """The target cannot be written, in words."""
    return ExportError(
        printable(path),
        Text("It cannot be written ({detail}).", detail=error.strerror or str(error)),
        Text("Choose another place or name."),
    )
