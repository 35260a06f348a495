"""What a training is told, and the events that it tells: plain values shared by every floor above."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnstudio.engine.observation import Observed
from nnstudio.engine.schedules import Standing
from nnstudio.engine.training_settings import TrainingSettings
from nnstudio.network.heads import AUTO
from nnstudio.network.layer import Array
from nnstudio.text import Text

__all__ = [
    "FINISHED",
    "NOT_FINITE",
    "NO_PROGRESS",
    "STOPPED",
    "EpochEnd",
    "Event",
    "History",
    "Sampled",
    "StepEnd",
    "Stopped",
    "TrainingSettings",
    "TrainingState",
]

FINISHED, STOPPED, NOT_FINITE, NO_PROGRESS = "finished", "stopped", "not finite", "no progress"


@dataclass(frozen=True)
class StepEnd:
    """After one update. ``loss`` and ``accuracy`` are of the batch, before the update.

    ``accuracy``: the share of images that are named rightly, 0–1; of a network that answers with a
    number the share of the variance that it explains (R²), 1 at best.

    ``step`` counts from 1 over the whole run, ``epoch`` from 1, ``batch`` from 1 to ``batches``.
    """

    run_id: int
    step: int
    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class EpochEnd:
    """After one pass over the training set. Validation figures are None without validation images.

    ``loss`` and ``accuracy`` are the means over the batches; ``seconds`` is training time of this
    epoch without validation; ``learning_rate`` is that of its last step.
    """

    run_id: int
    epoch: int
    step: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    images_per_second: float
    learning_rate: float | None = None


@dataclass(frozen=True)
class Sampled:
    """Copies for the panels, a few times a second.

    ``weights``: node id to its weights in the exchange layout, for layers that have some.
    ``update_ratios``: node id to rms(change of the weight in a step) / rms(weight), at the full
    learning rate, so that the end of a schedule does not look like a vanishing gradient.
    ``activations``: node id to its output for the watched image, (C, H, W) or (features,).
    """

    run_id: int
    step: int
    weights: dict[str, Array]
    update_ratios: dict[str, float]
    activations: dict[str, Array]


@dataclass(frozen=True)
class Stopped:
    """The last event: why the run ended. ``node`` names the layer where numbers stopped being finite."""

    run_id: int
    reason: str
    step: int
    message: Text
    node: str = ""


Event = StepEnd | EpochEnd | Sampled | Observed | Stopped


@dataclass(frozen=True)
class TrainingState:
    """All that continues a training with the same bits.

    ``parameters``: "node.weight" to an array in the exchange layout; ``memory``: the optimiser's,
    by its names ("velocity") and then as ``parameters``. ``epoch`` is the number of finished epochs,
    ``position`` the images of the running epoch that are used up, ``loss_sum`` and ``hits`` what
    they gave. ``standing``: the best epoch and how long it is ago; ``best``: its parameters, if they
    are to be kept and are not those of this state. ``loss``: the setting it was trained with.
    """

    parameters: dict[str, Array]
    memory: dict[str, dict[str, Array]]
    step: int = 0
    epoch: int = 0
    position: int = 0
    loss_sum: float = 0.0
    hits: float = 0.0
    standing: Standing = field(default_factory=Standing)
    best: dict[str, Array] | None = None
    loss: str = AUTO


@dataclass
class History:
    """The curves of one run: a point per step, a point per epoch, and what made them."""

    steps: list[StepEnd] = field(default_factory=list)
    epochs: list[EpochEnd] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    threads: int = 0
    seconds: float = 0.0

    def add(self, event: Event) -> None:
        """Keep ``event`` if it is a point of a curve."""
        if isinstance(event, StepEnd):
            self.steps.append(event)
        elif isinstance(event, EpochEnd):
            self.epochs.append(event)
            self.seconds += event.seconds
