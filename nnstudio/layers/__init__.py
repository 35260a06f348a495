"""The layers, one file each; importing this package registers them all."""

from nnstudio.layers.activations import ReLU, Sigmoid, Tanh
from nnstudio.layers.add import Add
from nnstudio.layers.averagepool2d import AveragePool2D
from nnstudio.layers.batchnorm import BatchNorm
from nnstudio.layers.concatenate import Concatenate
from nnstudio.layers.conv2d import Conv2D
from nnstudio.layers.convtranspose2d import ConvTranspose2D
from nnstudio.layers.crop2d import Crop2D
from nnstudio.layers.dense import Dense
from nnstudio.layers.dropout import Dropout
from nnstudio.layers.flatten import Flatten
from nnstudio.layers.globalaveragepool import GlobalAveragePool
from nnstudio.layers.globalmaxpool import GlobalMaxPool
from nnstudio.layers.input import Input
from nnstudio.layers.layernorm import LayerNorm
from nnstudio.layers.maxpool2d import MaxPool2D
from nnstudio.layers.multiply import Multiply
from nnstudio.layers.reshape import Reshape
from nnstudio.layers.softmax import Softmax
from nnstudio.layers.upsample2d import Upsample2D
from nnstudio.layers.zeropad2d import ZeroPad2D

__all__ = [
    "Add",
    "AveragePool2D",
    "BatchNorm",
    "Concatenate",
    "Conv2D",
    "ConvTranspose2D",
    "Crop2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Input",
    "LayerNorm",
    "MaxPool2D",
    "Multiply",
    "ReLU",
    "Reshape",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Upsample2D",
    "ZeroPad2D",
]
