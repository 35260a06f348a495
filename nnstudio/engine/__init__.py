"""How a network is computed: compiled to NumPy calls on fixed buffers, trained, observed."""

from nnstudio.engine.evaluation import Evaluation, evaluate
from nnstudio.engine.losses import LossChoice, Objective, cross_entropy, objective_of, probabilities
from nnstudio.engine.memory import MemoryEstimate, memory_estimate
from nnstudio.engine.network import CompiledNetwork, compile_network
from nnstudio.engine.observation import LayerObserved, Observation, Observed
from nnstudio.engine.plan import Plan, make_plan
from nnstudio.engine.threads import available_threads
from nnstudio.engine.trainer import sample, train
from nnstudio.engine.training import (
    FINISHED,
    NOT_FINITE,
    STOPPED,
    EpochEnd,
    Event,
    History,
    Sampled,
    StepEnd,
    Stopped,
    TrainingSettings,
    TrainingState,
)

__all__ = [
    "FINISHED",
    "NOT_FINITE",
    "STOPPED",
    "CompiledNetwork",
    "EpochEnd",
    "Evaluation",
    "Event",
    "History",
    "LayerObserved",
    "LossChoice",
    "MemoryEstimate",
    "Objective",
    "Observation",
    "Observed",
    "Plan",
    "Sampled",
    "StepEnd",
    "Stopped",
    "TrainingSettings",
    "TrainingState",
    "available_threads",
    "compile_network",
    "cross_entropy",
    "evaluate",
    "make_plan",
    "memory_estimate",
    "objective_of",
    "probabilities",
    "sample",
    "train",
]
