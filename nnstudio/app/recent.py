"""The projects that were open lately, with what the start page shows of each."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from nnstudio.engine.training import History
from nnstudio.network import NetworkSpec

KEY = "recent"
MOST = 8
CURVE_POINTS = 24


@dataclass(frozen=True)
class Recent:
    """``layers`` are categories from input to output; ``curve`` is validation accuracy, 0–1."""

    path: str
    when: float
    accuracy: float | None
    layers: tuple[str, ...]
    curve: tuple[float, ...]

    @property
    def name(self) -> str:
        return Path(self.path).stem


def summary(path: Path, spec: NetworkSpec, history: History) -> Recent:
    """What is remembered of a project that was just opened or saved."""
    judged = [e.validation_accuracy for e in history.epochs if e.validation_accuracy is not None]
    stride = -(-len(judged) // CURVE_POINTS) or 1
    categories = tuple(node.layer.category for node in spec.ordered())
    accuracy = judged[-1] if judged else None
    return Recent(str(path.resolve()), time.time(), accuracy, categories, tuple(judged[::stride]))


def listed(settings: QSettings) -> list[Recent]:
    """Newest first, only those whose file is still there; odd entries are passed over."""
    found = []
    try:
        entries = json.loads(str(settings.value(KEY, "[]")))
        for entry in entries:
            one = Recent(
                str(entry["path"]),
                float(entry["when"]),
                None if entry["accuracy"] is None else float(entry["accuracy"]),
                tuple(map(str, entry["layers"])),
                tuple(map(float, entry["curve"])),
            )
            if Path(one.path).is_file():
                found.append(one)
    except (ValueError, TypeError, KeyError):
        return found
    return found[:MOST]


def remember(settings: QSettings, new: Recent) -> None:
    """Put a project on top of the list."""
    others = [one for one in listed(settings) if one.path != new.path]
    kept = [new, *others][:MOST]
    settings.setValue(KEY, json.dumps([asdict(one) for one in kept]))
