"""The command that trains: a template from the beginning, or a project from where it stands."""

from __future__ import annotations

import argparse
import platform
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nnstudio import __version__
from nnstudio.cli.interruption import Interruption
from nnstudio.cli.material import (
    Exam,
    judge,
    pinned,
    prepared_for,
    recipe_for,
    same_source,
    source_of,
)
from nnstudio.cli.progress import Progress
from nnstudio.cli.say import complain, emit, note, percent
from nnstudio.data.progress import Cancelled
from nnstudio.data.readers.survey import printable
from nnstudio.data.recipe import DataRecipe, Prepared, prepare
from nnstudio.engine import (
    NOT_FINITE,
    EpochEnd,
    Evaluation,
    History,
    Plan,
    StepEnd,
    Stopped,
    TrainingSettings,
    TrainingState,
    make_plan,
)
from nnstudio.engine import train as events_of
from nnstudio.errors import NetworkError, SettingError
from nnstudio.network import NetworkSpec, training_problems
from nnstudio.project import Project, Snapshot, load, save
from nnstudio.project.store import check_target
from nnstudio.settings import settings_of
from nnstudio.templates import TEMPLATES, build
from nnstudio.text import Text


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be trained, on what, and from where. ``state`` is None from the beginning."""

    snapshot: Snapshot
    prepared: Prepared
    state: TrainingState | None
    history: History

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


def train(given: argparse.Namespace) -> int:
    """Train, save, judge; on Ctrl-C or SIGTERM save what there is."""
    if given.out is not None:
        check_target(given.out)
    with Interruption() as interruption:
        try:
            task = _task(given, interruption)
        except Cancelled:
            complain("Stopped while the images were read; nothing was saved.")
            return interruption.exit_status
        plan = make_plan(
            task.snapshot.spec, task.snapshot.training, task.prepared, state=task.state
        )
        plan.sample_seconds = None
        task.history.threads = plan.threads
        failure = _run(task, plan, interruption, as_json=given.json)
        if failure is not None:
            complain(f"{failure.message} Nothing was saved.")
            return 2
        finished = plan.epoch >= plan.settings.epochs
        project = task.project(plan)
        if given.out is not None:
            save(project, given.out)
        if not finished:
            _say_interrupted(given, plan)
            return interruption.exit_status
        data, rows = task.prepared.dataset, task.prepared.split.test
        found = judge(project, Exam(data.images, data.labels, rows, ""))
        _say_finished(given, task, plan, found)
    return 0


def _run(task: Task, plan: Plan, interruption: Interruption, *, as_json: bool) -> Stopped | None:
    """Train until it ends or is interrupted; what ended it when that was no good end."""
    epochs = plan.settings.epochs
    count = max(1, len(task.prepared.split.train))
    progress = Progress(sys.stderr, epochs, (plan.epoch + plan.position / count) / epochs)
    events = events_of(plan)
    while interruption.may_go_on():
        event = next(events)
        task.history.add(event)
        if isinstance(event, Stopped):
            return event if event.reason == NOT_FINITE else None
        if isinstance(event, EpochEnd) and as_json:
            _emit_epoch(event, epochs)
        elif isinstance(event, EpochEnd):
            progress.epoch(event)
        elif isinstance(event, StepEnd) and not as_json:
            progress.step(event)
    progress.clear()
    return None


def _task(given: argparse.Namespace, interruption: Interruption) -> Task:
    """Raises NNStudioError for whatever does not fit, Cancelled when interrupted."""
    changes = {
        declared.name: value
        for declared in settings_of(TrainingSettings)
        if (value := getattr(given, declared.name)) is not None
    }
    source = source_of(given.data)
    if given.source in TEMPLATES:
        return _from_template(given.source, TrainingSettings(**changes), source, interruption)
    project = _loaded(given.source)
    settings = project.snapshot.training.replaced(**changes)
    if project.state is not None and project.trained_spec == project.snapshot.spec:
        _check_continuation(given.source, project.snapshot.training, settings, project.state)
        return _continuing(project, project.state, settings, source, interruption)
    if project.state is not None:
        note("The network was edited since it was trained: training begins with fresh weights.")
    return _from_beginning(given.source, project, settings, source, interruption)


def _loaded(source: str) -> Project:
    if not Path(source).expanduser().exists():
        raise NetworkError(
            printable(source),
            Text("There is neither a template nor a project of this name."),
            Text("Give one of the templates {names}, or a project.", names=", ".join(TEMPLATES)),
        )
    return load(source)


def _from_template(
    name: str, settings: TrainingSettings, source: str, interruption: Interruption
) -> Task:
    """The template made for the images' shape and classes."""
    recipe = DataRecipe(source)
    prepared = prepare(recipe, interruption.may_go_on)
    dataset = prepared.dataset
    spec = build(name, input_shape=dataset.shape, classes=len(dataset.classes))
    snapshot = Snapshot(spec, (), settings, pinned(recipe, prepared))
    _check_fit(name, spec, prepared)
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
    _check_fit(name, snapshot.spec, prepared)
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
        state = replace(state, position=0, loss_sum=0.0, hits=0)
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
    if state.position and (before.seed, before.batch_size) != (settings.seed, settings.batch_size):
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


