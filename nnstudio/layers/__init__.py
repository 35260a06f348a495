"""The layers, one file each; importing this package registers them all."""

from nnstudio.layers.activations import ReLU, Sigmoid, Tanh
from nnstudio.layers.averagepool2d import AveragePool2D
from nnstudio.layers.conv2d import Conv2D
from nnstudio.layers.dense import Dense
from nnstudio.layers.dropout import Dropout
from nnstudio.layers.flatten import Flatten
from nnstudio.layers.globalaveragepool import GlobalAveragePool
from nnstudio.layers.globalmaxpool import GlobalMaxPool
from nnstudio.layers.input import Input
from nnstudio.layers.maxpool2d import MaxPool2D
from nnstudio.layers.softmax import Softmax

__all__ = [
    "AveragePool2D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Input",
    "MaxPool2D",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
]
