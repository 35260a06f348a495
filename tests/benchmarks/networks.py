"""The networks that are measured, built here and in PyTorch alike, and one step of each."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

IMAGES = 4096
SHAPES = {"LeNet-5": (28, 28, 1), "MLP": (28, 28, 1), "VGG": (32, 32, 3), "ResNet": (32, 32, 3)}

Step = Callable[[int], None]


def memory() -> float:
    """The most memory in MB that this process and its children have held, each counted by itself."""
    total = 0
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "status").read_text() if folder.name.isdigit() else ""
        except OSError:
            continue
        values = dict(line.split(":", 1) for line in fields.splitlines() if ":" in line)
        if os.getpid() in (int(values.get("Pid", 0)), int(values.get("PPid", 0))):
            total += int(values.get("VmHWM", "0 kB").split()[0])
    return total / 1024


def batches(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The same pixels and labels for both: uint8 (IMAGES, H, W, C) and int64 (IMAGES,)."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (IMAGES, *shape), np.uint8), rng.integers(0, 10, IMAGES)


def our_spec(name: str) -> Any:
    """The network called ``name`` as a spec."""
    from nnstudio import templates
    from nnstudio.layers import Dense, Dropout, Flatten
    from nnstudio.network import NetworkSpec, Node

    if name == "MLP":
        layers = (
            Flatten(),
            Dense(512, "relu"),
            Dropout(0.5),
            Dense(256, "relu"),
            Dropout(0.5),
            Dense(10),
        )
        ids = ["input", *(f"n{number}" for number in range(len(layers)))]
        nodes = [Node(ids[n + 1], layer, (ids[n],)) for n, layer in enumerate(layers)]
        return NetworkSpec(SHAPES[name], tuple(nodes))
    template = {"LeNet-5": "lenet5", "VGG": "vgg", "ResNet": "resnet8"}[name]
    return templates.build(template, input_shape=SHAPES[name])


def our_step(name: str, batch: int, training: bool, workers: int, _unused: bool) -> Step:
    """One step as the trainer does it, from uint8 pixels in the data set."""
    from nnstudio.data.preprocess import fit
    from nnstudio.engine import compile_network
    from nnstudio.engine.feeds import pixel_feed
    from nnstudio.engine.optimizers import Step as Update

    images, labels = batches(SHAPES[name])
    network = compile_network(
        our_spec(name), batch_size=batch, threads=workers, processes=workers > 1
    )
    if workers > 1:
        network.start_processes()
    order = np.arange(IMAGES)
    feed = pixel_feed(images, labels, order, fit(images), np.float32)
    numbers = itertools.count(1)

    def rows(number: int) -> np.ndarray:
        start = number * batch % IMAGES
        return order[start : start + batch]

    def train(number: int) -> None:
        network.compute(feed.at(rows(number)), batch, dropping=True, step=next(numbers))
        network.update(Update(0.001, 0.9))

    def infer(number: int) -> None:
        network.logits(feed.at(rows(number)), batch)

    return train if training else infer


def torch_model(name: str) -> Any:
    """The same network in PyTorch."""
    import torch
    from torch import nn

    def conv(
        into: int, out: int, stride: int = 1, kernel: int = 3, *, bias: bool = True
    ) -> nn.Module:
        return nn.Conv2d(into, out, kernel, stride, padding=kernel // 2, bias=bias)

    class Block(nn.Module):
        """Two convolutions with batch normalisation, and the way around them."""

        def __init__(self, into: int, out: int, stride: int) -> None:
            super().__init__()
            self.body = nn.Sequential(
                conv(into, out, stride, bias=True),
                nn.BatchNorm2d(out),
                nn.ReLU(),
                conv(out, out, bias=True),
                nn.BatchNorm2d(out),
            )
            same = into == out and stride == 1
            self.around = (
                nn.Identity()
                if same
                else nn.Sequential(conv(into, out, stride, 1, bias=True), nn.BatchNorm2d(out))
            )

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(self.body(x) + self.around(x))

    if name == "LeNet-5":
        return nn.Sequential(
            *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
            *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
        )
    if name == "MLP":
        return nn.Sequential(
            *(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10)),
        )
    if name == "VGG":
        return nn.Sequential(
            *(conv(3, 32), nn.ReLU(), conv(32, 32), nn.ReLU(), nn.MaxPool2d(2)),
            *(conv(32, 64), nn.ReLU(), conv(64, 64), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(64 * 8 * 8, 256), nn.ReLU(), nn.Linear(256, 10)),
        )
    return nn.Sequential(
        *(conv(3, 16), nn.BatchNorm2d(16), nn.ReLU()),
        *(Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)),
    )


def torch_step(name: str, batch: int, training: bool, workers: int, channels_last: bool) -> Step:
    """One step of PyTorch on float batches prepared beforehand."""
    import torch
    from torch import nn

    torch.set_num_threads(workers)
    images, labels = batches(SHAPES[name])
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model = torch_model(name).to(memory_format=layout).train(training)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9, fused=True)
    loss_of = nn.CrossEntropyLoss()
    count = min(IMAGES, max(batch, 1024))
    pixels = torch.from_numpy(images[:count].transpose(0, 3, 1, 2).astype(np.float32) / 255)
    inputs = [part.contiguous(memory_format=layout) for part in pixels.split(batch)]
    targets = torch.from_numpy(labels[:count]).split(batch)

    def train(number: int) -> None:
        at = number % len(inputs)
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(inputs[at]), targets[at]).backward()
        optimizer.step()

    def infer(number: int) -> None:
        with torch.inference_mode():
            model(inputs[number % len(inputs)])

    return train if training else infer


def profile(name: str, batch: int, training: bool) -> str:
    """Median microseconds of each NumPy call of one worker's pass, the slowest first."""
    from nnstudio.engine import compile_network

    network = compile_network(our_spec(name), batch_size=batch)
    program = network.program(batch, training=training)
    program.x[...] = np.random.default_rng(0).normal(size=program.x.shape)
    calls = program.forward_calls + (program.backward_calls if training else [])
    times: list[list[float]] = [[] for _ in calls]
    ends = time.perf_counter() + 3
    while time.perf_counter() < ends or len(times[0]) < 5:
        for place, (function, arguments, options) in enumerate(calls):
            began = time.perf_counter()
            function(*arguments, **options)
            times[place].append(time.perf_counter() - began)
    rows = [
        (float(np.median(t)) * 1e6, describe(*call)) for t, call in zip(times, calls, strict=True)
    ]
    whole = sum(spent for spent, _ in rows)
    lines = [f"{name}, a pass of {batch}: {len(calls)} calls, {whole:,.0f} µs"]
    lines += [
        f"{spent:10.1f} µs {spent / whole:6.1%}  {what}"
        for spent, what in sorted(rows, reverse=True)[:25]
    ]
    return "\n".join(lines)


