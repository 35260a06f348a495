"""How far a training has come, as JSON values: curves and counters."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from nnstudio.engine.schedules import Standing
from nnstudio.engine.training import EpochEnd, History, StepEnd, TrainingState
from nnstudio.network.heads import AUTO, LOSSES
from nnstudio.network.layer import Array

#: A longer curve is stored with every second, third, … point: the file has to stay readable.
MOST_STEPS = 100_000

_COUNTERS = ("step", "epoch", "position")
#: From its first version on, without these: what a file of version 1.0 lacks.
_ABSENT: dict[str, Any] = {"learning_rate": None}
_OPTIONAL = {"validation_loss", "validation_accuracy", "learning_rate"}


def history_to_dict(history: History) -> dict[str, Any]:
    """Curves column by column, which is a third of the size of a list of objects."""
    stride = math.ceil(len(history.steps) / MOST_STEPS) or 1
    # Counted from the end: the newest point is always kept.
    steps = history.steps[::-1][::stride][::-1]
    return {
        "steps": _columns(StepEnd, steps),
        "epochs": _columns(EpochEnd, history.epochs),
        "versions": dict(history.versions),
        "threads": history.threads,
        "seconds": history.seconds,
    }


def history_from_dict(values: Any) -> History:
    """The inverse of :func:`history_to_dict`. Raises ValueError, KeyError or TypeError otherwise."""
    versions = values["versions"]
    if not all(isinstance(v, str) for v in versions.values()):
        raise ValueError("versions are not texts")
    return History(
        steps=_rows(StepEnd, values["steps"]),
        epochs=_rows(EpochEnd, values["epochs"]),
        versions=dict(versions),
        threads=_whole("threads", values["threads"]),
        seconds=_real("seconds", values["seconds"]),
    )


def state_to_dict(state: TrainingState) -> dict[str, Any]:
    """Everything of the state but its arrays."""
    counters = {name: getattr(state, name) for name in _COUNTERS}
    standing = dataclasses.asdict(state.standing)
    standing["loss"] = _number(standing["loss"])  # infinite before the first epoch
    return {
        **counters,
        "loss": state.loss,
        "loss_sum": _number(state.loss_sum),
        "hits": _number(state.hits),
        "standing": standing,
    }


def state_from_dict(
    values: Any,
    parameters: dict[str, Array],
    memory: dict[str, dict[str, Array]],
    best: dict[str, Array] | None = None,
) -> TrainingState:
    """The state with these arrays. Raises ValueError, KeyError or TypeError for anything else.

    A file of version 1.0 has no standing, and states of generators that are no longer needed.
    """
    standing = Standing()
    if "standing" in values:
        given = values["standing"]
        counters = {n: _whole(n, given[n]) for n in ("epoch", "waited", "stalled", "reductions")}
        loss = math.inf if given["loss"] is None else _real("loss", given["loss"])
        standing = Standing(loss, **counters)
    step, epoch, position = (_whole(name, values[name]) for name in _COUNTERS)
    return TrainingState(
        parameters=parameters,
        memory=memory,
        step=step,
        epoch=epoch,
        position=position,
        hits=_real("hits", values["hits"]),
        loss_sum=_real("loss_sum", values["loss_sum"]),
        standing=standing,
        best=best,
        loss=_loss(values.get("loss", AUTO)),
    )


def _loss(value: Any) -> str:
    if value not in dict(LOSSES):
        raise ValueError(f"loss is {value!r:.40}")
    return str(value)


def _columns(kind: type, points: list[Any]) -> dict[str, list[Any]]:
    names = [field.name for field in dataclasses.fields(kind)]
    return {name: [_number(getattr(point, name)) for point in points] for name in names}


def _rows(kind: type, columns: Any) -> list[Any]:
    checked: list[list[Any]] = []
    for field in dataclasses.fields(kind):
        absent = [_ABSENT.get(field.name)] * len(columns["step"])
        column = columns.get(field.name, absent) if field.name in _ABSENT else columns[field.name]
        if not isinstance(column, list):
            raise TypeError(field.name)
        if field.type == "int":
            checked.append([_whole(field.name, value) for value in column])
        elif field.name in _OPTIONAL:
            checked.append([None if v is None else _real(field.name, v) for v in column])
        else:
            checked.append([_real(field.name, value) for value in column])
    return [kind(*row) for row in zip(*checked, strict=True)]


def _number(value: Any) -> Any:
    """A loss that is no longer finite has no place in JSON: null stands for it."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _whole(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise ValueError(f"{name} is {value!r:.40}")
    return value


def _real(name: str, value: Any) -> float:
    if value is None:
        return math.nan
    if type(value) not in (int, float):
        raise ValueError(f"{name} is {value!r:.40}")
    return float(value)
