"""How fast LeNet-5 is trained here and by PyTorch, measured side by side in one run.

    python tests/benchmarks/engine_vs_pytorch.py [--json] [--blocks 9] [--seconds 1.0]

Each engine runs in a process of its own, one at a time, in the order A B B A …; a block counts the
images of complete steps (forward, backward, momentum update; float32, batch 64) in a fixed time.
PyTorch runs at the best of 1 and 2 threads, eager, contiguous and channels-last, with its fused
optimiser. The figure is the median of ours over the median of PyTorch's best.

Variables that hold a library to older kernels than the processor has (OPENBLAS_CORETYPE for NumPy,
ATEN_CPU_CAPABILITY and others for PyTorch) are taken from the measured processes, so that each
engine shows what it does on a computer without them. Where one is set, a further line says what
ours does under it; it does not count.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import numpy as np

BATCH = 64
GOAL = 1.5
IMAGES = 4096
CANDIDATES = {
    "nnstudio, 1 thread": ("ours", 1, False),
    "nnstudio, 2 threads": ("ours", 2, False),
    "PyTorch, 1 thread, contiguous": ("torch", 1, False),
    "PyTorch, 1 thread, channels-last": ("torch", 1, True),
    "PyTorch, 2 threads, contiguous": ("torch", 2, False),
    "PyTorch, 2 threads, channels-last": ("torch", 2, True),
}

PINS = (
    "OPENBLAS_CORETYPE",
    "NPY_DISABLE_CPU_FEATURES",
    "ATEN_CPU_CAPABILITY",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_CBWR",
)

Step = Callable[[int], None]


def batches() -> tuple[np.ndarray, np.ndarray]:
    """The same pixels and labels for both: uint8 (IMAGES, 28, 28, 1) and int64 (IMAGES,)."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (IMAGES, 28, 28, 1), np.uint8), rng.integers(0, 10, IMAGES)


def our_step(threads: int) -> Step:
    """One step as the trainer does it, from uint8 pixels in the data set: gathering included."""
    from nnstudio import templates
    from nnstudio.data.preprocess import fit
    from nnstudio.engine import compile_network
    from nnstudio.engine.feeds import pixel_feed

    images, labels = batches()
    preprocessing = fit(images)
    network = compile_network(templates.build("lenet5"), batch_size=BATCH, threads=threads)

    def step(number: int) -> None:
        start = number * BATCH % IMAGES
        rows = np.arange(start, start + BATCH)
        feed = pixel_feed(images, labels, rows, preprocessing, np.float32)
        network.compute(feed, BATCH, dropping=True)
        network.update(0.01, 0.9)

    return step


def torch_step(threads: int, channels_last: bool) -> Step:
    """The same network and update in PyTorch, on float batches prepared beforehand."""
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    images, labels = batches()
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model = model.to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)
    loss_of = nn.CrossEntropyLoss()
    pixels = torch.from_numpy(images.transpose(0, 3, 1, 2).astype(np.float32) / 255)
    inputs = [part.to(memory_format=layout) for part in pixels.split(BATCH)]
    targets = torch.from_numpy(labels).split(BATCH)

    def step(number: int) -> None:
        at = number % len(inputs)
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(inputs[at]), targets[at]).backward()
        optimizer.step()

    return step


def serve(pipe: Connection, kind: str, threads: int, channels_last: bool) -> None:
    """A worker process: for each number of seconds received, sends images per second."""
    step = our_step(threads) if kind == "ours" else torch_step(threads, channels_last)
    for number in range(20):
        step(number)
    while (seconds := pipe.recv()) is not None:
        began, number = time.perf_counter(), 0
        while (spent := time.perf_counter() - began) < seconds:
            step(number)
            number += 1
        pipe.send(number * BATCH / spent)


def measure(blocks: int, seconds: float) -> dict[str, list[float]]:
    """Images per second of each candidate, ``blocks`` times, there and back again through the list."""
    context = multiprocessing.get_context("spawn")
    pins = {name: os.environ.pop(name) for name in PINS if name in os.environ}
    candidates = dict(CANDIDATES)
    if pins:
        under = " ".join(f"{name}={value}" for name, value in pins.items())
        candidates[f"(ours, 2 threads, {under})"] = ("ours", 2, False)
    pipes, processes = {}, []
    for name, arguments in candidates.items():
        if name.startswith("("):
            os.environ.update(pins)
        pipes[name], theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, *arguments), daemon=True)
        process.start()
        processes.append(process)
    results: dict[str, list[float]] = {name: [] for name in candidates}
    for block in range(-1, blocks):
        for name in list(candidates)[:: 1 if block % 2 else -1]:
            pipes[name].send(seconds)
            rate = pipes[name].recv()
            if block >= 0:
                results[name].append(rate)
    for pipe in pipes.values():
        pipe.send(None)
    for process in processes:
        process.join()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--blocks", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=1.0)
    options = parser.parse_args()
    medians = {
        name: statistics.median(rates)
        for name, rates in measure(options.blocks, options.seconds).items()
    }
    ours = max(rate for name, rate in medians.items() if name.startswith("nnstudio"))
    theirs = max(rate for name, rate in medians.items() if name.startswith("PyTorch"))
    ratio = ours / theirs
    if options.json:
        figures = {name: round(rate) for name, rate in medians.items()}
        case = {
            "figure": round(ratio, 2),
            "goal": f">= {GOAL}",
            "met": ratio >= GOAL,
            "images_per_second": figures,
        }
        print(json.dumps({f"LeNet-5, batch {BATCH}, training": case}))
        return
    print(
        f"LeNet-5, batch {BATCH}: forward, backward, momentum update; images per second, median of {options.blocks}"
    )
    for name, rate in medians.items():
        print(f"  {name:50}{rate:10,.0f}")
    print(f"  ratio of the best of each: {ratio:.2f} (goal {GOAL})")


if __name__ == "__main__":
    main()