def describe(function: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
    """A call with the shapes of its arrays."""
    shapes = [str(a.shape) for a in arguments if isinstance(a, np.ndarray)]
    out = options.get("out")
    if isinstance(out, np.ndarray):
        shapes.append(f"→ {out.shape}")
    return f"{getattr(function, '__qualname__', function)!s:22} {' '.join(shapes)}"


def further_figures() -> str:
    """This machine's peak, the share of it that is used, and the rate at several batch sizes."""
    from threadpoolctl import threadpool_info

    from nnstudio.engine import compile_network
    from nnstudio.engine.blas import hold_to_one_thread

    hold_to_one_thread()
    lines = []
    peak = matmul_peak()
    kernels = ", ".join(f"{b['internal_api']} {b.get('architecture')}" for b in threadpool_info())
    lines.append(f"peak of one core, float32 matmul of 1024: {peak:.0f} GFLOP/s ({kernels})")
    for name, batch in (("LeNet-5", 64), ("MLP", 256), ("VGG", 64), ("ResNet", 64)):
        network = compile_network(our_spec(name))
        rate = speed(name, batch, 1)
        # Forward, weights' and inputs' gradients; the first layer needs none for its input.
        first = next(work for work in multiply_adds_by_layer(network.spec) if work)
        flops = 2 * (3 * network.multiply_adds - first) * rate / 1e9
        lines.append(
            f"  {name:8} batch {batch}: {flops:.0f} GFLOP/s a core of plain arithmetic, {flops / peak:.0%} of it"
        )
    rates = {b: speed("LeNet-5", b, 2) for b in (1, 8, 32, 128, 512, IMAGES)}
    lines.append(
        "LeNet-5, images/s by batch size, 2 workers: "
        + ", ".join(f"{b}: {r:,.0f}" for b, r in rates.items())
    )
    return "\n".join(lines)


def multiply_adds_by_layer(spec: Any) -> list[int]:
    """Multiplications with a weight for one image, forward, layer by layer in the order of computing."""
    from nnstudio.network import infer

    inference = infer(spec)
    nodes = [node for node in spec.ordered() if node.layer.reads]
    return [node.layer.multiply_adds(*inference.inputs_of(spec, node)) for node in nodes]


def speed(name: str, batch: int, workers: int, seconds: float = 0.8) -> float:
    """Images per second of ours."""
    step = our_step(name, batch, True, workers, False)
    for number in range(3):
        step(number)
    began, number = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        step(number)
        number += 1
    return number * batch / (time.perf_counter() - began)


def matmul_peak() -> float:
    """GFLOP/s of one core: the best of some products of two 1024×1024 float32 matrices."""
    a = np.random.default_rng(0).normal(size=(1024, 1024)).astype(np.float32)
    out = np.empty_like(a)
    times = []
    for _ in range(15):
        began = time.perf_counter()
        np.matmul(a, a, out=out)
        times.append(time.perf_counter() - began)
    return 2 * 1024**3 / min(times) / 1e9
