"""A small project whose every number is known without training."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from nnstudio.data.preprocess import Preprocessing
from nnstudio.data.recipe import DataRecipe
from nnstudio.engine.training import EpochEnd, History, StepEnd, TrainingSettings, TrainingState
from nnstudio.layers import Conv2D, Dense, Flatten, Input, ReLU, Softmax
from nnstudio.network import NetworkSpec, Node
from nnstudio.project import Project, Snapshot

#: By hand: Conv2D(2, 3) on 6×6×1 gives 4×4×2, and Flatten 32 numbers.
SHAPES = {
    "conv1.weight": (2, 1, 3, 3),
    "conv1.bias": (2,),
    "dense1.weight": (3, 32),
    "dense1.bias": (3,),
}


def ramp(shape: tuple[int, ...], begin: float) -> np.ndarray:
    """begin, begin + 1/8, begin + 2/8, …: exact in float32."""
    return (begin + np.arange(math.prod(shape)) / 8).astype(np.float32).reshape(shape)


def small_spec() -> NetworkSpec:
    return NetworkSpec(
        (6, 6, 1),
        (
            Node("input", Input()),
            Node("conv1", Conv2D(2, 3), ("input",)),
            Node("relu1", ReLU(), ("conv1",)),
            Node("flatten1", Flatten(), ("relu1",)),
            Node("dense1", Dense(3), ("flatten1",)),
            Node("softmax1", Softmax(), ("dense1",)),
        ),
    )


def small_project() -> Project:
    state = TrainingState(
        parameters={name: ramp(shape, 1.0) for name, shape in SHAPES.items()},
        memory={"velocity": {name: ramp(shape, -2.0) for name, shape in SHAPES.items()}},
        step=9,
        epoch=2,
        position=64,
        loss_sum=12.5,
        hits=40,
    )
    history = History(
        [StepEnd(1, 1, 1, 1, 4, 1.25, 0.5), StepEnd(1, 2, 1, 2, 4, 0.75, 0.625)],
        [EpochEnd(1, 1, 4, 0.5, 0.75, None, None, 0.25, 1000.0)],
        {"nnstudio": "0.1.0"},
        2,
        0.25,
    )
    snapshot = Snapshot(
        small_spec(),
        (("conv1", 120.0, -40.5),),
        TrainingSettings(epochs=5, batch_size=32, learning_rate=0.125, momentum=0.5, seed=11),
        DataRecipe("/data/猫", (6, 6), 1, 100, 3, 0.25, 0.125),
    )
    return Project(
        snapshot,
        ("cat", "狗", "<b>cow</b>"),
        Preprocessing((0.25,), (0.5,)),
        state,
        history,
        small_spec(),
    )


def check_same(found: Project, wanted: Project) -> None:
    assert found.snapshot == wanted.snapshot
    assert (found.classes, found.preprocessing) == (wanted.classes, wanted.preprocessing)
    assert found.trained_spec == wanted.trained_spec
    assert found.history == wanted.history
    assert (found.state is None) == (wanted.state is None)
    if found.state is None or wanted.state is None:
        return
    for name in ("step", "epoch", "position", "loss_sum", "hits", "standing"):
        assert getattr(found.state, name) == getattr(wanted.state, name)
    for arrays, expected in (
        (found.state.parameters, wanted.state.parameters),
        (found.state.memory["velocity"], wanted.state.memory["velocity"]),
    ):
        assert set(arrays) == set(expected)
        for name, array in arrays.items():
            assert array.dtype == np.float32
            assert array.tobytes() == expected[name].tobytes()
            array[...] = 0  # owned and writable, not a view of the file's bytes


@pytest.fixture
def project() -> Project:
    return small_project()


@pytest.fixture
def same() -> Callable[[Project, Project], None]:
    return check_same
