"""The command that trains, reports and saves."""

from __future__ import annotations

import argparse
import shlex
import sys
import time

from nnstudio.cli.interruption import Interruption
from nnstudio.cli.material import (
    Exam,
    judge,
)
from nnstudio.cli.progress import Progress
from nnstudio.cli.say import complain, emit, note, percent
from nnstudio.cli.task import Task, task_of
from nnstudio.cli.watching import emit_observed, observation_of, write_table
from nnstudio.data.progress import Cancelled
from nnstudio.data.readers.survey import printable
from nnstudio.engine import (
    FINISHED,
    NOT_FINITE,
    EpochEnd,
    Evaluation,
    Observed,
    Plan,
    StepEnd,
    Stopped,
    make_plan,
)
from nnstudio.engine import train as events_of
from nnstudio.errors import ProjectError
from nnstudio.project import save
from nnstudio.project.store import check_target

SAVE_EVERY = 5.0
"""Seconds between two saves while a training runs."""


def train(given: argparse.Namespace) -> int:
    """Train, save, judge; on Ctrl-C or SIGTERM save what there is."""
    if given.out is not None:
        check_target(given.out)
    with Interruption() as interruption:
        try:
            task = task_of(given, interruption)
        except Cancelled:
            complain("Stopped while the images were read; nothing was saved.")
            return interruption.exit_status
        plan = make_plan(
            task.snapshot.spec, task.snapshot.training, task.prepared, state=task.state
        )
        if not given.json:
            note(f"takes up to {plan.memory.total / 2**20:,.0f} MB of memory beside the images")
        plan.sample_seconds = None
        plan.observation = observation_of(given.observe, given.observe_every, plan)
        task.history.threads = plan.threads
        if task.said:
            note(task.said)
        keeper = Keeper(task, plan, given.out)
        stopped = _run(task, plan, interruption, keeper, as_json=given.json)
        project = task.project(plan)
        keeper.save()
        if stopped is not None and stopped.reason == NOT_FINITE:
            where = (
                "Nothing was saved." if given.out is None else f"Saved to {printable(given.out)}."
            )
            complain(f"{stopped.message} {where}")
            return 2
        if stopped is None:
            _say_interrupted(given, plan)
            return interruption.exit_status
        data, rows = task.prepared.dataset, task.prepared.split.test
        found = judge(project, Exam(data.images, data.labels, rows, ""))
        _say_finished(given, task, plan, found, stopped)
    return 0


class Keeper:
    """Saves the project after an epoch now and then, so that even a killed run can be continued.

    Only the first time what was in its place stays as ``.bak``: the version from before this run.
    """

    def __init__(self, task: Task, plan: Plan, out: str | None) -> None:
        self._task, self._plan, self._out = task, plan, out
        self._saved_at: float | None = None

    def save(self) -> None:
        """Raises ProjectError."""
        if self._out is not None:
            save(self._task.project(self._plan), self._out, backup=self._saved_at is None)
            self._saved_at = time.monotonic()

    def save_now_and_then(self) -> None:
        """A full disk now is no reason to give up the training: it may have room again at the end."""
        if self._saved_at is not None and time.monotonic() - self._saved_at < SAVE_EVERY:
            return
        try:
            self.save()
        except ProjectError as error:
            complain(f"{error} The training goes on.")


def _run(
    task: Task, plan: Plan, interruption: Interruption, keeper: Keeper, *, as_json: bool
) -> Stopped | None:
    """Train until it ends, which the result says, or is interrupted."""
    epochs = plan.settings.epochs
    count = max(1, len(task.prepared.split.train))
    measure = "explained variance" if plan.network.objective.of_numbers else "accuracy"
    done = (plan.epoch + plan.position / count) / epochs
    progress = Progress(sys.stderr, epochs, done, measure)
    events = events_of(plan)
    seen: Observed | None = None
    while interruption.may_go_on():
        event = next(events)
        task.history.add(event)
        if isinstance(event, Stopped):
            progress.clear()
            return event
        if isinstance(event, EpochEnd):
            keeper.save_now_and_then()
        if isinstance(event, Observed):
            seen = event
            if as_json:
                emit_observed(event)
        elif isinstance(event, EpochEnd) and as_json:
            _emit_epoch(event, epochs)
        elif isinstance(event, EpochEnd):
            progress.epoch(event)
            if seen is not None:
                write_table(seen, plan.observation.what, sys.stderr)
                seen = None
        elif isinstance(event, StepEnd) and not as_json:
            progress.step(event)
    progress.clear()
    return None


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
            "learning_rate": event.learning_rate,
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


def _say_finished(
    given: argparse.Namespace, task: Task, plan: Plan, found: Evaluation, stopped: Stopped
) -> None:
    """The summary. Speed is that of training alone, over all epochs of this run of the program."""
    begun = task.state.epoch if task.state else 0
    epochs = [epoch for epoch in task.history.epochs if epoch.epoch > begun]
    seconds = sum(epoch.seconds for epoch in epochs)
    images = sum(epoch.seconds * epoch.images_per_second for epoch in epochs)
    values = {
        "event": "summary",
        "reason": stopped.reason,
        "best_epoch": plan.standing.epoch,
        "test_accuracy": found.accuracy,
        "test_loss": found.loss,
        "test_mean_error": found.mean_error,
        "test_images": len(task.prepared.split.test),
        "validation_accuracy": epochs[-1].validation_accuracy,
        "seconds": round(seconds, 3),
        "images_per_second": round(images / seconds, 1) if seconds else 0.0,
        "threads": plan.threads,
        "seed": plan.settings.seed,
        "epochs": plan.epoch,
        "parameters": plan.network.parameter_count,
        "memory_mb": round(plan.memory.total / 2**20, 1),
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
    if stopped.reason != FINISHED or plan.settings.keep_best:
        print(stopped.message)
    if found.mean_error is None:
        figures = f"test accuracy {percent(found.accuracy)}"
    else:
        figures = f"test mean error {found.mean_error:.4g}, {percent(found.accuracy)} of the variance explained"
    print(
        f"{figures}, loss {found.loss:.4f} "
        f"({values['test_images']:,} images that training never saw)"
    )
    print(
        f"{plan.epoch} {'epoch' if plan.epoch == 1 else 'epochs'} in {seconds:.1f} s, {values['images_per_second']:,.0f} images/s "
        f"on {plan.threads} threads, {values['parameters']:,} parameters, seed {values['seed']}"
    )
    print("not saved: no --out was given" if given.out is None else f"saved to {values['out']}")
