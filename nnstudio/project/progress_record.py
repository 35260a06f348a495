"""How far a training has come, as JSON values: curves, counters and random generators."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from nnstudio.engine.training import EpochEnd, History, StepEnd, TrainingState
from nnstudio.network.layer import Array

#: A longer curve is stored with every second, third, … point: the file has to stay readable.
MOST_STEPS = 100_000

_COUNTERS = ("step", "epoch", "position", "hits")
_GENERATORS: dict[str, type[np.random.BitGenerator]] = {
    "PCG64": np.random.PCG64,
    "PCG64DXSM": np.random.PCG64DXSM,
    "SFC64": np.random.SFC64,
    "Philox": np.random.Philox,
    "MT19937": np.random.MT19937,
}
_OPTIONAL = {"validation_loss", "validation_accuracy"}


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
    generators = [_plain(generator) for generator in state.generators]
    return {**counters, "loss_sum": _number(state.loss_sum), "generators": generators}


def state_from_dict(
    values: Any, parameters: dict[str, Array], velocity: dict[str, Array]
) -> TrainingState:
    """The state with these arrays. Raises ValueError, KeyError or TypeError for anything else."""
    generators = values["generators"]
    if not isinstance(generators, list) or len(generators) > 1024:
        raise ValueError("generators")
    return TrainingState(
        parameters=parameters,
        velocity=velocity,
        loss_sum=_real("loss_sum", values["loss_sum"]),
        generators=tuple(_generator_state(generator) for generator in generators),
        **{name: _whole(name, values[name]) for name in _COUNTERS},
    )


def _columns(kind: type, points: list[Any]) -> dict[str, list[Any]]:
    names = [field.name for field in dataclasses.fields(kind)]
    return {name: [_number(getattr(point, name)) for point in points] for name in names}


def _rows(kind: type, columns: Any) -> list[Any]:
    checked: list[list[Any]] = []
    for field in dataclasses.fields(kind):
        column = columns[field.name]
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


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": value.dtype.name}
    return value.item() if isinstance(value, np.generic) else value


def _generator_state(values: Any) -> dict[str, Any]:
    """A state that NumPy's generator of that name really accepts."""
    state = _arrays(values)
    # Tried on a generator of its own: what does not fit must fail here, not in a training.
    _GENERATORS[state["bit_generator"]]().state = state
    return dict(state)


def _arrays(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"array", "dtype"}:
        if value["dtype"] not in ("uint64", "uint32") or len(value["array"]) > 1024:
            raise ValueError("the state of a random generator")
        return np.array(value["array"], dtype=value["dtype"])
    return {key: _arrays(inner) for key, inner in value.items()}
