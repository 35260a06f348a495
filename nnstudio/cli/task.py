"""What ``train`` was asked for: a template from the beginning, or a project from where it stands."""

from __future__ import annotations

import argparse
import platform
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio import __version__
from nnstudio.cli.interruption import Interruption
from nnstudio.cli.material import pinned, prepared_for, recipe_for, same_source, source_of
from nnstudio.data.readers.survey import printable
from nnstudio.data.recipe import DataRecipe, Prepared, prepare
from nnstudio.engine import History, Plan, TrainingSettings, TrainingState
from nnstudio.errors import NetworkError, SettingError
from nnstudio.network import NetworkSpec, training_problems
from nnstudio.network.heads import answers_of
from nnstudio.network.titles import titles
from nnstudio.project import Project, Snapshot, load
from nnstudio.settings import settings_of
from nnstudio.templates import TEMPLATES, build_for, suited
from nnstudio.text import Text

_OF_AN_EPOCH = ("seed", "batch_size", "accumulate")
"""Settings that decide which images make a step: an epoch must end with those it began with."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be trained, on what, and from where. ``state`` is None from the beginning.

    ``said``: what a person should know of it once it begins.
    """

    snapshot: Snapshot
    prepared: Prepared
    state: TrainingState | None
    history: History
    said: str = ""

    def project(self, plan: Plan) -> Project:
        """The project as it stands between two events."""
        return Project(
            self.snapshot,
            self.prepared.dataset.classes,
            self.prepared.preprocessing,
            plan.state(),
            self.history,
            self.snapshot.spec,
        )


def task_of(given: argparse.Namespace, interruption: Interruption, *, afresh: bool = False) -> Task:
    """Raises NNStudioError for whatever does not fit, Cancelled when interrupted.

    ``afresh``: a project's network from the beginning, however far it was trained.
    """
    changes = {
        declared.name: value
        for declared in settings_of(TrainingSettings)
        if (value := getattr(given, declared.name)) is not None
    }
    source = source_of(given.data)
    if given.source in TEMPLATES:
        return _from_template(given.source, changes, source, interruption)
    project = _loaded(given.source)
    settings = project.snapshot.training.replaced(**changes)
    if afresh:
        return _from_beginning(given.source, project, settings, source, interruption)
    if project.state is not None and project.trained_spec == project.snapshot.spec:
        _check_continuation(given.source, project.snapshot.training, settings, project.state)
        return _continuing(project, project.state, settings, source, interruption)
    task = _from_beginning(given.source, project, settings, source, interruption)
    if project.state is not None:
        said = "The network was edited since it was trained: training begins with fresh weights."
        return replace(task, said=said)
    return task


def _loaded(source: str) -> Project:
    if not Path(source).expanduser().exists():
        raise NetworkError(
            printable(source),
            Text("There is neither a template nor a project of this name."),
            Text("Give one of the templates {names}, or a project.", names=", ".join(TEMPLATES)),
        )
    return load(source)


def _from_template(
    name: str, changes: dict[str, Any], source: str, interruption: Interruption
) -> Task:
    """The template made for the images' shape and classes, trained as usual but for the ``changes``."""
    settings = TrainingSettings(**changes)
    recipe = DataRecipe(source)
    prepared = prepare(recipe, interruption.may_go_on)
    dataset = prepared.dataset
    spec = build_for(name, dataset.shape, dataset.classes, images=len(dataset))
    if "clipping" not in changes:
        settings = suited(settings, dataset.classes, images=len(dataset))
    snapshot = Snapshot(spec, (), settings, pinned(recipe, prepared))
    _check_fit(name, spec, prepared, settings.loss)
    return Task(snapshot, prepared, None, _fresh_history())


def _from_beginning(
    name: str,
    project: Project,
    settings: TrainingSettings,
    source: str,
    interruption: Interruption,
) -> Task:
    """A project's network with fresh weights; its size stays, so the images are brought to it."""
    snapshot = project.snapshot
    recipe = snapshot.recipe if same_source(snapshot.recipe, source) else None
    recipe = recipe or recipe_for(source, snapshot.spec)
    prepared = prepare(recipe, interruption.may_go_on)
    _check_fit(name, snapshot.spec, prepared, settings.loss)
    recipe = pinned(recipe, prepared)
    return Task(
        replace(snapshot, training=settings, recipe=recipe), prepared, None, _fresh_history()
    )


def _continuing(
    project: Project,
    state: TrainingState,
    settings: TrainingSettings,
    source: str,
    interruption: Interruption,
) -> Task:
    """On the same data exactly where it stopped; on other data from the next whole epoch."""
    snapshot = project.snapshot
    recipe = snapshot.recipe
    if recipe is None or not same_source(recipe, source):
        recipe = recipe_for(source, snapshot.spec)
        state = replace(state, position=0, loss_sum=0.0, hits=0.0)
    prepared = prepared_for(project, recipe, interruption.may_go_on)
    snapshot = replace(snapshot, training=settings, recipe=pinned(recipe, prepared))
    return Task(snapshot, prepared, state, project.history or _fresh_history())


def _check_continuation(
    name: str, before: TrainingSettings, settings: TrainingSettings, state: TrainingState
) -> None:
    if state.epoch >= settings.epochs:
        raise SettingError(
            printable(name),
            Text("It is already trained for {done} epochs.", done=state.epoch),
            Text("Give --epochs above {done}: it is the total.", done=state.epoch),
        )
    same = all(getattr(before, name) == getattr(settings, name) for name in _OF_AN_EPOCH)
    if state.position and not same:
        raise SettingError(
            printable(name),
            Text(
                "It stopped within an epoch, which has to end with the seed and batch size it began with."
            ),
            Text(
                "Leave --seed and --batch-size out, or give {seed} and {size}.",
                seed=before.seed,
                size=before.batch_size,
            ),
        )


def _check_fit(name: str, spec: NetworkSpec, prepared: Prepared, loss: str) -> None:
    dataset = prepared.dataset
    problems = training_problems(spec, dataset.shape, answers_of(dataset.classes), loss)
    if problems:
        first = problems[0]
        subject = (
            f"{printable(name)}, {titles(spec)[first.node]}" if first.node else printable(name)
        )
        raise NetworkError(subject, first.what, first.why)


def _fresh_history() -> History:
    versions = {
        "nnstudio": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    return History(versions=versions)
