"""``train --observe``: what a watched step showed, as JSON lines for programs and a table for people."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TextIO

from nnstudio.cli.say import emit
from nnstudio.engine import Observation, Observed, Plan
from nnstudio.engine.observation import (
    ACTIVATIONS,
    GRADIENTS,
    PERCENTS,
    QUANTITIES,
    SATURATION,
    UPDATES,
    LayerObserved,
)

_BAR = 24
_DECADES = 12
"""A bar falls from full to nothing over so many powers of ten below the largest."""


def quantities(text: str) -> frozenset[str]:
    """What the argument of ``--observe`` asks for: names with commas between."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in QUANTITIES]
    if unknown or not names:
        known = ", ".join(QUANTITIES)
        raise argparse.ArgumentTypeError(f"{text!r} is not among {known}")
    return frozenset(names)


def step_count(text: str) -> int:
    """A whole number of at least 1."""
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return count


def observation_of(what: frozenset[str] | None, every: int | None, plan: Plan) -> Observation:
    """The request of the command line; at the end of each epoch, where it does not say how often."""
    per_epoch = -(-len(plan.prepared.split.train) // plan.batch_size)
    return Observation(what or frozenset(), every_steps=every or per_epoch)


def emit_observed(event: Observed) -> None:
    """One line: ``layers`` from the first to the last, each with what was asked for and exists."""
    emit(
        {
            "event": "observed",
            "step": event.step,
            "epoch": event.epoch,
            "images": event.images,
            "layers": [_as_dict(layer) for layer in event.layers],
        }
    )


def _as_dict(layer: LayerObserved) -> dict[str, Any]:
    found: dict[str, Any] = {"node": layer.node}
    if layer.gradient is not None:
        found["gradient"] = asdict(layer.gradient)
        found["gradients"] = {name: asdict(size) for name, size in layer.gradients.items()}
    if layer.arriving is not None:
        found["arriving"] = asdict(layer.arriving)
    if layer.updates:
        found["updates"] = layer.updates
    if layer.activations is not None:
        seen = layer.activations
        percentiles = {str(p): v for p, v in zip(PERCENTS, seen.percentiles, strict=True)}
        found["activations"] = {
            **{key: getattr(seen, key) for key in ("low", "high", "below", "above", "mean")},
            **{key: getattr(seen, key) for key in ("deviation", "minimum", "maximum")},
            "counts": seen.counts.tolist(),
            "percentiles": percentiles,
        }
    if layer.saturation is not None:
        found["saturation"] = asdict(layer.saturation)
    return found


def write_table(event: Observed, what: frozenset[str], stream: TextIO) -> None:
    """A row for each layer that has something to show, from the first to the last.

    The bar is the norm of its weights' gradient on a logarithmic scale: full for the largest, and
    empty at a 10¹²-th of it.
    """
    chosen = [(title, cell) for quantity, title, cell in _COLUMNS if quantity in what]
    rows = [(layer, [cell(layer) for _, cell in chosen]) for layer in event.layers]
    rows = [(layer, cells) for layer, cells in rows if any(cells)]
    width = max([len(layer.node) for layer, _ in rows], default=0)
    heading = "".join(f"{title:>{_COLUMN}}" for title, _ in chosen)
    stream.write(f"step {event.step}\n  {'':<{width}}{heading}\n")
    largest = max((_norm(layer) for layer, _ in rows), default=0.0)
    for layer, cells in rows:
        figures = "".join(f"{cell:>{_COLUMN}}" for cell in cells)
        line = f"  {layer.node:<{width}}{figures}  {_bar(_norm(layer), largest)}"
        stream.write(line.rstrip() + "\n")
    stream.flush()


def _norm(layer: LayerObserved) -> float:
    """Of the gradient of the layer's weights, 0 where there is none that can be drawn."""
    norm = layer.gradient.norm if layer.gradient else 0.0
    return norm if math.isfinite(norm) else 0.0


def _bar(norm: float, largest: float) -> str:
    if norm <= 0:
        return ""
    return "#" * max(0, round(_BAR * (1 + math.log10(norm / largest) / _DECADES)))


def _gradient(layer: LayerObserved) -> str:
    return f"{layer.gradient.norm:.2e}" if layer.gradient else ""


def _gradient_rms(layer: LayerObserved) -> str:
    return f"{layer.gradient.rms:.2e}" if layer.gradient else ""


def _arriving(layer: LayerObserved) -> str:
    # Beside the gradient of the weights only: layers without any would double the length.
    return f"{layer.arriving.norm:.2e}" if layer.arriving and layer.gradient else ""


def _update(layer: LayerObserved) -> str:
    return f"{layer.updates['weight']:.2e}" if "weight" in layer.updates else ""


def _mean(layer: LayerObserved) -> str:
    return f"{layer.activations.mean:.3g}" if layer.activations else ""


def _deviation(layer: LayerObserved) -> str:
    return f"{layer.activations.deviation:.3g}" if layer.activations else ""


def _flat(layer: LayerObserved) -> str:
    return f"{100 * layer.saturation.flat:.1f} %" if layer.saturation else ""


def _dead(layer: LayerObserved) -> str:
    return f"{100 * layer.saturation.dead:.1f} %" if layer.saturation else ""


_COLUMN = 12
_COLUMNS: tuple[tuple[str, str, Callable[[LayerObserved], str]], ...] = (
    (GRADIENTS, "gradient", _gradient),
    (GRADIENTS, "its rms", _gradient_rms),
    (GRADIENTS, "at output", _arriving),
    (UPDATES, "update", _update),
    (ACTIVATIONS, "mean", _mean),
    (ACTIVATIONS, "deviation", _deviation),
    (SATURATION, "flat", _flat),
    (SATURATION, "dead", _dead),
)