def _check_fit(name: str, spec: NetworkSpec, prepared: Prepared) -> None:
    dataset = prepared.dataset
    problems = training_problems(spec, dataset.shape, len(dataset.classes))
    if problems:
        first = problems[0]
        subject = f"{printable(name)}, {first.node}" if first.node else printable(name)
        raise NetworkError(subject, first.what, first.why)


def _fresh_history() -> History:
    versions = {
        "nnstudio": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    return History(versions=versions)


def _emit_epoch(event: EpochEnd, epochs: int) -> None:
    emit(
        {
            "event": "epoch",
            "epoch": event.epoch,
            "epochs": epochs,
            "loss": event.loss,
            "accuracy": event.accuracy,
            "validation_loss": event.validation_loss,
            "validation_accuracy": event.validation_accuracy,
            "seconds": round(event.seconds, 4),
            "images_per_second": round(event.images_per_second, 1),
        }
    )


def _say_interrupted(given: argparse.Namespace, plan: Plan) -> None:
    where = f"in epoch {plan.epoch + 1} of {plan.settings.epochs}"
    if given.out is None:
        complain(f"Stopped {where}; nothing was saved, because no --out was given.")
    else:
        out, data = (shlex.quote(printable(path)) for path in (given.out, given.data))
        complain(
            f"Stopped {where}; saved to {printable(given.out)}. "
            f"Go on with: nnstudio train {out} --data {data} --out {out}"
        )


def _say_finished(given: argparse.Namespace, task: Task, plan: Plan, found: Evaluation) -> None:
    """The summary. Speed is that of training alone, over all epochs of this run of the program."""
    begun = task.state.epoch if task.state else 0
    epochs = [epoch for epoch in task.history.epochs if epoch.epoch > begun]
    seconds = sum(epoch.seconds for epoch in epochs)
    images = sum(epoch.seconds * epoch.images_per_second for epoch in epochs)
    values = {
        "event": "summary",
        "test_accuracy": found.accuracy,
        "test_loss": found.loss,
        "test_images": len(task.prepared.split.test),
        "validation_accuracy": epochs[-1].validation_accuracy,
        "seconds": round(seconds, 3),
        "images_per_second": round(images / seconds, 1) if seconds else 0.0,
        "threads": plan.threads,
        "seed": plan.settings.seed,
        "epochs": plan.epoch,
        "parameters": plan.network.parameter_count,
        "skipped": len(task.prepared.dataset.skipped),
        "out": None if given.out is None else printable(given.out),
    }
    if given.json:
        emit(values)
        return
    for file in task.prepared.dataset.skipped[:5]:
        note(f"left out: {file.file}: {file.reason}")
    if values["skipped"]:
        note(f"{values['skipped']} files could not be used.")
    print(
        f"test accuracy {percent(found.accuracy)}, loss {found.loss:.4f} "
        f"({values['test_images']:,} images that training never saw)"
    )
    print(
        f"{plan.epoch} epochs in {seconds:.1f} s, {values['images_per_second']:,.0f} images/s "
        f"on {plan.threads} threads, {values['parameters']:,} parameters, seed {values['seed']}"
    )
    print("not saved: no --out was given" if given.out is None else f"saved to {values['out']}")
