"""What a person may decide about a training."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from nnstudio.data.augment import Augmentation
from nnstudio.engine.clipping import GLOBAL_NORM, NONE, NORM, VALUE
from nnstudio.engine.losses.objective import BALANCED, NO_WEIGHTS
from nnstudio.engine.optimizers import OPTIMIZERS, Momentum
from nnstudio.engine.options import LARGEST_BATCH, LARGEST_SEED, MOST_WORKERS
from nnstudio.engine.schedules import CONSTANT, COSINE, EXPONENTIAL, PLATEAU, STEP, Pace
from nnstudio.network.heads import AUTO, BINARY, CROSS_ENTROPY, LOSSES
from nnstudio.settings import Settings, setting

AVERAGING = ("momentum", "nesterov", "adam", "adamw")
SQUARING = ("rmsprop", "adam", "adamw")


AUGMENTATION = "Augmentation"


def _augment(label: str, most: float, help: str, unit: str = "") -> Any:
    return setting(
        0.0, minimum=0.0, maximum=most, label=label, unit=unit, group=AUGMENTATION, help=help
    )


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """How a network is trained: gradient descent on mini-batches."""

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
        minimum=0,
        maximum=LARGEST_BATCH,
        label="Batch size",
        unit="images",
        help="Images per step: 1 is noisy and slow, the whole set (0) smooth and slow to learn, "
        "32–256 a good middle.",
    )
    learning_rate: float = setting(
        0.01,
        minimum=0.0,
        maximum=1e10,
        label="Learning rate",
        live=True,
        help="How far each step follows the gradient. Too small: slow. Too large: the loss explodes. "
        "Adam wants about a tenth of what momentum does.",
    )
    optimizer: str = setting(
        Momentum.name,
        choices=tuple((kind.name, kind.label) for kind in OPTIMIZERS.values()),
        label="Optimiser",
        help="The rule of descent. Momentum rolls on in its direction, Adam also gives each weight a "
        "step of its own.",
    )
    momentum: float = setting(
        0.9,
        minimum=0.0,
        maximum=0.999,
        label="Momentum",
        live=True,
        only_for=("optimizer", AVERAGING),
        help="The share of the last step that is kept: v ← m·v + g, w ← w − η·v. In Adam β₁.",
    )
    second_momentum: float = setting(
        0.999,
        minimum=0.0,
        maximum=0.99999,
        label="Decay of squares",
        live=True,
        only_for=("optimizer", SQUARING),
        help="The share of the running mean of g² that is kept: β₂ in Adam.",
    )
    weight_decay: float = setting(
        0.0,
        minimum=0.0,
        maximum=10.0,
        label="Weight decay",
        live=True,
        help="λ: shrinks every weight a little at each step, which keeps the network simple.",
    )
    loss: str = setting(
        AUTO,
        choices=LOSSES,
        label="Loss",
        group="Loss",
        help="What training makes small. automatic: cross-entropy behind Softmax, binary cross-entropy "
        "behind Sigmoid, mean squared error where a single output meets classes that are numbers.",
    )
    label_smoothing: float = setting(
        0.0,
        minimum=0.0,
        maximum=0.5,
        label="Label smoothing ε",
        only_for=("loss", (AUTO, CROSS_ENTROPY, BINARY)),
        group="Loss",
        help="So much of the true class's probability is spread over all: answers get less sure.",
    )
    class_weights: str = setting(
        NO_WEIGHTS,
        choices=((NO_WEIGHTS, "none"), (BALANCED, "balanced")),
        label="Class weights",
        group="Loss",
        help="balanced: images of rare classes count more, so that all classes count alike.",
    )
    schedule: str = setting(
        COSINE,
        choices=(
            (COSINE, "cosine"),
            (CONSTANT, "constant"),
            (STEP, "step"),
            (EXPONENTIAL, "exponential"),
            (PLATEAU, "on plateau"),
        ),
        label="Schedule",
        live=True,
        group="Learning rate over time",
        help="cosine: the learning rate falls smoothly to 0 by the last epoch, which steadies the end. "
        "constant: it stays. step: times γ every few epochs. exponential: the same, smoothly. "
        "on plateau: times γ when the loss stops falling.",
    )
    schedule_factor: float = setting(
        0.5,
        minimum=0.0,
        maximum=1.0,
        label="Factor γ",
        live=True,
        only_for=("schedule", (STEP, EXPONENTIAL, PLATEAU)),
        group="Learning rate over time",
        help="What the learning rate is multiplied by.",
    )
    schedule_epochs: int = setting(
        3,
        minimum=1,
        maximum=10_000,
        label="Every",
        unit="epochs",
        live=True,
        only_for=("schedule", (STEP, EXPONENTIAL, PLATEAU)),
        group="Learning rate over time",
        help="step and exponential: after so many epochs the factor has come in once. "
        "on plateau: after so many epochs without progress.",
    )
    warmup_epochs: float = setting(
        0.0,
        minimum=0.0,
        maximum=1000.0,
        label="Warm-up",
        unit="epochs",
        live=True,
        group="Learning rate over time",
        help="Over so many epochs the learning rate rises from 0, which spares a deep network's start.",
    )
    augment_shift: float = _augment(
        "Shift", 0.5, "Images are moved by up to this share of their size, anew in every epoch."
    )
    augment_rotate: float = _augment("Rotate", 180.0, "Turned by up to so many degrees.", "°")
    augment_scale: float = _augment("Scale", 0.9, "Made smaller or larger by up to this share.")
    augment_crop: float = _augment(
        "Crop", 0.9, "Up to this share of the sides is cut off, and the rest enlarged."
    )
    augment_flip: bool = setting(
        False,
        label="Flip",
        group=AUGMENTATION,
        help="Half of the images are mirrored, left to right. Not for letters and digits.",
    )
    augment_flip_vertical: bool = setting(
        False,
        label="Flip upside down",
        group=AUGMENTATION,
        help="Half of the images are turned upside down.",
    )
    augment_brightness: float = _augment(
        "Brightness", 1.0, "Made darker or brighter by up to this share."
    )
    augment_cutout: float = _augment(
        "Cut-out", 0.9, "A square of this share of the image's side is blotted out."
    )
    clipping: str = setting(
        NONE,
        choices=(
            (NONE, "none"),
            (VALUE, "by value"),
            (NORM, "by norm"),
            (GLOBAL_NORM, "by global norm"),
        ),
        label="Clipping",
        live=True,
        group="Gradient",
        help="Keeps a gradient from exploding. by value: each number. by norm: each layer's weights as a "
        "whole. by global norm: all together, which keeps the direction.",
    )
    clip_at: float = setting(
        1.0,
        minimum=1e-6,
        maximum=1e6,
        label="Clip at",
        live=True,
        only_for=("clipping", (VALUE, NORM, GLOBAL_NORM)),
        group="Gradient",
        help="The largest size that a gradient keeps.",
    )
    accumulate: int = setting(
        1,
        minimum=1,
        maximum=100_000,
        label="Accumulate",
        unit="batches",
        group="Gradient",
        help="Adds up the gradients of so many batches before each step: a large batch in small pieces.",
    )
    patience: int = setting(
        0,
        minimum=0,
        maximum=10_000,
        label="Early stopping",
        unit="epochs",
        live=True,
        group="Stopping",
        help="Stops after so many epochs without a lower validation loss; 0 never does.",
    )
    least_progress: float = setting(
        0.0,
        minimum=0.0,
        maximum=10.0,
        label="Least progress",
        live=True,
        group="Stopping",
        help="By how much the loss must fall to count as progress.",
    )
    keep_best: bool = setting(
        False,
        label="Keep the best",
        live=True,
        group="Stopping",
        help="Ends with the weights of the epoch that had the lowest validation loss.",
    )
    seed: int = setting(
        0,
        minimum=0,
        maximum=LARGEST_SEED,
        label="Seed",
        group="Computing",
        help="Fixes initial weights, shuffling and dropout. The same seed gives the same training.",
    )
    threads: int = setting(
        0,
        minimum=0,
        maximum=MOST_WORKERS,
        label="Threads",
        group="Computing",
        help="Processor cores to use; 0 uses all of them, at most 8.",
    )

    def augmentation(self) -> Augmentation:
        """What is done to training images."""
        return Augmentation(
            **{f.name: getattr(self, f"augment_{f.name}") for f in fields(Augmentation)}
        )

    def pace(self) -> Pace:
        """The numbers of the schedule."""
        return Pace(self.epochs, self.schedule_epochs, self.schedule_factor, self.warmup_epochs)
