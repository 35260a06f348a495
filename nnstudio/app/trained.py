"""What a training has left behind, and whether another may go on from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnstudio import engine
from nnstudio.data.recipe import DataRecipe, Prepared
from nnstudio.engine.evaluation import Evaluation
from nnstudio.engine.training import Sampled, TrainingSettings, TrainingState
from nnstudio.network import NetworkSpec
from nnstudio.project.document import Snapshot
from nnstudio.settings import settings_of

FIXED = tuple(s.name for s in settings_of(TrainingSettings) if not s.live)
"""Settings that a running training cannot take on."""

_ENDING = ".weight"


@dataclass(frozen=True)
class Trained:
    """What was trained with what. ``state`` is None until the training has been stopped."""

    spec: NetworkSpec
    settings: TrainingSettings
    recipe: DataRecipe | None
    state: TrainingState | None = None

    def continues(self, snapshot: Snapshot) -> bool:
        """Whether training ``snapshot`` means going on from here."""
        return (
            self.state is not None
            and self.spec == snapshot.spec
            and self.recipe == snapshot.recipe
            and live_only(self.settings, snapshot.training)
            and self.state.epoch < snapshot.training.epochs
        )

    def weights(self) -> dict[str, Any]:
        """Node id to weights, (out, in, kh, kw) or (out, in); empty without a state."""
        found = self.state.parameters.items() if self.state is not None else ()
        return {name.removesuffix(_ENDING): w for name, w in found if name.endswith(_ENDING)}

    def sampled(self, prepared: Prepared, image: Any) -> Sampled:
        """What panels show of these weights, as a training tells it: with the next batch's ratios.

        ``image``: (H, W, C) uint8 or None, the one whose activations are wanted. Nothing is trained.
        Compiles the network: call it in a job, and only with a state.
        """
        plan = engine.make_plan(self.spec, self.settings, prepared, state=self.state)
        plan.watched = image
        # A state holds no gradient; without one the ratios would all be zero, which is not so.
        data, rows = prepared.dataset, prepared.split.train[: plan.network.batch_size]
        images = prepared.preprocessing.apply(data.images[rows])
        plan.network.loss_and_gradients(images, data.labels[rows])
        return engine.sample(plan)


def judged(network: engine.CompiledNetwork, prepared: Prepared) -> Evaluation:
    """Loss, accuracy and confusion on the test images; for a job."""
    data, rows = prepared.dataset, prepared.split.test
    return engine.evaluate(network, data.images[rows], data.labels[rows], prepared.preprocessing)


def live_only(old: TrainingSettings, new: TrainingSettings) -> bool:
    """Whether a running training can take ``new`` on without starting afresh."""
    return all(getattr(old, name) == getattr(new, name) for name in FIXED)
