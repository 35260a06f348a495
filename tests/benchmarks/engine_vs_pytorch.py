"""How fast networks are trained here and by PyTorch, measured side by side in one run.

    python tests/benchmarks/engine_vs_pytorch.py [--json] [--case NAME …] [--profile] [--seconds 0.3]

A training step is forward, backward and momentum update in float32. Ours begins at uint8 pixels of
a data set, gathering included; PyTorch's at float batches prepared beforehand. PyTorch runs at the
best of 1 and 2 threads, eager, contiguous and channels-last, with its fused optimiser; ours with 1
worker and with 2 (processes that share memory).

Each candidate lives in a process of its own through all cases; one computes at a time, in the order
A B B A …. A block counts the images of complete steps in a fixed time. Blocks in which other
processes took the processor are measured again, a few times at most. The figure of a case is the
best median of ours over the best median of PyTorch's.

Variables that hold a library to older kernels than the processor has (OPENBLAS_CORETYPE for NumPy,
ATEN_CPU_CAPABILITY and others for PyTorch) are taken from the measured processes, so that each
engine shows what it does on a computer without them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import networks

PINS = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "NPY_DISABLE_CPU_FEATURES",
    "ATEN_CPU_CAPABILITY",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_CBWR",
)
BLOCKS = 7
FOREIGN = 0.15
"""A block counts if others took less than this share of the time of one core."""
RETRIES = 2


@dataclass(frozen=True)
class Case:
    """One row of the table. ``seconds``: of a block, times the option's factor."""

    network: str
    batch: int
    goal: float | None
    training: bool = True
    seconds: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.network}, batch {self.batch}, {'training' if self.training else 'inference'}"


CASES = (
    Case("LeNet-5", 32, 2.5),
    Case("LeNet-5", 64, 2.5),
    Case("LeNet-5", 128, 2.5),
    Case("LeNet-5", 256, 2.5),
    Case("LeNet-5", 1, 4.0),
    Case("MLP", 64, 2.0),
    Case("MLP", 256, 2.0),
    Case("VGG", 64, 1.1, seconds=2.0),
    Case("ResNet", 64, 1.0, seconds=2.5),
    Case("LeNet-5", 1, 1.5, training=False),
    Case("LeNet-5", 256, 1.5, training=False),
)


@dataclass(frozen=True)
class Candidate:
    """Who computes, and how."""

    ours: bool
    workers: int
    channels_last: bool = False

    @property
    def name(self) -> str:
        if self.ours:
            return f"nnstudio, {self.workers} worker{'s' if self.workers > 1 else ''}"
        layout = "channels-last" if self.channels_last else "contiguous"
        return f"PyTorch, {self.workers} thread{'s' if self.workers > 1 else ''}, {layout}"


CANDIDATES = (
    Candidate(True, 1),
    Candidate(True, 2),
    Candidate(False, 1),
    Candidate(False, 1, True),
    Candidate(False, 2),
    Candidate(False, 2, True),
)


def unpinned() -> None:
    """Let processes that are started from now on use all that the processor has."""
    for name in PINS:
        os.environ.pop(name, None)


def serve(pipe: Connection, candidate: Candidate) -> None:
    """A process: for each (case, seconds) received, sends images per second and its peak memory."""
    with suppress(EOFError):  # the benchmark is over
        _serve(pipe, candidate)


def _serve(pipe: Connection, candidate: Candidate) -> None:
    make = networks.our_step if candidate.ours else networks.torch_step
    case, step, number = None, None, 0
    while True:
        wanted, seconds = pipe.recv()
        if wanted != case:
            case, step, number = wanted, None, 0
            step = make(
                case.network, case.batch, case.training, candidate.workers, candidate.channels_last
            )
            for number in range(3 if case.seconds > 1 else 20):
                step(number)
        began, first = time.perf_counter(), number
        while (spent := time.perf_counter() - began) < seconds:
            step(number)
            number += 1
        pipe.send(((number - first) * case.batch / spent, networks.memory()))


