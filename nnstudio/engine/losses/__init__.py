"""What training makes small, one rule a file, and what the data and the network's end make of it."""

from nnstudio.engine.losses.cross_entropy import cross_entropy, probabilities
from nnstudio.engine.losses.objective import LossChoice, Objective, objective_of

__all__ = ["LossChoice", "Objective", "cross_entropy", "objective_of", "probabilities"]
