"""How time and memory of a training grow: with images, with the batch, with a layer's width.

    python tests/benchmarks/engine_scale.py [--json]

Everything runs as a training does, through the trainer, on random images of MNIST's size. Each row is
measured in a process of its own; what is compared is measured in turns within one, medians taken.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import networks
from engine_vs_pytorch import run_with, unpinned

FEW, MANY = 10_000, 60_000
TURNS = 5
NARROW, WIDE = 256, 1024
LEAVING_CACHE = 1.15
"""The weights of the wide layers do not lie in a core's own cache, which costs some 10 % by itself."""
TOLD = (("lenet5", 64), ("mlp", 256), ("vgg", 64), ("resnet8", 64))
IMAGE = 28 * 28


def plan_of(count: int, *, network: str = "lenet5", **settings: Any) -> Any:
    """A training on ``count`` random images, none kept back."""
    from nnstudio import templates
    from nnstudio.data.dataset import NOT_GIVEN, Dataset
    from nnstudio.data.preprocess import fit
    from nnstudio.data.recipe import Prepared
    from nnstudio.data.split import split
    from nnstudio.engine import TrainingSettings, make_plan

    rng = np.random.default_rng(0)
    dataset = Dataset(
        images=rng.integers(0, 256, (count, 28, 28, 1), np.uint8),
        labels=rng.integers(0, 10, count),
        classes=tuple("0123456789"),
        given=np.full(count, NOT_GIVEN, np.uint8),
    )
    parts = split(dataset, validation=0, test=0)
    prepared = Prepared(dataset, parts, fit(dataset.images[:1000]))
    how = TrainingSettings(**{"epochs": 100_000, "schedule": "constant", **settings})
    return make_plan(templates.build(network), how, prepared)


def epochs(plan: Any) -> Callable[[], float]:
    """A function that trains for one more epoch and returns its seconds."""
    from nnstudio.engine import EpochEnd, train

    plan.sample_seconds = None
    plan.network.start_processes()
    events = train(plan)

    def one() -> float:
        return next(e for e in events if isinstance(e, EpochEnd)).seconds

    one()
    return one


