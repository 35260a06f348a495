"""What a training is told, and the events that it tells: plain values shared by every floor above."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nnstudio.engine.observation import Observed
from nnstudio.engine.schedules import CONSTANT, COSINE
from nnstudio.network.layer import Array
from nnstudio.settings import Settings, setting
from nnstudio.text import Text

FINISHED, STOPPED, NOT_FINITE = "finished", "stopped", "not finite"


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """How a network is trained: mini-batch gradient descent with momentum."""

    epochs: int = setting(
        8,
        minimum=1,
        maximum=100_000,
        label="Epochs",
        live=True,
        help="How many times every training image is seen.",
    )
    batch_size: int = setting(
        32,
        minimum=1,
        maximum=10_000_000,
        label="Batch size",
        unit="images",
        help="Images per step: 1 is noisy and slow, the whole set smooth and slow to learn, 32–256 a good middle.",
    )
    learning_rate: float = setting(
        0.01,
        minimum=0.0,
        maximum=100.0,
        label="Learning rate",
        live=True,
        help="How far each step follows the gradient. Too small: slow. Too large: the loss explodes.",
    )
    schedule: str = setting(
        COSINE,
        choices=((COSINE, "cosine"), (CONSTANT, "constant")),
        label="Schedule",
        live=True,
        help="cosine: the learning rate falls smoothly to 0 by the last epoch, which steadies the end. "
        "constant: it stays.",
    )
    momentum: float = setting(
        0.9,
        minimum=0.0,
        maximum=0.999,
        label="Momentum",
        live=True,
        help="The share of the last step that is kept: v ← m·v + g, w ← w − η·v.",
    )
    seed: int = setting(
        0,
        minimum=0,
        maximum=2**31 - 1,
        label="Seed",
        help="Fixes initial weights, shuffling and dropout. The same seed gives the same training.",
    )
    threads: int = setting(
        0,
        minimum=0,
        maximum=64,
        label="Threads",
        help="Processor cores to use; 0 uses all of them, at most 8.",
    )


@dataclass(frozen=True)
class StepEnd:
    """After one update. ``loss`` and ``accuracy`` (0–1) are of the batch, before the update.

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
    epoch without validation.
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

    ``parameters`` and ``velocity``: "node.weight" to an array in the exchange layout.
    ``epoch`` is the number of finished epochs, ``position`` the images of the running epoch that
    are used up, ``loss_sum`` and ``hits`` what they gave, ``generators`` the state of each worker's
    random generator.
    """

    parameters: dict[str, Array]
    velocity: dict[str, Array]
    step: int = 0
    epoch: int = 0
    position: int = 0
    loss_sum: float = 0.0
    hits: int = 0
    generators: tuple[dict[str, Any], ...] = ()


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