class Bench:
    """The processes of all candidates, and who else uses the processor meanwhile."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        unpinned()
        self._pipes: dict[str, Connection] = {}
        for candidate in CANDIDATES:
            self._pipes[candidate.name], theirs = context.Pipe()
            context.Process(target=serve, args=(theirs, candidate), daemon=True).start()
        self.disturbed = 0

    def measure(self, case: Case, seconds: float) -> dict[str, tuple[float, float]]:
        """Median images per second, and peak memory in MB, of each candidate for ``case``."""
        rates: dict[str, list[float]] = {c.name: [] for c in CANDIDATES}
        memory: dict[str, float] = {}
        for block in range(-1, BLOCKS):
            for candidate in CANDIDATES[:: 1 if block % 2 else -1]:
                rate, memory[candidate.name] = self._block(candidate.name, case, seconds)
                if block >= 0:
                    rates[candidate.name].append(rate)
        return {name: (statistics.median(found), memory[name]) for name, found in rates.items()}

    def _block(self, name: str, case: Case, seconds: float) -> tuple[float, float]:
        found: tuple[float, float] = (0.0, 0.0)
        for attempt in range(RETRIES + 1):
            busy, began = _busy_elsewhere(), time.perf_counter()
            self._pipes[name].send((case, seconds * case.seconds))
            found = self._pipes[name].recv()
            if (_busy_elsewhere() - busy) / (time.perf_counter() - began) < FOREIGN:
                break
            self.disturbed += attempt == RETRIES
        return found


def _busy_elsewhere() -> float:
    """Seconds of processor time of all processes that do not belong to this run, since the start."""
    ticks = os.sysconf("SC_CLK_TCK")
    family, total = {os.getpid()}, 0.0
    processes = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            processes[int(folder.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    growing = True
    while growing:
        more = {pid for pid, (parent, _) in processes.items() if parent in family} - family
        family |= more
        growing = bool(more)
    for pid, (_, spent) in processes.items():
        if pid not in family:
            total += spent
    return total / ticks


def table(case: Case, found: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """The JSON entry of one case."""
    ours = max(rate for name, (rate, _) in found.items() if name.startswith("nnstudio"))
    theirs = max(rate for name, (rate, _) in found.items() if name.startswith("PyTorch"))
    ratio = ours / theirs
    goal = case.goal or 0
    return {
        "figure": round(ratio, 2),
        "goal": f">= {goal}",
        "met": ratio >= goal,
        "images_per_second": {name: round(rate) for name, (rate, _) in found.items()},
        "peak_memory_mb": {name: round(size) for name, (_, size) in found.items()},
    }


def report(name: str, entry: dict[str, Any]) -> None:
    """A block of the printed table."""
    verdict = "met" if entry["met"] else "NOT MET"
    print(f"{name}: {entry['figure']:.2f} (goal {entry['goal']}, {verdict})")
    for who, rate in entry["images_per_second"].items():
        print(f"    {who:34}{rate:12,} images/s{entry['peak_memory_mb'][who]:8,} MB")
    sys.stdout.flush()


def run_with(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of ``function`` in a fresh process without pins."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--case", nargs="*", help="parts of names; only these cases")
    parser.add_argument(
        "--profile", action="store_true", help="time per call, instead of the table"
    )
    parser.add_argument("--seconds", type=float, default=0.3)
    options = parser.parse_args()
    cases = [c for c in CASES if not options.case or any(part in c.name for part in options.case)]
    bench = Bench()
    if options.profile:
        for case in cases:
            print(run_with(networks.profile, case.network, case.batch, case.training))
        return
    results = {}
    for case in cases:
        results[case.name] = table(case, bench.measure(case, options.seconds))
        if not options.json:
            report(case.name, results[case.name])
    further = "" if options.case else run_with(networks.further_figures)
    if options.json:
        print(json.dumps(results))
        return
    print(further)
    print(f"blocks kept though other processes ran beside them: {bench.disturbed}")


if __name__ == "__main__":
    main()