def growth_in_time() -> tuple[float, float]:
    """Seconds of an epoch of FEW and of MANY images, batch 64."""
    few, many = epochs(plan_of(FEW, batch_size=64)), epochs(plan_of(MANY, batch_size=64))
    pairs = [(sum(few() for _ in range(MANY // FEW)), many()) for _ in range(TURNS)]
    times = [statistics.median(column) for column in zip(*pairs, strict=True)]
    return times[0] * FEW / MANY, times[1]


def peak(count: int, batch: int) -> tuple[float, float]:
    """MB that training two epochs took at most, and images per second in the second."""
    one = epochs(plan_of(count, batch_size=batch))
    return networks.memory(), count / one()


def growth_with_width() -> float:
    """Seconds of a step with WIDE units over those with NARROW, over the ratio of multiplications."""
    from nnstudio.engine import compile_network
    from nnstudio.engine.optimizers import Step
    from nnstudio.layers import Dense, Flatten
    from nnstudio.network import NetworkSpec, Node

    steps, work = [], []
    for units in (NARROW, WIDE):
        layers = (Flatten(), Dense(units, "relu"), Dense(units, "relu"), Dense(10))
        ids = ["input", *(f"n{number}" for number in range(len(layers)))]
        nodes = (Node(ids[n + 1], layer, (ids[n],)) for n, layer in enumerate(layers))
        network = compile_network(NetworkSpec((28, 28, 1), tuple(nodes)), batch_size=128)
        images = np.random.default_rng(0).normal(size=(128, 1, 28, 28)).astype(np.float32)

        def step(network: Any = network, images: np.ndarray = images) -> None:
            network.compute(lambda p, a, b: p.fill(images[a:b]), 128, dropping=False)
            network.update(Step(0.001))

        steps.append(step)
        work.append(network.multiply_adds)
    times: list[list[float]] = [[], []]
    for turn in range(3 * TURNS):
        for step, found in zip(steps, times, strict=True):
            step()
            began = time.perf_counter()
            for _ in range(20):
                step()
            if turn:
                found.append(time.perf_counter() - began)
    narrow, wide = (statistics.median(found) for found in times)
    return wide / narrow / (work[1] / work[0])


def compile_time() -> float:
    """Milliseconds to prepare LeNet-5 for training on batches of 64, from its spec to its program."""
    from nnstudio import templates
    from nnstudio.engine import compile_network

    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        compile_network(templates.build("lenet5"), batch_size=64).program(64, training=True)
        times.append(1000 * (time.perf_counter() - began))
    return times[0]  # the first counts: a person waits for it


def told(name: str, batch: int) -> float:
    """MB that ``memory_estimate`` says."""
    from nnstudio import templates
    from nnstudio.engine import memory_estimate

    return memory_estimate(templates.build(name), batch).total / 2**20


def taken(name: str, batch: int) -> float:
    """MB that a process grows by when it trains."""
    from nnstudio import templates
    from nnstudio.data.preprocess import fit
    from nnstudio.engine import compile_network
    from nnstudio.engine.feeds import pixel_feed
    from nnstudio.engine.optimizers import Step

    images = np.random.default_rng(0).integers(0, 256, (batch, 28, 28, 1), np.uint8)
    feed = pixel_feed(images, np.arange(batch) % 10, np.arange(batch), fit(images), np.float32)
    # What NumPy loads at its first use does not belong to the training.
    first = compile_network(templates.build("mlp", input_shape=(4, 4, 1)))
    first.predict(np.zeros((4, 1, 4, 4), np.float32))
    before = networks.memory()
    network = compile_network(templates.build(name), batch_size=batch)
    for number in range(3):
        network.compute(feed, batch, dropping=True, step=number)
        network.update(Step(0.001))
    return networks.memory() - before


def entry(figure: float, goal: float, *, places: int = 2, **more: Any) -> dict[str, Any]:
    """A row whose figure should not be above ``goal``."""
    return {"figure": round(figure, places), "goal": f"<= {goal}", "met": figure <= goal, **more}


def rows() -> dict[str, dict[str, Any]]:
    """All figures."""
    found = {}
    few, many = run_with(growth_in_time)
    found["LeNet-5, seconds of an epoch per image, 60,000 images over 10,000"] = entry(
        many / few * FEW / MANY, 1.1, seconds={FEW: round(few, 3), MANY: round(many, 3)}
    )
    (small, _), (large, rate) = (run_with(peak, count, 64) for count in (FEW, MANY))
    of_images = (MANY - FEW) * IMAGE / 2**20
    found["LeNet-5, memory from 10,000 to 60,000 images over that of the pixels"] = entry(
        (large - small) / of_images, 1.3, megabytes={FEW: round(small), MANY: round(large)}
    )
    whole, whole_rate = run_with(peak, FEW, FEW)
    found["LeNet-5, full batch of 10,000, peak memory in MB"] = entry(
        whole, 2048, places=0, images_per_second={64: round(rate), FEW: round(whole_rate)}
    )
    found["dense layers, time from 256 to 1024 units over that of the arithmetic"] = entry(
        run_with(growth_with_width), LEAVING_CACHE
    )
    found["LeNet-5, milliseconds to compile"] = entry(run_with(compile_time), 300, places=0)
    for name, batch in TOLD:
        said, was = run_with(told, name, batch), run_with(taken, name, batch)
        found[f"{name}, batch {batch}, memory told against taken, off by"] = entry(
            abs(said / was - 1), 0.15, megabytes={"told": round(said, 1), "taken": round(was, 1)}
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    unpinned()
    found = rows()
    if options.json:
        print(json.dumps(found))
        return
    for name, row in found.items():
        rest = {key: value for key, value in row.items() if key not in ("figure", "goal", "met")}
        more = "".join(f"  {key}: {value}" for key, value in rest.items())
        verdict = "met" if row["met"] else "NOT MET"
        print(f"{row['figure']:>8} ({row['goal']}, {verdict})  {name}{more}")


if __name__ == "__main__":
    main()
