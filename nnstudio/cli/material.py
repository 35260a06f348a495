"""Which images a command works on: those of a project's own recipe, or others made to fit it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nnstudio.data.dataset import GIVEN_TEST
from nnstudio.data.loading import DIGITS, Progress, load
from nnstudio.data.recipe import DataRecipe, Prepared, prepare
from nnstudio.engine import Evaluation, LossChoice, compile_network, evaluate, objective_of
from nnstudio.errors import ProjectError
from nnstudio.network import NetworkSpec
from nnstudio.network.layer import Array
from nnstudio.project import Project
from nnstudio.text import Text


def source_of(data: str) -> str:
    """What ``--data`` means, so that it can be found from another folder later."""
    return data if data == DIGITS else str(Path(data).expanduser().absolute())


def same_source(recipe: DataRecipe | None, source: str) -> bool:
    """Whether ``source`` is where the recipe's images come from."""
    if recipe is None or DIGITS in (recipe.source, source):
        return recipe is not None and recipe.source == source
    return Path(recipe.source).resolve() == Path(source).resolve()


def pinned(recipe: DataRecipe, prepared: Prepared) -> DataRecipe:
    """With the size that the images turned out to have: more images must not change it later."""
    height, width, channels = prepared.dataset.shape
    return replace(recipe, size=(height, width), channels=channels)


def recipe_for(source: str, spec: NetworkSpec) -> DataRecipe:
    """A recipe whose images are brought to what the network reads, where that is possible."""
    shape = spec.input_shape
    if len(shape) == 3 and shape[2] in (1, 3):
        return DataRecipe(source, size=(shape[0], shape[1]), channels=shape[2])
    return DataRecipe(source)


def prepared_for(project: Project, recipe: DataRecipe, progress: Progress) -> Prepared:
    """The recipe's images with the classes and the preprocessing that the trained network knows."""
    found = prepare(recipe, progress)
    dataset = found.dataset.with_classes(project.classes)
    return Prepared(dataset, found.split, project.preprocessing)


@dataclass(frozen=True, eq=False)
class Exam:
    """Labelled images to judge a network by. ``part`` says which of the data they are."""

    images: Array
    labels: Array
    rows: Array
    part: str


OWN_TEST, GIVEN, ALL = "the project's test part", "the given test part", "all images"


def exam_of(project: Project, spec: NetworkSpec, source: str) -> Exam:
    """The images that ``evaluate`` judges by.

    Of the project's own data its test part, which training never saw; of other data the test part
    that it gives, else all of it.
    """
    recipe = project.snapshot.recipe
    if recipe is not None and same_source(recipe, source):
        prepared = prepare(recipe)
        if len(prepared.split.test):
            data = prepared.dataset.with_classes(project.classes)
            return Exam(data.images, data.labels, prepared.split.test, OWN_TEST)
    other = recipe if recipe is not None and recipe.source == source else recipe_for(source, spec)
    data = load(
        source, size=other.size, channels=other.channels, count=other.count, seed=other.seed
    ).with_classes(project.classes)
    given = np.flatnonzero(data.given == GIVEN_TEST)
    if len(given):
        return Exam(data.images, data.labels, given, GIVEN)
    return Exam(data.images, data.labels, np.arange(len(data)), ALL)


def judge(project: Project, exam: Exam) -> Evaluation:
    """The figures of ``train``'s summary and of ``evaluate``: one computation, so that they agree."""
    spec, state = project.trained_spec, project.state
    assert spec is not None and state is not None
    objective = objective_of(spec, project.classes, LossChoice(state.loss))
    network = compile_network(spec, threads=project.snapshot.training.threads, objective=objective)
    network.load_parameters(state.parameters)
    return evaluate(network, exam.images, exam.labels, project.preprocessing, exam.rows)


def trained_spec(project: Project, path: str) -> NetworkSpec:
    """The network that was trained. Raises ProjectError when none was."""
    if project.trained_spec is None or project.state is None:
        raise ProjectError(
            path,
            Text("Its network has not been trained."),
            Text("Train it first: nnstudio train {path} --data …", path=path),
        )
    return project.trained_spec
