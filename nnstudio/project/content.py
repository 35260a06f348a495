"""What a project is, and what each member of its file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import nnstudio.layers  # noqa: F401  (registers the layers that a file names)
from nnstudio.data import preprocess, recipe
from nnstudio.data.preprocess import Preprocessing
from nnstudio.engine.training import History, TrainingSettings, TrainingState
from nnstudio.exchange import strict_json, tensors
from nnstudio.network import NetworkSpec, Shape, infer, training_problems
from nnstudio.network.heads import AUTO, answers_of
from nnstudio.network.layer import Array
from nnstudio.project import archive
from nnstudio.project.document import Snapshot
from nnstudio.project.progress_record import (
    history_from_dict,
    history_to_dict,
    state_from_dict,
    state_to_dict,
)
from nnstudio.settings import settings_of

MOST_NODES, MOST_CLASSES = 2000, 100_000


@dataclass(frozen=True, eq=False)
class Project:
    """A piece of work as it is kept: what was edited, and what training made of it.

    ``classes`` and ``preprocessing`` belong to the data; ``state`` and ``trained_spec`` (the network
    that the state belongs to, which may have been edited since) are None before a training.
    """

    snapshot: Snapshot
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    state: TrainingState | None = None
    history: History | None = None
    trained_spec: NetworkSpec | None = None


_OF = ":"
"""Between the optimiser's name for an array and the parameter's: "velocity:conv1.weight"."""


def encode(project: Project) -> dict[str, bytes]:
    """The members of the file, without the manifest. Raises ValueError for what cannot be kept."""
    if (project.state is None) != (project.trained_spec is None):
        raise ValueError("a training state and the network it belongs to go together")
    snapshot, trained = project.snapshot, project.trained_spec
    values: dict[str, Any] = {
        "network.json": {
            "network": snapshot.spec.as_dict(),
            "positions": [[node, float(x), float(y)] for node, x, y in snapshot.positions],
            "trained": trained.as_dict() if trained else None,
        },
        "training.json": {
            "settings": snapshot.training.as_dict(),
            "recipe": snapshot.recipe.as_dict() if snapshot.recipe else None,
            "classes": list(project.classes),
            "preprocessing": project.preprocessing.as_dict(),
        },
        "history.json": history_to_dict(project.history) if project.history else None,
        "state.json": state_to_dict(project.state) if project.state else None,
    }
    members = {name: strict_json.dump(value) for name, value in values.items()}
    if project.state is not None:
        members["weights.safetensors"] = tensors.pack(project.state.parameters)
        members["optimizer.safetensors"] = tensors.pack(
            {
                f"{kept}{_OF}{name}": array
                for kept, arrays in project.state.memory.items()
                for name, array in arrays.items()
            }
        )
        if project.state.best is not None:
            members["best.safetensors"] = tensors.pack(project.state.best)
    return members


def decode(members: dict[str, bytes]) -> Project:
    """The inverse of :func:`encode`.

    Raises ValueError, KeyError, TypeError, AttributeError or NNStudioError for anything else.
    """
    network, training, history, state = (
        strict_json.parse(members[name], archive.LIMITS[name])
        for name in ("network.json", "training.json", "history.json", "state.json")
    )
    spec = _spec(network["network"])
    trained = None if network["trained"] is None else _spec(network["trained"])
    given = training["recipe"]
    project = Project(
        Snapshot(
            spec,
            _positions(network["positions"]),
            _settings(training["settings"]),
            None if given is None else recipe.from_dict(given),
        ),
        _classes(training["classes"]),
        preprocess.from_dict(training["preprocessing"]),
        _state(trained, state, members),
        None if history is None else history_from_dict(history),
        trained,
    )
    if trained is not None:
        _check_answers(project, trained)
    return project


def parameter_shapes(spec: NetworkSpec, *, learned: bool = False) -> dict[str, Shape]:
    """Name ("conv1.weight") to shape in the exchange layout. Raises ValueError for a half-built network.

    ``learned``: only what training changes along a gradient.
    """
    inference = infer(spec)
    if inference.problems:
        raise ValueError(f"network.json: {inference.problems[0].what}")
    return {
        f"{node.id}.{parameter.name}": parameter.exchange_shape
        for node in spec
        for parameter in inference.parameters(spec, node) or ()
        if parameter.learned or not learned
    }


def _spec(values: Any) -> NetworkSpec:
    if len(values["nodes"]) > MOST_NODES:
        raise ValueError(f"network.json: more than {MOST_NODES} layers")
    return NetworkSpec.from_dict(values, "network.json")


def _settings(values: Any) -> TrainingSettings:
    unknown = set(values) - {declared.name for declared in settings_of(TrainingSettings)}
    if unknown:
        raise ValueError(f"training.json: unknown settings {', '.join(sorted(unknown))}")
    return TrainingSettings(**values)


def _positions(values: Any) -> tuple[tuple[str, float, float], ...]:
    positions = []
    for node, x, y in values:
        if not isinstance(node, str) or not all(type(v) in (int, float) for v in (x, y)):
            raise ValueError("network.json: positions")
        positions.append((node, float(x), float(y)))
    return tuple(positions)


def _classes(values: Any) -> tuple[str, ...]:
    if (
        not isinstance(values, list)
        or len(values) > MOST_CLASSES
        or not all(isinstance(name, str) for name in values)
        or len(set(values)) < len(values)
    ):
        raise ValueError("training.json: classes")
    return tuple(values)


def _state(
    trained: NetworkSpec | None, values: Any, members: dict[str, bytes]
) -> TrainingState | None:
    arrays = {"weights.safetensors", "optimizer.safetensors"} & set(members)
    if trained is None and values is None and not arrays:
        return None
    if trained is None or values is None or len(arrays) < 2:
        raise ValueError("the network, the state and the weights of a training go together")
    shapes = parameter_shapes(trained)
    best = None
    if "best.safetensors" in members:
        best = _arrays(members, "best.safetensors", shapes)
    memory = _memory(members, parameter_shapes(trained, learned=True))
    return state_from_dict(values, _arrays(members, "weights.safetensors", shapes), memory, best)


def _arrays(members: dict[str, bytes], name: str, shapes: dict[str, Shape]) -> dict[str, Array]:
    try:
        return tensors.unpack(members[name], shapes)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _memory(members: dict[str, bytes], shapes: dict[str, Shape]) -> dict[str, dict[str, Array]]:
    """The optimiser's arrays by what it calls them; version 1.0 knew one, and named it nowhere."""
    name = "optimizer.safetensors"
    kept = sorted({key.partition(_OF)[0] for key in tensors.names(members[name]) if _OF in key})
    if not kept:
        return {"velocity": _arrays(members, name, shapes)} if tensors.names(members[name]) else {}
    wanted = {f"{one}{_OF}{key}": shape for one in kept for key, shape in shapes.items()}
    found = _arrays(members, name, wanted)
    return {one: {key: found[f"{one}{_OF}{key}"] for key in shapes} for one in kept}


def _check_answers(project: Project, trained: NetworkSpec) -> None:
    """A trained network answers with the classes that the file names, and reads what it prepares."""
    output = trained.output()
    shape = infer(trained).shapes[output.id] if output else None
    asked = answers_of(project.classes)
    if shape is None or training_problems(
        trained, None, asked, project.state.loss if project.state else AUTO
    ):
        raise ValueError("training.json: the classes are not what the network answers with")
    if trained.input_shape[2:] != (project.preprocessing.channels,):
        raise ValueError("training.json: the preprocessing is not for what the network reads")
