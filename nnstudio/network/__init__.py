"""What a network is: plain immutable values, the rules of its graph, and pure edits."""

from nnstudio.network.fit import training_problems
from nnstudio.network.layer import Example, Layer, Shape, create, layer_types, shape_text
from nnstudio.network.problems import Mend, Problem
from nnstudio.network.shapes import Inference, infer
from nnstudio.network.spec import INPUT_ID, NetworkSpec, Node

__all__ = [
    "INPUT_ID",
    "Example",
    "Inference",
    "Layer",
    "Mend",
    "NetworkSpec",
    "Node",
    "Problem",
    "Shape",
    "create",
    "infer",
    "layer_types",
    "shape_text",
    "training_problems",
]
