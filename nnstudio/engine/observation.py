"""What a person may ask to see of a training, and the plain values that answer it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnstudio.network.layer import Array

GRADIENTS, UPDATES = "gradients", "updates"
ACTIVATIONS, SATURATION = "activations", "saturation"
QUANTITIES = (GRADIENTS, UPDATES, ACTIVATIONS, SATURATION)

SATURATED_SLOPE = 0.01
"""An activation function as flat as this passes next to nothing back: a sigmoid beyond ±4.6, a tanh beyond ±3."""
PERCENTS = (1, 5, 25, 50, 75, 95, 99)


@dataclass(frozen=True)
class Observation:
    """A request: what to look at, how often, and in which layers. By default nothing, which costs nothing.

    ``every_steps``: the first step and each whose number it divides; ``every_seconds``: a step when
    so much time has passed; 0 leaves that one out. ``nodes``: ids of the layers, None for all.
    ``images`` bounds how many images activations are looked at for. ``low`` to ``high`` in ``bins``
    equal parts is what histograms cover: fixed, so that those of two steps can be compared.
    """

    what: frozenset[str] = frozenset()
    every_steps: int = 0
    every_seconds: float = 0.0
    nodes: frozenset[str] | None = None
    images: int = 128
    bins: int = 50
    low: float = -5.0
    high: float = 5.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", frozenset(self.what))
        if self.nodes is not None:
            object.__setattr__(self, "nodes", frozenset(self.nodes))
        unknown = self.what - set(QUANTITIES)
        if unknown or self.images < 1 or self.bins < 1 or not self.low < self.high:
            raise ValueError(f"nothing can be observed so: {self}")

    def covers(self, node: str) -> bool:
        return self.nodes is None or node in self.nodes

    def due(self, step: int, seconds: float) -> bool:
        """Whether to look at ``step`` (from 1), ``seconds`` after the last look."""
        by_number = self.every_steps > 0 and (step == 1 or step % self.every_steps == 0)
        by_time = self.every_seconds > 0 and seconds >= self.every_seconds
        return bool(self.what) and (by_number or by_time)

    @property
    def runs_the_network(self) -> bool:
        """Whether it takes a pass of its own: updates alone are read off the weights."""
        return bool(self.what - {UPDATES})


@dataclass(frozen=True)
class Size:
    """Of an array: ``norm`` √Σx² and ``rms`` √(Σx²/n), which does not grow with the number of entries."""

    norm: float
    rms: float


@dataclass(frozen=True, eq=False)
class Histogram:
    """How the outputs of a layer are spread.

    ``counts`` (bins,) int64 of numbers from ``low`` to ``high``, ``below`` and ``above`` of those
    outside. ``percentiles``: one for each of PERCENTS.
    """

    low: float
    high: float
    counts: Array
    below: int
    above: int
    mean: float
    deviation: float
    minimum: float
    maximum: float
    percentiles: tuple[float, ...]


@dataclass(frozen=True)
class Saturation:
    """Where an activation function is flat, as shares from 0 to 1.

    ``flat``: of all outputs, those where its slope is below SATURATED_SLOPE. For sigmoid and tanh
    they are saturated; for ReLU they are the zeros, of which half is usual. ``dead``: of the units
    (the channels of an image), those whose slope is 0 for every image and place: nothing they read
    can change them any more.
    """

    flat: float
    dead: float


@dataclass(frozen=True)
class LayerObserved:
    """One layer at one step; what was not asked for, or does not exist, is empty or None.

    ``gradients``: of the loss with respect to each parameter, by its name, over the whole batch;
    ``gradient``: of all of them together. ``arriving``: the gradient with respect to the layer's
    output, which vanishes through layers without weights too. ``updates``: parameter name to
    rms(change in this step) / rms(value before it), whatever the optimiser.
    """

    node: str
    gradients: dict[str, Size] = field(default_factory=dict)
    gradient: Size | None = None
    arriving: Size | None = None
    updates: dict[str, float] = field(default_factory=dict)
    activations: Histogram | None = None
    saturation: Saturation | None = None


@dataclass(frozen=True)
class Observed:
    """What a watched step showed, at the weights from before its update.

    ``layers`` from the first to the last. ``arriving``, ``activations`` and ``saturation`` are of
    ``images`` training images, computed without dropout.
    """

    run_id: int
    step: int
    epoch: int
    images: int
    layers: tuple[LayerObserved, ...]
